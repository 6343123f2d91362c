// Elements and cells. Text from the tables only ever becomes text content.

/** An element with attributes and children; strings become text. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null));
  return element;
}

const locale = () => (state.lang === "zh" ? "zh-CN" : "en-US");

function decimals(value, digits) {
  return new Intl.NumberFormat(locale(), { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
}

/** A number as text by its unit. */
function format(value, unit) {
  if (unit === "ratio") return `${decimals(value * 100, 1)}%`;
  if (unit === "currency" || unit === "events per user") return decimals(value, 2);
  return decimals(value, 0);
}

/** What a cell reads: the number; not known yet; or a dash with its reason. */
function reading(value, isComplete, unit, why) {
  if (value != null) return { text: format(value, unit), kind: isComplete ? "closed" : "provisional" };
  if (!isComplete) return { text: t("unknown"), kind: "unknown" };
  return { text: t("none"), kind: "undefined", why: t(why) };
}

/** A reading as an element; the reason of a dash is its title and is read aloud. */
function readingElement(read, tag = "span", attributes = {}) {
  const why = read.why ? { title: read.why, "aria-label": `${read.text} ${read.why}` } : {};
  return h(tag, { class: `reading ${read.kind}`, ...why, ...attributes }, read.text);
}

/** A change as a small sign: by share for amounts, by points for ratios; hue says better or worse. */
function changeElement(now, before, unit, isBad, against) {
  if (now == null || before == null || (unit !== "ratio" && before === 0))
    return h("span", { class: "change quiet" }, t("no_comparison"));
  const delta = unit === "ratio" ? (now - before) * 100 : ((now - before) / before) * 100;
  const size = decimals(Math.abs(delta), 1);
  const isFlat = Number(Math.abs(delta).toFixed(1)) === 0;
  const sign = isFlat ? "" : delta > 0 ? "▲ " : "▼ ";
  const hue = isFlat ? "quiet" : delta > 0 !== isBad ? "better" : "worse";
  const said = unit === "ratio" ? t("points", { n: size }) : `${size}%`;
  return h("span", { class: "change" }, h("b", { class: hue }, sign + said), ` ${against}`);
}

/** A table: head is a list of {text, number, wide}; rows are lists of children or td elements. */
function table(head, rows, attributes = {}) {
  const kind = (cell) => (cell.number ? "number" : cell.wide ? "wide" : null);
  const cells = head.map((cell) => h("th", { scope: "col", class: kind(cell) }, cell.text));
  const lines = rows.map((row) =>
    h("tr", {}, row.map((cell, i) => (cell instanceof HTMLTableCellElement ? cell : h("td", { class: kind(head[i]) }, cell)))),
  );
  return h("div", { class: "scroll", tabindex: "0" }, h("table", attributes, h("thead", {}, h("tr", {}, cells)), h("tbody", {}, lines)));
}

/** A card with a title, a line that explains it, and its content. */
function card(title, say, ...content) {
  return h("section", { class: "card" }, h("h3", {}, title), say ? h("p", { class: "say" }, say) : null, ...content);
}

/** Buttons of which one is pressed. */
function segmented(label, options, chosen, onChoose) {
  return h("div", { class: "segmented", role: "group", "aria-label": label },
    options.map(([value, text]) =>
      h("button", { type: "button", "data-value": value, "aria-pressed": String(value === chosen), onclick: () => onChoose(value) }, text)));
}

/** A labelled list of choices. */
function choice(label, options, chosen, onChoose, attributes = {}) {
  return h("label", { class: "choice" }, h("span", {}, label),
    h("select", { ...attributes, onchange: (event) => onChoose(event.target.value) },
      options.map(([value, text]) => h("option", { value, selected: value === chosen }, text))));
}

/** Swatches that say what colours and hatching mean. */
function legend(entries) {
  return h("div", { class: "legend" }, entries.map(([swatch, text]) =>
    h("span", {}, h("i", { class: `swatch ${swatch.startsWith("--") ? "" : swatch}`, style: swatch.startsWith("--") ? `background:var(${swatch})` : null }), text)));
}
