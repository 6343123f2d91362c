// Overview: the four dimensions at a glance, on the last closed day, against the week before.

const GLANCE_DAYS = 28;
const POOL = 7;

/** Σ retained ÷ Σ cohort over complete cohorts, with the number of cohorts and users; null where there is none. */
function pooled(rows) {
  const complete = rows.filter((row) => row.is_complete && row.retained != null);
  const users = complete.reduce((sum, row) => sum + row.cohort_size, 0);
  const retained = complete.reduce((sum, row) => sum + row.retained, 0);
  return { rate: users ? retained / users : null, users, cohorts: complete.length };
}

function tile(name, label, read, change, note, points) {
  const spark = points.filter((point) => point.value != null);
  if (spark.length) lastOf(spark).is_last = true;
  return h("div", { class: "tile", "data-metric": name },
    h("h4", {}, label), readingElement(read, "p", { class: `reading big ${read.kind}` }),
    read.why ? h("p", { class: "say" }, read.why) : null, change,
    spark.length > 1 ? chart("spark", label, { rows: spark }) : null,
    note ? h("p", { class: "say" }, note) : null);
}

/** A tile of a metric's own column: the row of its table's last closed day, or the last row at all. */
function metricTile(tableName, rows, day, name) {
  const metric = metricOf(tableName, name);
  const row = lastClosedRow(rows) ?? lastOf(rows);
  const before = rows.find((other) => other[day] === dayBefore(row[day], 7));
  const read = reading(row[name], row.is_complete, metric.unit, metric.why);
  const closed = rows.filter((other) => other[day] <= row[day]).slice(-GLANCE_DAYS);
  const points = closed.map((other) => ({ t: millis(other[day]), day: other[day], value: other[name], label: reading(other[name], other.is_complete, metric.unit, metric.why).text }));
  const change = changeElement(row[name], before?.[name], metric.unit, metric.is_bad, t("week_before"));
  return tile(name, metricName(name), read, change, row[day] === HEADLINE ? null : t("on_day", { day: row[day] }), points);
}

/** A tile of retention: the latest complete cohorts pooled, against as many before them. */
function retentionTile(name) {
  const rows = retentionOf("all", "all", "first_ever").filter((row) => row.retention_window === name);
  const complete = rows.filter((row) => row.is_complete);
  const now = pooled(complete.slice(-POOL));
  const before = complete.length >= 2 * POOL ? pooled(complete.slice(-2 * POOL, -POOL)) : { rate: null };
  const points = complete.slice(POOL - 1).map((row, i) => {
    const { rate } = pooled(complete.slice(i, i + POOL));
    return { t: millis(row.cohort_date), day: row.cohort_date, value: rate, label: rate == null ? t("none") : format(rate, "ratio") };
  });
  const read = reading(now.rate, complete.length > 0, "ratio", "why_cohort");
  const change = changeElement(now.rate, before.rate, "ratio", false, t("pooled_before", { cohorts: POOL }));
  const note = complete.length ? t("pooled", { cohorts: now.cohorts, users: format(now.users, "users") }) : null;
  return tile(name, `${metricName("rate")} ${name}`, read, change, note, points.slice(-GLANCE_DAYS));
}

function glance({ word, table: tableName, shows }) {
  const head = [h("h3", {}, t(word)), h("p", { class: "say" }, t(`${word}_say`))];
  const tiles = {
    activity: () => shows.map((name) => metricTile("activity", activityOf("all", "all"), "activity_date", name)),
    orders: () => shows.map((name) => metricTile("orders", ordersRows, "order_date", name)),
    retention: () => shows.map(retentionTile),
  };
  const isEmpty = (tableName === "orders" && !ordersRows.length) || (tableName === "retention" && !retentionRows.length);
  const body = isEmpty ? h("p", { class: "empty" }, t(tableName === "orders" ? "no_orders" : "no_retention")) : h("div", { class: "tiles" }, tiles[tableName]());
  return h("section", { class: "card dimension", "data-dimension": word }, head, body);
}

/** Users of at least one listed member, per kind, on the headline day. */
function byType() {
  const rows = rowsOf("overview").filter((row) => row.activity_date === HEADLINE);
  if (!rows.length) return null;
  const shown = ["dau", "mau28", "new_to_scope", "stickiness", "stickiness_avg"].map((name) => metricOf("overview", name));
  const head = [{ text: t("scope_type") }, ...shown.map((metric) => ({ text: metricName(metric.name), number: true }))];
  const lines = DECLARED.scope_types.map((type) => rows.find((row) => row.scope_type === type)).filter(Boolean).map((row) => [
    t(row.scope_type),
    ...shown.map((metric) => readingElement(reading(row[metric.name], row.is_complete, metric.unit, metric.why), "span", { "data-cell": `${row.scope_type}.${metric.name}` })),
  ]);
  return card(t("by_type"), HEADLINE, table(head, lines, { id: "by-type" }));
}

function overviewSection() {
  return h("section", { id: "overview" }, h("h2", {}, t("overview")), h("div", { class: "dimensions" }, DECLARED.glance.map(glance)), byType());
}
