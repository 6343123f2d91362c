// Retention of the chosen members: curves, cohorts over time, and the triangle of the member in focus.

state.cohortKind = "first_ever";
state.window = "D7";
state.grain = "week";

const windowRows = (id, name) => retentionOf(state.kind, id, state.cohortKind).filter((row) => row.retention_window === name);

/** Pooled retention of single days after the cohort date. */
function curveCard() {
  const points = state.chosen.flatMap((id, series) =>
    DECLARED.windows.filter((window) => window.from === window.to).map((window) => {
      const { rate, users, cohorts } = pooled(windowRows(id, window.name));
      return { series, name: scopeName(state.kind, id), window: window.name, window_day: window.to, value: rate, label: rate == null ? t("unknown") : format(rate, "ratio"), cohorts, users };
    }));
  return card(t("curve"), t("curve_say", { n: DECLARED.cohort_days }), chart("curve", t("curve"), { rows: points.filter((point) => point.value != null) }));
}

/** Retention of one window over time: at each day the cohorts of the week that ends on it, pooled. */
function trendCard(onChange) {
  const points = state.chosen.flatMap((id, series) => {
    const complete = windowRows(id, state.window).filter((row) => row.is_complete);
    return linePoints(complete.slice(POOL - 1), "cohort_date", (row) => {
      const { rate } = pooled(complete.slice(complete.indexOf(row) - POOL + 1, complete.indexOf(row) + 1));
      return { value: rate, read: reading(rate, true, "ratio", "why_cohort") };
    }, { series, name: scopeName(state.kind, id) });
  });
  const rows = windowRows(state.focus, state.window);
  const select = choice(t("window"), DECLARED.windows.map((window) => [window.name, windowName(window)]), state.window, (name) => { state.window = name; onChange(); }, { id: "window" });
  return h("section", { class: "card" }, h("div", { class: "cardhead" }, h("h3", {}, t("trend")), select), h("p", { class: "say" }, t("trend_say", { n: POOL })),
    chart("lines", t("trend"), { rows: points, bands: bandsOf(rows, "cohort_date") }, { params: { percent: true, dots: rows.length < POOL + 4 } }),
    timeLegend(rows, "unknown"));
}

/** D7; W1 with its days; for a window that is open-ended in its name only its days. */
function windowName({ name, from, to }) {
  if (from === to) return name;
  return name.startsWith("unbounded") ? `[${from}, ${to}]` : `${name} [${from}, ${to}]`;
}

function triangleCell(rows, date, name) {
  const isComplete = rows.every((row) => row.is_complete);
  const users = rows.reduce((sum, row) => sum + row.cohort_size, 0);
  const seen = rows.reduce((sum, row) => sum + row.retained_so_far, 0);
  const rate = rows.length === 1 ? rows[0].rate : isComplete ? pooled(rows).rate : null;
  const read = reading(rate, isComplete, "ratio", "why_cohort");
  const title = read.kind === "unknown" ? t("so_far", { n: seen, of: users }) : read.why ?? `${seen} / ${users}`;
  const heat = rate == null ? null : `--heat:${Math.round(Math.sqrt(rate) * 70)}%`;
  return h("td", { class: `number heat ${read.kind}`, style: heat, title, "data-cell": `${date}.${name}` }, read.text);
}

const weekday = (day) => (new Date(millis(day)).getUTCDay() + 6) % 7;

/** Cohorts of the member in focus, by week or by day, in every window, the newest first; a cell says what it does not know. */
function triangleCard(onChange) {
  const name = scopeName(state.kind, state.focus);
  const byWeek = state.grain === "week";
  const groups = new Map();
  for (const row of retentionOf(state.kind, state.focus, state.cohortKind)) {
    const date = byWeek ? dayBefore(row.cohort_date, weekday(row.cohort_date)) : row.cohort_date;
    if (!groups.has(date)) groups.set(date, new Map(DECLARED.windows.map((window) => [window.name, []])));
    groups.get(date).get(row.retention_window)?.push(row);
  }
  const head = [{ text: t("cohort_date") }, { text: t("cohort_size"), number: true }, ...DECLARED.windows.map((window) => ({ text: windowName(window), number: true }))];
  const lines = [...groups].reverse().map(([date, windows]) => {
    const [first] = windows.values();
    const dates = byWeek ? `${first[0].cohort_date} – ${lastOf(first).cohort_date.slice(5)}` : date;
    return [dates, format(first.reduce((sum, row) => sum + row.cohort_size, 0), "users"), ...[...windows].map(([window, rows]) => triangleCell(rows, date, window))];
  });
  const grains = segmented(t("grain"), ["week", "day"].map((grain) => [grain, t(`by_${grain}`)]), state.grain, (grain) => { state.grain = grain; onChange(); });
  return h("section", { class: "card" }, h("div", { class: "cardhead" }, h("h3", {}, t("triangle", { name })), grains),
    h("p", { class: "say" }, t(byWeek ? "triangle_week_say" : "triangle_say")), table(head, lines, { id: "triangle", class: "triangle" }),
    legend([["hatched", t("unknown")], ["dash", `${t("none")} ${t("why_cohort")}`]]));
}

function retentionPart(refresh) {
  const kinds = segmented(t("cohort_kind"), ["first_ever", "recurring"].map((kind) => [kind, t(kind)]), state.cohortKind, (kind) => { state.cohortKind = kind; refresh(); });
  const content = retentionRows.length
    ? [h("div", { class: "kinds" }, kinds), h("div", { class: "pair" }, curveCard(), trendCard(refresh)), triangleCard(refresh)]
    : [h("p", { class: "empty card" }, t("no_retention"))];
  return h("section", { id: "retention" }, h("h2", {}, t("retention")), content);
}
