// What stands behind the numbers: freshness, gates, quarantine, definitions.

const bare = (tableName) => tableName.replace(/^reports\./, "");
const tableHeight = (bars) => 24 * new Set(bars.map((bar) => bar.table)).size;

function freshnessSection() {
  const rows = rowsOf("freshness");
  const first = activityRows[0].activity_date;
  const spans = rows.filter((row) => row.closed_through && row.last_arrival_date).flatMap((row) => {
    const span = (from, to, kind) => ({ table: bare(row.table_name), t0: millis(from), t1: millis(to) + DAY_MS, state: kind, said: t(kind), span: `${from} – ${to}` });
    const after = dayBefore(row.closed_through, -1);
    return [
      ...(first <= row.closed_through ? [span(first, row.closed_through, "closed")] : []),
      ...(after <= row.last_arrival_date ? [span(after, row.last_arrival_date, "provisional")] : []),
    ];
  });
  const head = [{ text: t("table") }, { text: t("closed_through") }, { text: t("last_arrival") }, { text: t("version"), number: true }, { text: t("published") }];
  const lines = rows.map((row) => [
    h("code", {}, row.table_name),
    row.closed_through ?? h("span", { class: "say" }, t("no_days")),
    row.last_arrival_date ?? readingElement(reading(null, false)),
    row.published_version == null ? readingElement(reading(null, false)) : String(row.published_version),
    row.published_at ? row.published_at.slice(0, 16).replace("T", " ") + " UTC" : readingElement(reading(null, false)),
  ]);
  return h("section", { id: "freshness" }, h("h2", {}, t("freshness")),
    h("section", { class: "card" }, h("p", { class: "say" }, t("freshness_say")),
      spans.length ? [chart("closing", t("freshness"), { rows: spans }, { category: ["--c0", "--provisional"], height: tableHeight(spans) }), legend([["--c0", t("closed")], ["--provisional", t("provisional")]])] : null,
      table(head, lines, { id: "fresh" })));
}

const resultOf = (gate) => (gate.is_success ? "passed" : gate.severity);
const RESULTS = { passed: "--good", warning: "--provisional", critical: "--bad" };

function gatesCard() {
  const gates = rowsOf("gates");
  if (!gates.length) return card(t("gates"), null, h("p", { class: "empty" }, t("no_gates")));
  const failed = gates.filter((gate) => !gate.is_success);
  const counts = new Map();
  for (const gate of gates) {
    const key = JSON.stringify([bare(gate.table_name), resultOf(gate)]);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const bars = [...counts].map(([key, value]) => { const [table, result] = JSON.parse(key); return { table, result, value, said: t(result) }; });
  const head = [{ text: t("table") }, { text: t("rule"), wide: true }, { text: t("result") }, { text: t("broken"), number: true }];
  const lines = (list) => list.map((gate) => [bare(gate.table_name), gate.rule, h("span", { class: `badge ${resultOf(gate)}` }, t(resultOf(gate))), gate.unexpected_count == null ? "" : format(gate.unexpected_count, "rows")]);
  const said = failed.length ? t("some_failed", { n: failed.length, of: gates.length }) : t("all_passed", { n: gates.length });
  return card(t("gates"), t("gates_say", { run: gates[0].run_id }),
    h("p", { id: "gates-said", class: `verdict ${failed.some((gate) => gate.severity === "critical") ? "critical" : failed.length ? "warning" : "passed"}` }, said),
    failed.length ? table(head, lines(failed), { id: "failed" }) : null,
    chart("gates", t("gates"), { rows: bars }, { category: Object.values(RESULTS), height: tableHeight(bars) }),
    legend(Object.entries(RESULTS).map(([result, hue]) => [hue, t(result)])),
    h("details", {}, h("summary", {}, t("every_gate")), table(head, lines(gates))));
}

function summed(rows, column) {
  const sums = new Map();
  for (const row of rows) sums.set(row[column], (sums.get(row[column]) ?? 0) + row.records);
  return [...sums].sort((a, b) => b[1] - a[1]);
}

function quarantineCard() {
  const balance = rowsOf("balance");
  const refused = balance.filter((row) => row.outcome === "quarantined");
  if (!refused.length) return card(t("quarantine"), null, h("p", { class: "empty" }, t("no_quarantine")));
  const byReason = summed(refused, "reason");
  const own = byReason.slice(0, DECLARED.series).map(([reason]) => reason);
  const place = (reason) => (own.includes(reason) ? own.indexOf(reason) : DECLARED.series);
  const named = (series) => own[series] ?? t("other");
  const days = [...new Set(balance.map((row) => row.arrival_date))].sort();
  const bars = days.flatMap((day) => {
    const series = refused.filter((row) => row.arrival_date === day).map((row) => ({ ...row, series: place(row.reason) }));
    const sums = summed(series, "series");
    return sums.length ? sums.map(([at, value]) => ({ day, series: at, value, name: named(at) })) : [{ day, series: 0, value: 0, name: named(0) }];
  });
  const all = balance.reduce((sum, row) => sum + row.records, 0);
  const count = refused.reduce((sum, row) => sum + row.records, 0);
  const shown = byReason.length > own.length ? [...own, null] : own;
  const head = [{ text: t("reason") }, { text: t("records"), number: true }, { text: t("meaning"), wide: true }];
  const lines = byReason.map(([reason, records]) => [h("code", {}, reason), h("span", { "data-cell": `quarantined.${reason}` }, format(records, "records")), DECLARED.reasons[reason]?.[state.lang] ?? ""]);
  return card(t("quarantine"), t("quarantine_say", { n: format(count, "records"), share: `${decimals((count / all) * 100, 2)}%`, days: DECLARED.arrival_days }),
    h("div", { class: "pair" },
      h("div", {}, chart("reasons", t("quarantine"), { rows: bars }), legend(shown.map((reason, i) => [`--c${i}`, reason ?? t("other")]))),
      table(head, lines, { id: "quarantined" })));
}

function balanceCard() {
  const balance = rowsOf("balance");
  if (!balance.length) return null;
  const outcomes = ["accepted", "duplicate", "superseded", "late", "quarantined", "filtered"];
  const head = [{ text: t("source") }, ...[...outcomes, "total"].map((outcome) => ({ text: t(outcome), number: true }))];
  const sources = [...new Set(balance.map((row) => row.source))].sort();
  const lines = sources.map((source) => {
    const own = balance.filter((row) => row.source === source);
    const sums = new Map(summed(own, "outcome"));
    const total = own.reduce((sum, row) => sum + row.records, 0);
    return [h("code", {}, source), ...outcomes.map((outcome) => format(sums.get(outcome) ?? 0, "records")), format(total, "records")];
  });
  return card(t("balance"), null, table(head, lines, { id: "balance" }));
}

function qualitySection() {
  return h("section", { id: "quality" }, h("h2", {}, t("quality")), gatesCard(), quarantineCard(), balanceCard());
}

function definitionsSection() {
  const rows = rowsOf("definitions");
  const head = [{ text: t("metric") }, { text: t("meaning"), wide: true }, { text: t("unit") }, { text: t("expression"), wide: true }, { text: t("additive") }];
  const tables = [...new Set(rows.map((row) => row.table_name))];
  const meaning = (row) => (state.lang === "zh" && DECLARED.names[row.metric]?.meaning_zh) || row.meaning;
  const blocks = tables.map((name) => {
    const lines = rows.filter((row) => row.table_name === name).map((row) => [
      h("span", { class: "name" }, metricName(row.metric), h("small", {}, row.metric)), meaning(row), row.unit, h("code", {}, row.expression), t(row.is_additive ? "yes" : "no"),
    ]);
    return h("details", { class: "card" }, h("summary", {}, h("code", {}, name)), table(head, lines));
  });
  return h("section", { id: "definitions" }, h("h2", {}, t("definitions")), h("p", { class: "say" }, t("definitions_say")), blocks.length ? blocks : h("p", { class: "empty card" }, t("no_definitions")));
}
