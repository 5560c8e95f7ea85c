// The comparison: records in, sides, bars and gaps out. `make`, `tinted` and `chip` come from page-view.js.
// Language and order live in the address (#lang=en&order=change); nothing is stored.

const data = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const page = { language: "zh", words: WORDS.zh, order: "scheme", themes: new Map(data.themes.map((theme) => [theme.id, theme])) };
const ORDERS = ["scheme", "size", "change"];
const several = data.sides.some((side) => side.documents.length > 1);
const last = data.sides.at(-1).letter;
const say = (name, ...figures) => SENTENCES[page.language][name](...figures);

// Records of one label stand together, one for each side.
function linesOf(kind) {
  const mine = data.records.filter((record) => record.kind === kind);
  const lines = [];
  for (let at = 0; at < mine.length; at += data.sides.length) {
    const sides = mine.slice(at, at + data.sides.length);
    lines.push({ id: sides[0].id, sides, difference: sides.at(-1).difference, most: Math.max(...sides.map((each) => each.share)) });
  }
  return lines;
}

const themes = linesOf("theme");
const sections = linesOf("section").filter((line) => line.sides.some((each) => each.found));

const SORTS = {
  scheme: () => 0,
  size: (one, other) => other.most - one.most,
  change: (one, other) => Math.abs(other.difference) - Math.abs(one.difference),
};

// ---- sides and findings

function card(side) {
  const figures = say("side", side.documents.length, side.body.toLocaleString("en"), side.characters.toLocaleString("en"));
  const node = make("div", { class: "card" }, make("b", { class: "letter" }, side.letter));
  const about = make("div", {}, make("h2", { lang: "zh-CN" }, side.name), make("p", {}, figures));
  if (side.skipped) about.append(make("p", { class: "skipped" }, say("skipped", side.skipped)));
  if (side.documents.length > 1) {
    const list = make("ul", { lang: "zh-CN" }, ...side.documents.map((name) => make("li", {}, name)));
    about.append(make("details", {}, make("summary", {}, side.documents[0], " …"), list));
  }
  node.append(about);
  return node;
}

function finding(sentence, lines = []) {
  const chips = lines.map((line) => chip(page.themes.get(line.id), page.language));
  return make("li", { class: "tags" }, make("em", {}, sentence), ...chips);
}

function findings() {
  const everywhere = themes.filter((line) => line.sides.every((each) => each.found));
  const nowhere = themes.filter((line) => !line.sides.some((each) => each.found));
  const found = [finding(say("both", everywhere.length, themes.length))];
  if (data.same) found.unshift(finding(page.words.same));
  else if (data.shared) found.unshift(finding(say("shared", data.shared)));
  data.sides.forEach((side, place) => {
    const only = themes.filter((line) => line.sides.every((each, other) => each.found === (other === place)));
    if (only.length) found.push(finding(say("only", side.letter), only));
  });
  if (nowhere.length) found.push(finding(say("nowhere"), nowhere));
  return found;
}

// ---- bars

// Paler from side to side, so that a print in grey can be read too; the letter beside each bar says it again.
function paleness(place) {
  return `${100 - Math.round((65 * place) / (data.sides.length - 1))}%`;
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

function scoreOf(score) {
  return score < 0.005 ? "<0.01" : score.toFixed(2);
}

function barOf(record, place, most) {
  const node = make("div", { class: "one" }, make("b", { class: "letter" }, record.side));
  const about = [say("paragraphs", record.paragraphs)];
  if (several && record.kind === "theme") about.push(say("reports", record.found_in, record.reports));
  if (record.paragraphs) {
    const fill = make("span", { class: "fill" });
    fill.style.setProperty("--mix", paleness(place));
    const track = make("span", { class: "track" }, fill);
    track.style.setProperty("--score", record.share / most);
    node.append(track, make("span", { class: "figure" }, percent(record.share)), make("span", { class: "about" }, about.join(" · ")));
    return node;
  }
  const words = record.found ? page.words.headingOnly : page.words.notFound;
  const near = record.nearest && !record.found ? ` · ${page.words.nearest} ${scoreOf(record.nearest.score)}` : "";
  const quiet = record.kind === "section" ? "–" : words + near;
  node.append(make("span", { class: record.found || record.kind === "section" ? "quietly" : "missed" }, quiet));
  return node;
}

function lineOf(line, most) {
  const theme = page.themes.get(line.id);
  const name = make("div", { class: "name" }, line.sides[0][page.language]);
  if (theme) name.title = theme.definition;
  const bars = make("div", { class: "bars" }, ...line.sides.map((record, place) => barOf(record, place, most)));
  const points = (100 * line.difference).toFixed(1);
  const zero = Number(points) === 0;
  const figure = zero ? "0" : points.replace("-", "−").replace(/^(?=\d)/, "+");
  const difference = make("div", { class: zero ? "difference zero" : "difference" }, say("points", figure));
  const node = make("div", { class: "line", "data-id": line.id }, name, bars, difference);
  return theme ? tinted(node, theme) : node;
}

function fillLines(id, lines) {
  const most = Math.max(...lines.map((line) => line.most)) || 1;
  const head = make("div", { class: "line head" }, make("div"), make("div"), make("div", { class: "difference" }, say("difference", last)));
  by(id).replaceChildren(head, ...[...lines].sort(SORTS[page.order]).map((line) => lineOf(line, most)));
}

// ---- what is not found

function near(gap, theme) {
  if (gap.score === null) return make("p", { class: "near" }, `${gap.document} · ${page.words.none}`);
  const track = make("span", { class: "track" }, make("span", { class: "fill" }), make("span", { class: "tick" }));
  track.style.setProperty("--score", gap.score);
  track.style.setProperty("--threshold", theme.threshold);
  const scores = `${page.words.nearest} ${scoreOf(gap.score)} · ${page.words.threshold} ${theme.threshold.toFixed(2)}`;
  const head = make("p", { class: "scored" }, track, make("span", {}, scores), make("span", {}, `${gap.document} · ${say("place", gap.index)}`));
  return make("div", { class: "near" }, head, make("blockquote", { lang: "zh-CN" }, gap.words));
}

// A theme that no report of a side has shows its nearest paragraph; one that some have, what it lacks in on demand.
function gapOf(record) {
  const theme = page.themes.get(record.id);
  const gaps = [...record.not_found].sort((one, other) => other.score - one.score);
  const head = make("div", { class: "tags" }, chip(theme, page.language));
  const node = tinted(make("div", { class: record.found ? "gap partly" : "gap", "data-id": record.id }, head), theme);
  if (!record.found) node.append(near(gaps[0], theme));
  const rest = record.found ? gaps : gaps.slice(1);
  if (!rest.length) return node;
  const summary = make("summary", {}, say("partly", gaps.length, record.reports));
  node.append(make("details", {}, summary, ...rest.map((gap) => near(gap, theme))));
  return node;
}

function gapsOf(side, place) {
  const records = themes.map((line) => line.sides[place]).filter((record) => record.not_found.length);
  if (!records.length) return [];
  records.sort((one, other) => one.found - other.found);
  const head = make("h3", {}, make("b", { class: "letter" }, side.letter), make("span", { lang: "zh-CN" }, side.name));
  return [make("div", { class: "gaps" }, head, ...records.map(gapOf))];
}

// ---- everything again, in the language and order of the address

function draw() {
  const { words, language } = page;
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = `${words.title} · fazhi`;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  by("language").textContent = words.language;
  by("language").lang = language === "zh" ? "en" : "zh-CN";
  by("orders").setAttribute("aria-label", words.order);
  by("orders").replaceChildren(...ORDERS.map((order) => make("button", { type: "button", "data-order": order,
    "aria-pressed": String(order === page.order) }, words[order])));
  by("note").textContent = data.model;
  by("sides").replaceChildren(...data.sides.map(card));
  by("findings").replaceChildren(...findings());
  fillLines("themes", themes);
  fillLines("sections", sections);
  const gaps = data.sides.flatMap(gapsOf);
  by("gaps").replaceChildren(...(gaps.length ? gaps : [make("p", {}, words.allFound)]));
}

function readAddress() {
  const address = new URLSearchParams(location.hash.slice(1));
  page.language = address.get("lang") === "en" ? "en" : "zh";
  page.words = WORDS[page.language];
  page.order = ORDERS.includes(address.get("order")) ? address.get("order") : "scheme";
  draw();
}

function change(name, value, usual) {
  const address = new URLSearchParams(location.hash.slice(1));
  address.delete(name);
  if (value !== usual) address.set(name, value);
  history.replaceState(null, "", address.size ? `#${address}` : location.pathname + location.search);
  readAddress();
}

by("language").addEventListener("click", () => change("lang", page.language === "zh" ? "en" : "zh", "zh"));
by("orders").addEventListener("click", (event) => {
  const { order } = event.target.dataset;
  if (!order) return;
  change("order", order, "scheme");
  document.querySelector(`[data-order=${order}]`).focus();
});
addEventListener("hashchange", readAddress);
addEventListener("beforeprint", () => document.querySelectorAll("#gaps details").forEach((node) => { node.open = true; }));
readAddress();
