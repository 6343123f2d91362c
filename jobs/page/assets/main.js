// The frame: head, language, theme, and every section in order.

const DARK = matchMedia("(prefers-color-scheme: dark)");
const NAV = ["overview", "activity", "retention", "orders", "freshness", "quality", "definitions"];

function headline() {
  const later = new Set(activityRows.filter((row) => !row.is_complete).map((row) => row.activity_date)).size;
  const published = rowsOf("freshness").map((row) => row.published_at).filter(Boolean).sort().pop();
  return h("div", { class: "headline" }, h("h1", {}, t("title")),
    h("p", {}, h("b", { id: "closed" }, CLOSED ? t("closed_line", { day: CLOSED }) : t("not_closed_line")),
      later ? h("span", { class: "badge warning" }, t("provisional_line", { n: later })) : null,
      published ? h("span", { class: "say" }, t("published_line", { at: published.slice(0, 16).replace("T", " ") })) : null));
}

function showLanguages() {
  const names = { en: "EN", zh: "中文" };
  const own = document.getElementById("languages");
  own.hidden = LANGUAGES.length < 2;
  own.replaceChildren(...LANGUAGES.map((code) =>
    h("button", { type: "button", "data-lang": code, lang: code, "aria-pressed": String(code === state.lang), onclick: () => { state.lang = code; show(); } }, names[code])));
}

/** The whole page in the state's language. */
function show() {
  document.documentElement.lang = state.lang;
  document.title = `${t("title")} · ActiveLake`;
  showLanguages();
  document.getElementById("theme").setAttribute("aria-label", t("theme"));
  document.getElementById("theme").title = t("theme");
  const nav = document.getElementById("nav");
  nav.setAttribute("aria-label", t("nav"));
  nav.replaceChildren(...NAV.map((id) => h("a", { href: `#${id}` }, t(id))));
  document.getElementById("page").replaceChildren(headline(), overviewSection(), exploreSection(), ordersSection(), freshnessSection(), qualitySection(), definitionsSection());
  return flush();
}

document.getElementById("theme").addEventListener("click", () => {
  const isDark = DARK.matches ? document.documentElement.dataset.theme !== "light" : document.documentElement.dataset.theme === "dark";
  document.documentElement.dataset.theme = isDark ? "light" : "dark";
  show();
});
DARK.addEventListener("change", () => show());

state.lang = LANGUAGES.find((code) => navigator.language.startsWith(code)) ?? LANGUAGES[0];
show();
