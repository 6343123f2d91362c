// The picker: members of one kind, found by name or code, the busiest first; it stays usable with hundreds.

const NO_MEMBER = ["unassigned", "unknown"];

/** Members of a kind with their activity on the headline day, the busiest first. */
function membersOf(kind) {
  const ids = [...new Set(activityRows.filter((row) => row.scope_type === kind).map((row) => row.scope_id))];
  const rank = (id) => NO_MEMBER.indexOf(id);
  return ids
    .map((id) => ({ id, name: scopeName(kind, id), row: activityOf(kind, id).find((row) => row.activity_date === HEADLINE) }))
    .sort((a, b) => rank(a.id) - rank(b.id) || (b.row?.dau ?? -1) - (a.row?.dau ?? -1) || (a.id < b.id ? -1 : 1));
}

const defaultMembers = (kind) => membersOf(kind).filter((member) => !NO_MEMBER.includes(member.id)).slice(0, 3).map((member) => member.id);

function isFound(member, kind, text) {
  const row = scopeNames.get(JSON.stringify([kind, member.id]));
  return [member.id, row?.name_en, row?.name_zh].some((said) => said?.toLocaleLowerCase().includes(text.trim().toLocaleLowerCase()));
}

/** The picker of a kind; `onPick` hears the code that was pressed. */
function picker(kind, chosen, onPick) {
  const members = membersOf(kind);
  const most = Math.max(1, ...members.map((member) => member.row?.dau ?? 0));
  const list = h("ul", { class: "members" });
  const count = h("p", { class: "say", role: "status" });
  const search = h("input", { type: "search", id: "search", autocomplete: "off", placeholder: t("search", { n: members.length }), "aria-label": t("search", { n: members.length }) });
  const show = () => {
    const found = members.filter((member) => isFound(member, kind, search.value));
    list.replaceChildren(...found.map((member) => memberElement(member, chosen(), most, onPick)));
    if (!found.length) list.append(h("li", { class: "say" }, t("nothing_found")));
    count.textContent = `${t("found", { n: found.length, of: members.length })} · ${t("compare", { n: DECLARED.series })}`;
    return found;
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    const found = event.key === "Enter" ? show() : [];
    if (found.length) onPick(found[0].id);
  });
  show();
  const element = h("div", { class: "picker card" }, search, count, list);
  return { element, show };
}

function memberElement(member, chosen, most, onPick) {
  const place = chosen.indexOf(member.id);
  const dau = member.row?.dau ?? null;
  const read = reading(dau, member.row?.is_complete ?? true, "users", "why_source");
  return h("li", {},
    h("button", { type: "button", "data-scope": member.id, "aria-pressed": String(place >= 0), onclick: () => onPick(member.id) },
      h("i", { class: "swatch", style: place >= 0 ? `background:var(--c${place})` : null }),
      h("span", { class: "name" }, member.name, member.name === member.id ? null : h("small", {}, member.id)),
      readingElement(read),
      h("span", { class: "share", style: `--share:${((dau ?? 0) / most) * 100}%` })));
}
