// The comparison: records in, sides, bars and gaps out. `make`, `tinted` and `chip` come from page-view.js.

const ORDERS = ["scheme", "size", "change"];
let compared = null; // the sides, with the lines of their themes and sections

function takeComparison(contents) {
  const sections = linesOf("section", contents).filter((line) => line.sides.some((each) => each.found));
  compared = { ...contents, themes: linesOf("theme", contents), sections };
}

// Records of one label stand together, one for each side.
function linesOf(kind, { records, sides: { length } }) {
  const mine = records.filter((record) => record.kind === kind);
  const lines = [];
  for (let at = 0; at < mine.length; at += length) {
    const sides = mine.slice(at, at + length);
    lines.push({ id: sides[0].id, sides, difference: sides.at(-1).difference, most: Math.max(...sides.map((each) => each.share)) });
  }
  return lines;
}

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
  const { sides, themes, same, shared } = compared;
  const everywhere = themes.filter((line) => line.sides.every((each) => each.found));
  const nowhere = themes.filter((line) => !line.sides.some((each) => each.found));
  const found = [finding(say("both", everywhere.length, themes.length))];
  if (same) found.unshift(finding(page.words.sameReports));
  else if (shared) found.unshift(finding(say("shared", shared)));
  sides.forEach((side, place) => {
    const only = themes.filter((line) => line.sides.every((each, other) => each.found === (other === place)));
    if (only.length) found.push(finding(say("only", side.letter), only));
  });
  if (nowhere.length) found.push(finding(say("nowhere"), nowhere));
  return found;
}

// ---- bars

// Paler from side to side, so that a print in grey can be read too; the letter beside each bar says it again.
function paleness(place) {
  return `${100 - Math.round((65 * place) / (compared.sides.length - 1))}%`;
}

function several() {
  return compared.sides.some((side) => side.documents.length > 1);
}

function percent(share) {
  return `${(100 * share).toFixed(1)}%`;
}

function barOf(record, place, most) {
  const node = make("div", { class: "one" }, make("b", { class: "letter" }, record.side));
  const about = [say("paragraphs", record.paragraphs)];
  if (several() && record.kind === "theme") about.push(say("reports", record.found_in, record.reports));
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
  const opens = theme && compared.beside ? { type: "button", "data-beside": line.id, "aria-expanded": "false" } : null;
  const name = make(opens ? "button" : "div", { class: "name", ...opens }, line.sides[0][page.language]);
  if (theme) name.title = theme.definition;
  const bars = make("div", { class: "bars" }, ...line.sides.map((record, place) => barOf(record, place, most)));
  const points = (100 * line.difference).toFixed(1);
  const zero = Number(points) === 0;
  const figure = zero ? "0" : points.replace("-", "−").replace(/^(?=\d)/, "+");
  const difference = make("div", { class: zero ? "difference zero" : "difference" }, say("points", figure));
  const node = make("div", { class: "line", "data-id": line.id }, name, bars, difference);
  return theme ? tinted(node, theme) : node;
}

function fillLines(id, lines, order) {
  const last = compared.sides.at(-1).letter;
  const most = Math.max(...lines.map((line) => line.most)) || 1;
  const head = make("div", { class: "line head" }, make("div"), make("div"), make("div", { class: "difference" }, say("difference", last)));
  by(id).replaceChildren(head, ...[...lines].sort(SORTS[order]).map((line) => lineOf(line, most)));
}

function gapsOf(side, place) {
  const records = compared.themes.map((line) => line.sides[place]).filter((record) => record.not_found.length);
  if (!records.length) return [];
  records.sort((one, other) => one.found - other.found);
  const head = make("h3", {}, make("b", { class: "letter" }, side.letter), make("span", { lang: "zh-CN" }, side.name));
  return [make("div", { class: "gaps" }, head, ...records.map(gapOf))];
}

function fillComparison(order) {
  const { words } = page;
  by("orders").setAttribute("aria-label", words.order);
  by("orders").replaceChildren(...ORDERS.map((each) => make("button", { type: "button", "data-order": each,
    "aria-pressed": String(each === order) }, words[each])));
  by("model").textContent = compared.model;
  by("sides").replaceChildren(...compared.sides.map(card));
  by("findings").replaceChildren(...findings());
  fillLines("theme-lines", compared.themes, order);
  fillLines("section-lines", compared.sections, order);
  const gaps = compared.sides.flatMap(gapsOf);
  by("gaps").replaceChildren(...(gaps.length ? gaps : [make("p", {}, words.allFound)]));
}

// Tell which order the reader chooses; the button keeps the focus when everything was drawn again.
function listenOrders(choose) {
  by("orders").addEventListener("click", (event) => {
    const { order } = event.target.dataset;
    if (!order) return;
    choose(order);
    document.querySelector(`[data-order=${order}]`).focus();
  });
  addEventListener("beforeprint", () => document.querySelectorAll("#gaps details").forEach((node) => { node.open = true; }));
}
