// Charts: a specification of Altair, the rows it draws, and the theme's colours.

const probe = document.body.appendChild(h("span", { hidden: true }));

/** A colour of the style sheet as the theme resolves it. */
function css(name) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

const colours = (...names) => names.map((name) => css(name));

function configuration(category, ordinal) {
  const ink = css("--quiet");
  const font = getComputedStyle(document.body).fontFamily;
  return {
    background: null, font, view: { stroke: null }, padding: 2,
    axis: { labelColor: ink, labelFontSize: 11, gridColor: css("--line"), domainColor: css("--line"), tickColor: css("--line"), labelPadding: 6 },
    bar: { color: css("--c0") }, line: { strokeWidth: 2, color: css("--c0"), strokeJoin: "round", strokeCap: "round" },
    point: { color: css("--c0") },
    range: { category, ordinal },
    style: {
      provisional: { color: css("--provisional"), opacity: 0.14 },
      censored: { color: css("--quiet"), opacity: 0.1 },
    },
  };
}

const SERIES_COLOURS = ["--c0", "--c1", "--c2", "--c3", "--c4", "--c5"];
const SEGMENT_COLOURS = ["--s0", "--s1", "--s2", "--s3"];

/** Words in place of @keys. */
function worded(value) {
  if (typeof value === "string") return value.startsWith("@") ? t(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map(worded);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, worded(held)]));
  return value;
}

const drawing = new Map();

/** An element that holds a chart and is drawn once it is in the page. */
function chartElement(name, label) {
  return h("div", { class: "chart", "data-chart": name, role: "img", "aria-label": label });
}

/** Draw a chart into its element; the newest call wins. */
async function draw(element, datasets, { params = {}, category = SERIES_COLOURS, height } = {}) {
  const spec = worded(structuredClone(PAYLOAD.charts[element.dataset.chart]));
  spec.datasets = datasets;
  for (const param of spec.params ?? []) if (param.name in params) param.value = params[param.name];
  if (height) spec.height = height;
  const isThere = (layer) => !layer.mark.style || datasets.bands.some((band) => band.kind === layer.mark.style);
  if (datasets.bands) spec.layer = spec.layer.filter(isThere);
  spec.autosize = { type: "fit-x", contains: "padding" };
  drawing.get(element)?.finalize();
  const turn = Symbol("turn");
  element.turn = turn;
  const options = { actions: false, renderer: "svg", mode: "vega-lite", config: configuration(colours(...category), colours(...SEGMENT_COLOURS)) };
  const result = await vegaEmbed(element, spec, options);
  if (element.turn !== turn) return result.finalize();
  drawing.set(element, result);
  element.dataset.drawn = "true";
}

/** Stretches of days that are provisional or left-censored, for the backdrop of a chart. */
function bandsOf(rows, day) {
  const half = DAY_MS / 2;
  const band = (kind, found) =>
    found.length ? [{ kind, t0: millis(found[0][day]) - half, t1: millis(lastOf(found)[day]) + half }] : [];
  return [
    ...band("censored", rows.filter((row) => row.is_left_censored)),
    ...band("provisional", rows.filter((row) => !row.is_complete)),
  ];
}

/** Rows as points of a line; the last closed point begins the provisional stretch too, so that the line is whole. */
function linePoints(rows, day, pick, named) {
  const points = [];
  let previous = null;
  for (const row of rows) {
    const { value, read } = pick(row);
    const point = { t: millis(row[day]), day: row[day], value, label: read.text, said: t(row.is_complete ? "closed" : "provisional"), state: row.is_complete ? "closed" : "provisional", ...named };
    if (previous && previous.state === "closed" && point.state === "provisional") points.push({ ...previous, state: "provisional" });
    points.push(point);
    previous = point;
  }
  return points;
}

const pending = [];

/** A chart whose drawing waits until `flush`, when its element has a width; where nothing is known, a line that says so. */
function chart(name, label, datasets, options) {
  if (!datasets.rows.some((row) => row.value !== null)) return h("p", { class: "empty" }, t("no_values"));
  const element = chartElement(name, label);
  pending.push(() => draw(element, datasets, options));
  return element;
}

/** Draw what waits, and let go of charts that are no longer in the page. */
async function flush() {
  document.documentElement.dataset.drawn = "false";
  for (const [element, result] of drawing) {
    if (element.isConnected) continue;
    result.finalize();
    drawing.delete(element);
  }
  await Promise.all(pending.splice(0).map((work) => work()));
  document.documentElement.dataset.drawn = "true";
}
