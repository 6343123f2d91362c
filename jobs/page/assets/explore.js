// Activity and stickiness over time: members of a kind side by side, and one of them in detail.

const ownKinds = DECLARED.scope_types.filter((kind) => activityRows.some((row) => row.scope_type === kind));
state.kind = ownKinds.find((kind) => kind !== "all" && defaultMembers(kind).length) ?? "all";
state.metrics = ["dau", "stickiness"];

function chooseKind(kind) {
  state.kind = kind;
  state.chosen = defaultMembers(kind);
  state.focus = state.chosen[0] ?? membersOf(kind)[0]?.id;
  if (!state.chosen.length) state.chosen = [state.focus];
}
chooseKind(state.kind);

function pick(id) {
  if (!state.chosen.includes(id)) {
    state.chosen = [...state.chosen, id].slice(-DECLARED.series);
    state.focus = id;
  } else if (state.chosen.length > 1) {
    state.chosen = state.chosen.filter((other) => other !== id);
  }
  if (!state.chosen.includes(state.focus)) state.focus = state.chosen[0];
}

/** The chosen members in their colours; one is in focus. */
function chips(onChange) {
  return h("div", { class: "chips" }, state.chosen.map((id, place) => {
    const name = scopeName(state.kind, id);
    return h("span", { class: "chip", "data-scope": id, "data-focus": String(id === state.focus), style: `--hue:var(--c${place})` },
      h("button", { type: "button", title: t("focus", { name }), onclick: () => { state.focus = id; onChange(); } }, h("i", { class: "swatch" }), name),
      state.chosen.length > 1 ? h("button", { type: "button", class: "remove", "aria-label": t("remove", { name }), onclick: () => { pick(id); onChange(); } }, "×") : null);
  }));
}

function timeLegend(rows, provisional = "provisional") {
  const entries = [];
  if (rows.some((row) => !row.is_complete)) entries.push(["provisional", t(provisional)]);
  if (rows.some((row) => row.is_left_censored)) entries.push(["censored", t("censored")]);
  return entries.length ? legend(entries) : null;
}

/** One metric of the chosen members over time; its title chooses the metric. */
function timeCard(slot, onChange) {
  const metric = metricOf("activity", state.metrics[slot]);
  const points = state.chosen.flatMap((id, series) =>
    linePoints(activityOf(state.kind, id), "activity_date",
      (row) => ({ value: row[metric.name], read: reading(row[metric.name], row.is_complete, metric.unit, metric.why) }),
      { series, name: scopeName(state.kind, id) }));
  const rows = activityOf(state.kind, state.focus);
  const options = DECLARED.metrics.activity.map((other) => [other.name, metricName(other.name)]);
  const title = t(slot === 0 ? "first_chart" : "second_chart");
  const select = choice(t("metric"), options, metric.name, (name) => { state.metrics[slot] = name; onChange(); }, { "data-slot": slot });
  return h("section", { class: "card time", "data-slot": slot }, h("div", { class: "cardhead" }, h("h3", {}, title), select),
    h("p", { class: "say" }, metric.meaning[state.lang]),
    chart("lines", `${title}: ${metricName(metric.name)}`, { rows: points, bands: bandsOf(rows, "activity_date") }, { params: { percent: metric.unit === "ratio", dots: rows.length < 4 } }),
    timeLegend(rows), slot === 0 ? numbers(metric) : null);
}

/** The same numbers as a table, the newest day first. */
function numbers(metric) {
  const dates = [...new Set(state.chosen.flatMap((id) => activityOf(state.kind, id).map((row) => row.activity_date)))].sort().reverse();
  const head = [{ text: t("day") }, ...state.chosen.map((id) => ({ text: scopeName(state.kind, id), number: true })), { text: t("state") }];
  const byDay = new Map(state.chosen.map((id) => [id, new Map(activityOf(state.kind, id).map((row) => [row.activity_date, row]))]));
  const lines = dates.map((date) => {
    const found = state.chosen.map((id) => byDay.get(id).get(date));
    const cells = found.map((row, i) =>
      row ? readingElement(reading(row[metric.name], row.is_complete, metric.unit, metric.why), "span", { "data-cell": `${date}.${state.chosen[i]}` }) : "");
    const row = found.find(Boolean);
    return [date, ...cells, h("span", { class: "say" }, t(row.is_complete ? "closed" : "provisional"), row.is_left_censored ? ` · ${t("censored")}` : "")];
  });
  return h("details", {}, h("summary", {}, t("numbers")), table(head, lines, { class: "numbers" }));
}

/** How often the users of the member in focus come: over time, and on the headline day. */
function frequencyCards() {
  const name = scopeName(state.kind, state.focus);
  const rows = activityOf(state.kind, state.focus);
  const stacked = rows.flatMap((row) => DECLARED.segments.map((segment, series) => ({ t: millis(row.activity_date), value: row[segment], series, name: metricName(segment) })));
  const days = engagementOf(state.kind, state.focus);
  const of28 = days.map((row) => ({ active_days: row.active_days, value: row.users, label: format(row.users, "users"), series: Math.min(DECLARED.segments.length - 1, Math.floor(row.active_days / 7)) }));
  const hues = legend(DECLARED.segments.map((segment, i) => [`--s${i}`, metricName(segment)]));
  return h("div", { class: "pair" },
    card(t("segments", { name }), t("segments_say"), chart("segments", t("segments", { name }), { rows: stacked, bands: bandsOf(rows, "activity_date") }), hues),
    days.length ? card(t("histogram", { name }), t("histogram_say", { day: days[0].activity_date }), chart("histogram", t("histogram", { name }), { rows: of28 })) : null);
}

/** Picker and charts; retention follows the same choice. */
function exploreSection() {
  const body = h("div", { class: "explored" });
  const refresh = () => {
    chosenNow.show();
    body.replaceChildren(...exploredParts(refresh));
    flush();
  };
  const choose = (id) => { pick(id); refresh(); };
  let chosenNow = picker(state.kind, () => state.chosen, choose);
  const side = h("aside", { class: "side" }, chosenNow.element);
  const kinds = h("div", {});
  const showKinds = () => kinds.replaceChildren(segmented(t("kind"), ownKinds.map((kind) => [kind, t(kind)]), state.kind, (kind) => {
    chooseKind(kind);
    showKinds();
    chosenNow = picker(state.kind, () => state.chosen, choose);
    side.replaceChildren(chosenNow.element);
    refresh();
  }));
  showKinds();
  body.append(...exploredParts(refresh));
  return h("section", { id: "explore" }, h("div", { class: "kinds" }, kinds), h("div", { class: "layout" }, side, body));
}

function exploredParts(refresh) {
  return [
    h("section", { id: "activity" }, h("h2", {}, t("activity")), chips(refresh), h("div", { class: "pair" }, timeCard(0, refresh), timeCard(1, refresh)), frequencyCards()),
    retentionPart(refresh),
  ];
}
