// The payload: tables as columns, looked up by row number; words in the language that is shown.

const PAYLOAD = JSON.parse(document.getElementById("payload").textContent);
const DECLARED = PAYLOAD.declared;
const LANGUAGES = Object.keys(PAYLOAD.words);
const state = { lang: LANGUAGES[0] };

const TABLES = Object.fromEntries(
  Object.entries(PAYLOAD.tables).map(([name, columns]) => [
    name,
    Object.fromEntries(
      Object.entries(columns).map(([column, held]) => [
        column,
        Array.isArray(held) ? held : held.at.map((place) => held.of[place]),
      ]),
    ),
  ]),
);

/** All rows of a table as objects. */
function rowsOf(name) {
  const columns = Object.entries(TABLES[name]);
  const count = columns[0][1].length;
  return Array.from({ length: count }, (_, i) => Object.fromEntries(columns.map(([column, values]) => [column, values[i]])));
}

/** Rows of a table in lists by the values of some columns. */
function grouped(rows, ...columns) {
  const groups = new Map();
  for (const row of rows) {
    const key = JSON.stringify(columns.map((column) => row[column]));
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(row);
  }
  return (...values) => groups.get(JSON.stringify(values)) ?? [];
}

const activityRows = rowsOf("activity");
const activityOf = grouped(activityRows, "scope_type", "scope_id");
const retentionRows = rowsOf("retention");
const retentionOf = grouped(retentionRows, "scope_type", "scope_id", "cohort_kind");
const engagementOf = grouped(rowsOf("engagement"), "scope_type", "scope_id");
const ordersRows = rowsOf("orders").filter((row) => row.scope_type === "all");
const scopeNames = new Map(rowsOf("scopes").map((row) => [JSON.stringify([row.scope_type, row.scope_id]), row]));

const DAY_MS = 86_400_000;
const lastOf = (list) => list[list.length - 1];
const millis = (day) => Date.parse(day);
const dayBefore = (day, days) => new Date(millis(day) - days * DAY_MS).toISOString().slice(0, 10);
const lastClosedRow = (rows) => lastOf(rows.filter((row) => row.is_complete));

/** The last closed day of activity, or null. */
const CLOSED = lastClosedRow(activityOf("all", "all"))?.activity_date ?? null;
const LAST = lastOf(activityRows).activity_date;
/** The day that headlines are about. */
const HEADLINE = CLOSED ?? LAST;

/** A word of the page in its language. */
function t(key, filled = {}) {
  const word = PAYLOAD.words[state.lang][key];
  if (word === undefined) throw new Error(`no word ${key}`);
  return word.replace(/\{(\w+)\}/g, (_, name) => filled[name]);
}

/** Name of a scope for people: never a code where a name is known. */
function scopeName(type, id) {
  const row = scopeNames.get(JSON.stringify([type, id]));
  return row?.[`name_${state.lang}`] || id;
}

const metricName = (name) => DECLARED.names[name]?.[state.lang] ?? name;
const metricOf = (table, name) => DECLARED.metrics[table].find((metric) => metric.name === name);
