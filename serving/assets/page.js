// The page: data and the reader's choices in, outline, summary and paragraphs out. Choices live in the address
// (#theme=enforcement&band=check&report=1), so that a view can be linked; nothing is stored.

const NONE = "none";
const LISTS = { theme: [], section: [], band: ["sure", "check"] };
const chosen = { report: "", query: "", both: false, theme: new Set(), section: new Set(), band: new Set() };
const MANY = 3000; // paragraphs above which a page begins with one report instead of all
const AT_ONCE = 120; // paragraphs painted before the reader sees the page; the rest follows frame by frame

let data = { reports: [] };
let paragraphs = [];
let byKey = new Map();
let shown = [];
let painting = 0;

// Take the reports to show, with the labels that they were tagged by.
function take(contents) {
  data = contents;
  know(data);
  LISTS.theme = [...page.themes.keys(), NONE];
  LISTS.section = [...page.sections.keys()];
  paragraphs = data.reports.flatMap(paragraphsOf);
  paragraphs.forEach((paragraph, order) => Object.assign(paragraph, { order }));
  byKey = new Map(paragraphs.map((paragraph) => [paragraph.key, paragraph]));
}

function paragraphsOf(report, place) {
  let under = [];
  return report.records.map((record) => {
    const key = `${place}-${record.index}`;
    if (record.level) under = [...under.filter((head) => head.level < record.level), { key, level: record.level }];
    const hay = `${record.clean}\n${record.text}\n${trailOf(record)}`.toLowerCase();
    return { key, under, record, report: place, hay, opened: false, node: null };
  });
}

// ---- choices and the address

function readAddress() {
  const address = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(LISTS)) {
    const wanted = (address.get(name) || "").split(",");
    chosen[name] = new Set(LISTS[name].filter((id) => wanted.includes(id)));
  }
  const report = Number(address.get("report")) - 1;
  const first = data.reports.length > 1 && paragraphs.length > MANY && !address.has("report") ? "0" : "";
  chosen.report = data.reports[report] && data.reports.length > 1 ? String(report) : first;
  chosen.query = address.get("q") || "";
  chosen.both = address.get("text") === "both";
  page.language = address.get("lang") === "en" ? "en" : "zh";
}

function writeAddress() {
  const address = new URLSearchParams();
  if (chosen.report !== "") address.set("report", Number(chosen.report) + 1);
  else if (data.reports.length > 1 && paragraphs.length > MANY) address.set("report", "all");
  for (const name of Object.keys(LISTS)) if (chosen[name].size) address.set(name, [...chosen[name]].join(","));
  if (chosen.query) address.set("q", chosen.query);
  if (chosen.both) address.set("text", "both");
  if (page.language === "en") address.set("lang", "en");
  const hash = address.toString().replaceAll("%2C", ",");
  history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
}

// ---- filters: any of the chosen within a list, all lists together

function ofReport(paragraph) {
  return chosen.report === "" || paragraph.report === Number(chosen.report);
}

const FITS = {
  theme: ({ themes }, wanted) => (themes.length ? themes.some((id) => wanted.has(id)) : wanted.has(NONE)),
  section: ({ section }, wanted) => wanted.has(section),
  band: ({ band }, wanted) => wanted.has(band),
};

function fits(paragraph, terms, except = "") {
  if (!ofReport(paragraph) || !terms.every((term) => paragraph.hay.includes(term))) return false;
  return Object.keys(LISTS).every(
    (name) => name === except || !chosen[name].size || FITS[name](paragraph.record, chosen[name]));
}

function terms() {
  return chosen.query.toLowerCase().split(/\s+/).filter(Boolean);
}

// What each button would show if it were the only one pressed in its list.
function countFor(name, words) {
  const counts = new Map(LISTS[name].map((id) => [id, 0]));
  const add = (id) => counts.set(id, counts.get(id) + 1);
  let all = 0;
  for (const paragraph of paragraphs) {
    const { record } = paragraph;
    if ((name === "theme" && record.level) || !fits(paragraph, words, name)) continue;
    all += 1;
    if (name !== "theme") add(record[name]);
    else if (record.themes.length) record.themes.forEach(add);
    else add(NONE);
  }
  return { counts, all };
}

// ---- summary and filter buttons

function button(name, id, label, hint) {
  const node = make("button", { type: "button", "data-list": name, "data-id": id, title: hint });
  node.append(make("span", { class: "name" }, label), make("b", {}));
  return node;
}

function buildFilters() {
  const { language, words } = page;
  const bars = [...page.themes.values()].map((theme) => {
    const node = button("theme", theme.id, theme[language], `${theme[language]}\n${theme.definition}`);
    node.prepend(make("span", { class: "name brief" }, short(theme, language)));
    return tinted(node, theme);
  });
  for (const bar of bars) bar.append(make("i"), make("span", { class: "track" }, make("span", { class: "fill" })));
  by("themes").replaceChildren(...bars);
  by("none").replaceChildren(button("theme", NONE, words.none, words.none));
  const sections = [...page.sections.values()];
  by("sections").replaceChildren(...sections.map((each) => button("section", each.id, each[language], each.definition)));
  by("bands").replaceChildren(button("band", "sure", words.sure, ""), button("band", "check", words.check, words.checkHint));
}

function updateFilters(words) {
  for (const name of Object.keys(LISTS)) {
    const { counts, all } = countFor(name, words);
    const most = Math.max(1, ...[...counts].map(([id, count]) => (id === NONE ? 0 : count)));
    for (const node of document.querySelectorAll(`[data-list=${name}]`)) {
      const count = counts.get(node.dataset.id);
      node.setAttribute("aria-pressed", String(chosen[name].has(node.dataset.id)));
      node.classList.toggle("zero", count === 0);
      node.querySelector("b").textContent = count;
      if (!page.themes.has(node.dataset.id)) continue;
      node.querySelector("i").textContent = all ? `${Math.round((100 * count) / all)}%` : "–";
      node.querySelector(".track").style.setProperty("--score", count / most);
    }
  }
}

// ---- outline

function outlineOf(report, place) {
  const list = make("ol");
  for (const record of report.records) {
    if (!record.level) continue;
    const link = make("button", { type: "button", "data-to": `${place}-${record.index}`, class: `level-${record.level}` });
    link.append(make("span", {}, record.clean), make("b", {}));
    list.append(make("li", {}, link));
  }
  const first = report.records.length ? `${place}-${report.records[0].index}` : "";
  const name = make("button", { type: "button", class: "level-0", "data-to": first }, titleOf(report));
  return make("div", { class: "part", lang: "zh-CN" }, name, list);
}

function buildOutline() {
  const parts = data.reports.map((report, place) => [report, place]);
  const wanted = parts.filter(([, place]) => chosen.report === "" || Number(chosen.report) === place);
  by("outline").replaceChildren(...wanted.map(([report, place]) => outlineOf(report, place)));
}

function updateOutline() {
  const counts = new Map();
  for (const { under, record } of shown) {
    if (!record.level) for (const { key } of under) counts.set(key, (counts.get(key) || 0) + 1);
  }
  for (const link of by("outline").querySelectorAll("li > button")) {
    const count = counts.get(link.dataset.to) || 0;
    link.querySelector("b").textContent = count || "";
    link.classList.toggle("zero", !count);
  }
}

// The paragraph asked for, or the next one that the filters show.
function goTo(key) {
  const asked = byKey.get(key);
  const target = asked && shown.find((paragraph) => paragraph.order >= asked.order);
  if (!target) return;
  paintRest();
  target.node.scrollIntoView({ block: "start" });
  target.node.querySelector("[data-do]").focus({ preventScroll: true });
  hideScores();
}

// ---- paragraphs

function elementOf(paragraph) {
  paragraph.node ||= article(paragraph, page);
  const open = chosen.both || paragraph.opened;
  if (open !== paragraph.node.classList.contains("both")) showOriginal(paragraph.node, paragraph, page, open);
  return paragraph.node;
}

// Heads are repeated only where the paragraph shown before does not already tell them.
function isKnown(path, before) {
  return path.every((head, rank) =>
    rank < before.path.length ? head === before.path[rank] : rank === before.path.length && before.clean.startsWith(head));
}

function paint(from, to) {
  const nodes = [];
  for (let at = from; at < Math.min(to, shown.length); at += 1) {
    const paragraph = shown[at];
    const before = at && shown[at - 1].report === paragraph.report ? shown[at - 1].record : null;
    if (!before) nodes.push(reportHead(data.reports[paragraph.report], page.words));
    const node = elementOf(paragraph);
    const known = isKnown(paragraph.record.path, before || { path: [], clean: "" });
    node.querySelector(".trail").textContent = known ? "" : trailOf(paragraph.record);
    nodes.push(node);
  }
  by("list").append(...nodes);
  painting = to < shown.length ? requestAnimationFrame(() => paint(to, to + 3 * AT_ONCE)) : 0;
  if (!painting) highlight();
}

function paintRest() {
  if (!painting) return;
  cancelAnimationFrame(painting);
  paint(by("list").querySelectorAll("article").length, shown.length);
}
