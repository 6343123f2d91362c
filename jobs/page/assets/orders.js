// Orders, money and registrations per day: one small chart for each declared metric.

function ordersCard(metric) {
  const row = lastClosedRow(ordersRows) ?? lastOf(ordersRows);
  const before = ordersRows.find((other) => other.order_date === dayBefore(row.order_date, 7));
  const readOf = (other) => reading(other[metric.name], other.is_complete, metric.unit, metric.why);
  const points = ordersRows.map((other) => ({ day: other.order_date, value: other[metric.name], label: readOf(other).text, state: other.is_complete ? "closed" : "provisional", said: t(other.is_complete ? "closed" : "provisional") }));
  const read = readOf(row);
  return h("section", { class: "card", "data-metric": metric.name },
    h("h3", {}, metricName(metric.name)), readingElement(read, "p", { class: `reading big ${read.kind}` }),
    read.why ? h("p", { class: "say" }, read.why) : changeElement(row[metric.name], before?.[metric.name], metric.unit, metric.is_bad, t("week_before")),
    chart("bars", metricName(metric.name), { rows: points }),
    h("p", { class: "say" }, metric.meaning[state.lang]));
}

function ordersSection() {
  const title = h("h2", {}, t("orders"));
  if (!ordersRows.length) return h("section", { id: "orders" }, title, h("p", { class: "empty card" }, t("no_orders")));
  const row = lastClosedRow(ordersRows) ?? lastOf(ordersRows);
  const provisional = ordersRows.some((other) => !other.is_complete) ? legend([["pale", t("provisional")]]) : null;
  return h("section", { id: "orders" }, title, h("p", { class: "say" }, `${t("on_day", { day: row.order_date })} · ${t("per_day")}`), h("div", { class: "many" }, DECLARED.metrics.orders.map(ordersCard)), provisional);
}
