// What all pages stand on: language, labels; one paragraph to its elements, and the panel of its scores. Knows nothing
// of filters. Text reaches the page as text nodes only; no string is ever parsed as HTML.

const by = (id) => document.getElementById(id);
const page = { language: "zh", words: WORDS.zh, themes: new Map(), sections: new Map() };
const say = (name, ...figures) => SENTENCES[page.language][name](...figures);

function know(labels) {
  page.themes = new Map(labels.themes.map((theme) => [theme.id, theme]));
  page.sections = new Map((labels.sections || []).map((section) => [section.id, section]));
}

// Everything that stands in the page's own HTML, in the reader's language.
function translate() {
  const { language } = page;
  const words = page.words = WORDS[language];
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = words[node.dataset.word];
  document.title = `${document.querySelector("h1").textContent} · fazhi`;
  by("language").textContent = words.language;
  by("language").lang = language === "zh" ? "en" : "zh-CN";
  document.dispatchEvent(new Event("translated"));
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Colours go through the style object: the policy of the page forbids style attributes.
function tinted(node, theme) {
  node.style.setProperty("--theme", theme.color);
  node.style.setProperty("--ink", theme.ink);
  return node;
}

// English chips are made of ids: "legal_services" reads "Legal services"; the full name is the tool tip.
function short(theme, language) {
  if (language === "zh") return theme.short;
  const words = theme.id.replaceAll("_", " ");
  return words[0].toUpperCase() + words.slice(1);
}

function chip(theme, language) {
  const node = make("span", { class: "chip", "data-theme": theme.id, title: theme[language] }, short(theme, language));
  return tinted(node, theme);
}

// The heads that a paragraph stands under; a heading stands under its own.
function trailOf(record) {
  return record.path.join(" › ");
}

function titleOf(report) {
  const title = report.records.find((record) => record.section === "title");
  return title ? title.clean : nameOf(report);
}

function nameOf(report) {
  return report.document.split(/[\\/]/).pop();
}

function reportHead(report, words) {
  const head = make("header", { class: "report" }, make("h2", {}, titleOf(report)));
  head.append(make("p", {}, `${report.document} · ${words.model} ${report.model}`));
  return head;
}

// The reader's own answer, on a page that takes corrections; else the model's.
function answerOf(record, page) {
  return page.votes?.get(placeOf(record)) || record;
}

function placeOf({ sha256, start, end }) {
  return `${sha256}:${start}:${end}`;
}

function tagsOf(record, page) {
  const { words, language } = page;
  const answer = answerOf(record, page);
  const tags = make("div", { class: "tags" });
  if (answer !== record) tags.append(make("span", { class: "judged", title: words.judgedHint }, words.judged));
  else if (record.band === "check") tags.append(make("span", { class: "mark", title: words.checkHint }, words.check));
  const section = page.sections.get(answer.section);
  tags.append(make("span", { class: "section", title: section.definition }, section[language]));
  tags.append(...answer.themes.map((id) => chip(page.themes.get(id), language)));
  tags.append(...record.flags.map((flag) => make("span", { class: "flag" }, words[flag] || flag)));
  return tags;
}

// What a button does and to which paragraph, for those who hear the page.
function label(button, word, paragraph) {
  button.textContent = word;
  button.setAttribute("aria-label", `${word} ${page.words.report} ${paragraph.report + 1}, ${paragraph.record.index}`);
  return button;
}

function buttonsOf(paragraph, page) {
  const tool = (name, attributes) =>
    label(make("button", { type: "button", class: "quiet", "data-do": name, ...attributes }), page.words[name], paragraph);
  const tools = make("div", { class: "tools" });
  tools.append(tool("scores", { "aria-describedby": "scores" }), tool("original", { "aria-expanded": "false" }));
  if (page.votes) tools.append(tool("confirm", {}), tool("correct", { "aria-expanded": "false" }));
  return tools;
}

// Bands of colour, one for each theme, from top to bottom.
function stripe(record, page) {
  const colors = answerOf(record, page).themes.map((id) => page.themes.get(id).color);
  const part = 100 / colors.length;
  const bands = colors.map((color, at) => `${color} ${at * part}% ${(at + 1) * part}%`);
  return colors.length ? `linear-gradient(${bands.join(", ")})` : "none";
}

// What an answer changes of a paragraph.
function paintTags(node, paragraph, page) {
  const { record } = paragraph;
  node.querySelector(".tags").replaceWith(tagsOf(record, page));
  node.classList.toggle("answered", answerOf(record, page) !== record);
  node.querySelector(".content").style.setProperty("--stripe", stripe(record, page));
  const confirm = node.querySelector("[data-do=confirm]");
  if (confirm) label(confirm, answerOf(record, page) === record ? page.words.confirm : page.words.undo, paragraph);
}

// The element of a heading keeps its rank, so that screen readers can walk the report.
function textOf(record, page) {
  const tag = record.level ? `h${Math.min(record.level + 2, 6)}` : "p";
  return make(tag, { class: "clean", lang: "zh-CN" }, ...marked(record, page, false));
}

function article(paragraph, page) {
  const { record } = paragraph;
  const kind = record.level ? `heading level-${record.level}` : record.section;
  const node = make("article", { id: `p${paragraph.key}`, class: `paragraph ${kind} band-${record.band}` });
  const number = make("span", { class: "number", title: `${page.words.place} ${record.start}–${record.end}` });
  number.append(String(record.index));
  const content = make("div", { class: "content" }, make("p", { class: "trail", lang: "zh-CN" }), textOf(record, page));
  const aside = make("div", { class: "aside" }, make("div", { class: "tags" }), buttonsOf(paragraph, page));
  node.append(number, content, aside);
  paintTags(node, paragraph, page);
  return node;
}

// The words that earned the themes came later than the paragraph.
function markAgain({ node, record }) {
  if (!node) return;
  node.querySelector(".clean").replaceChildren(...marked(record, page, false));
  node.querySelector(".original")?.replaceChildren(...marked(record, page, true), ...sameNote(record));
}

function sameNote(record) {
  return record.text === record.clean ? [make("small", {}, page.words.same)] : [];
}

// The original is built when it is first asked for: most readers never open most of them.
function showOriginal(node, paragraph, page, open) {
  const { words } = page;
  const content = node.querySelector(".content");
  let original = content.querySelector(".original");
  if (!original && open) {
    original = make("div", { class: "original", lang: "zh-CN", "data-label": words.original },
      ...marked(paragraph.record, page, true), ...sameNote(paragraph.record));
    content.querySelector(".clean").setAttribute("data-label", words.clean);
    content.append(original);
  }
  node.classList.toggle("both", open);
  node.querySelector("[data-do=original]").setAttribute("aria-expanded", String(open));
}

function scoreRow(name, score, threshold, over) {
  const track = make("span", { class: "track" }, make("span", { class: "fill" }));
  track.style.setProperty("--score", score);
  if (threshold !== null) {
    track.append(make("span", { class: "tick" }));
    track.style.setProperty("--threshold", threshold);
  }
  const figure = make("span", { class: "figure" }, score.toFixed(2));
  const limit = make("span", { class: "limit" }, threshold === null ? "" : threshold.toFixed(2));
  return make("div", { class: over ? "row over" : "row" }, make("span", { class: "name" }, name), track, figure, limit);
}

function fillScores(panel, record, page) {
  const { words, language } = page;
  const head = make("div", { class: "row head" }, make("span", { class: "name" }, words.themes), make("span"),
    make("span", { class: "figure" }, words.scores), make("span", { class: "limit" }, words.threshold));
  const rows = [...page.themes.values()].map((theme) => {
    const over = record.themes.includes(theme.id);
    return tinted(scoreRow(short(theme, language), record.theme_scores[theme.id], theme.threshold, over), theme);
  });
  const section = page.sections.get(record.section);
  const last = scoreRow(section[language], record.section_score, null, true);
  last.classList.add("certain");
  panel.replaceChildren(head, ...rows, last);
}

// Below what it belongs to, or above where there is no room; always inside the window.
function placeNear(panel, anchor) {
  panel.hidden = false;
  const place = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = place.bottom + 6 + height < innerHeight;
  panel.style.top = `${below ? place.bottom + 6 : Math.max(8, place.top - height - 6)}px`;
  panel.style.left = `${Math.max(8, Math.min(place.left, innerWidth - width - 16))}px`;
}
