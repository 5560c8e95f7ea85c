// What the reader does, to choices and back to the page.

function draw() {
  const words = terms();
  shown = paragraphs.filter((paragraph) => fits(paragraph, words));
  cancelAnimationFrame(painting);
  by("list").replaceChildren();
  if (shown.length) paint(0, AT_ONCE);
  else by("list").append(make("p", { class: "empty" }, page.words.empty));
  updateFilters(words);
  updateOutline();
  updateState();
  hideScores();
  writeAddress();
}

function updateState() {
  const all = paragraphs.filter(ofReport).length;
  const body = shown.filter(({ record }) => !record.level).length;
  const sentence = say("count", shown.length, all, body);
  by("count").textContent = chosen.query ? `${sentence} · “${chosen.query}”` : sentence; // print shows no search box
  by("clear").hidden = !(chosen.query || Object.keys(LISTS).some((name) => chosen[name].size));
  by("both").checked = chosen.both;
  by("list").classList.toggle("all", chosen.both);
  by("query").value = chosen.query;
  by("report").value = chosen.report;
}

// Found words are marked without touching the text; browsers without highlights show them unmarked.
function highlight() {
  if (!globalThis.Highlight || !CSS.highlights) return;
  CSS.highlights.delete("found");
  const words = terms();
  if (!words.length) return;
  const ranges = [];
  for (const { node } of shown) {
    for (const element of node.querySelectorAll(".trail, .clean, .original")) {
      for (const word of words) ranges.push(...rangesOf(element, word));
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

// A found word may run through several text nodes where words that earned a theme are marked.
function rangesOf(element, word) {
  const text = element.textContent.toLowerCase();
  const ranges = [];
  if (text.length !== element.textContent.length) return ranges; // a capital that changes its length would shift the marks
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
    const range = document.createRange();
    range.setStart(...placeIn(element, at));
    range.setEnd(...placeIn(element, at + word.length));
    ranges.push(range);
  }
  return ranges;
}

// The text node, and the offset in it, of a place in the element's text.
function placeIn(element, at) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let left = at;
  while (walker.nextNode() && left > walker.currentNode.length) left -= walker.currentNode.length;
  return [walker.currentNode, left];
}

// ---- language

function speak() {
  translate();
  const { words } = page;
  by("query").placeholder = words.searching;
  const labels = { side: words.outline, themes: words.themes, sections: words.section, bands: words.band };
  for (const [id, label] of Object.entries(labels)) by(id).setAttribute("aria-label", label);
  tellNote();
  buildPick();
}

function tellNote() {
  const models = [...new Set(data.reports.map((report) => report.model))].join(" · ");
  const legend = data.explained ? page.words.explained : "";
  by("note").textContent = [legend, data.note, models].filter(Boolean).join(" · ");
}

function buildPick() {
  const all = make("option", { value: "" }, say("all", data.reports.length));
  const each = data.reports.map((report, place) => make("option", { value: String(place) }, nameOf(report)));
  by("report").replaceChildren(...(data.reports.length > 1 ? [all, ...each] : [all]));
  by("report").parentElement.hidden = data.reports.length < 2;
}

// Everything again, in the language and for the report of the address.
function begin() {
  for (const paragraph of paragraphs) paragraph.node = null;
  speak();
  buildFilters();
  buildOutline();
  buildMissing();
  draw();
}

// ---- scores on hover and on focus

let hovered = null;

function showScores(tools) {
  const { record } = byKey.get(tools.closest("article").id.slice(1));
  hovered = tools;
  fillScores(by("scores"), record, page);
  placeNear(by("scores"), tools);
}

function hideScores() {
  hovered = null;
  by("scores").hidden = true;
  light(null, page);
}

function offerScores(event) {
  const aside = event.target.closest(".aside");
  if (aside && aside !== hovered) showScores(aside);
  else if (!aside && hovered) hideScores();
  light(event.target.closest(".chip"), page);
}

// ---- what is under the reader's eyes, in the outline

function follow() {
  const list = by("list").getBoundingClientRect();
  const top = document.querySelector(".state").getBoundingClientRect().bottom + 28;
  const seen = document.elementFromPoint(list.left + 60, Math.max(top, list.top + 4));
  const paragraph = seen && byKey.get(seen.closest("article")?.id.slice(1));
  for (const link of by("outline").querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  const link = paragraph && by("outline").querySelector(`[data-to="${paragraph.under.at(-1)?.key}"]`);
  if (!link) return;
  link.setAttribute("aria-current", "true");
  const box = by("side").getBoundingClientRect();
  const place = link.getBoundingClientRect();
  if (place.top < box.top || place.bottom > box.bottom) by("side").scrollTop += place.top - box.top - box.height / 3;
}

function toggle(set, id) {
  if (!set.delete(id)) set.add(id);
}

const DO = {
  scores: (node) => showScores(node.closest(".aside")),
  original: (node) => {
    const paragraph = byKey.get(node.closest("article").id.slice(1));
    paragraph.opened = !paragraph.node.classList.contains("both");
    showOriginal(paragraph.node, paragraph, page, paragraph.opened);
  },
};

function listen() {
  document.addEventListener("click", (event) => {
    const node = event.target.closest("button");
    if (!node) return;
    if (node.dataset.list) {
      toggle(chosen[node.dataset.list], node.dataset.id);
      draw();
    } else if (node.dataset.to) goTo(node.dataset.to);
    else if (node.dataset.do) DO[node.dataset.do](node);
  });
  by("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the address holds the filters: following the link would clear them
    by("list").focus();
  });
  by("clear").addEventListener("click", () => {
    Object.keys(LISTS).forEach((name) => chosen[name].clear());
    chosen.query = "";
    draw();
    by("query").focus();
  });
  by("language").addEventListener("click", () => {
    page.language = page.language === "zh" ? "en" : "zh";
    begin();
  });
  by("report").addEventListener("change", (event) => {
    chosen.report = event.target.value;
    buildOutline();
    buildMissing();
    draw();
  });
  by("both").addEventListener("change", (event) => {
    chosen.both = event.target.checked;
    for (const paragraph of paragraphs) paragraph.opened = false;
    draw();
  });
  by("missing").addEventListener("toggle", fillNearest);
  by("query").addEventListener("input", (event) => {
    chosen.query = event.target.value;
    draw();
  });
  by("list").addEventListener("mouseover", offerScores);
  by("list").addEventListener("mouseleave", hideScores);
  by("list").addEventListener("focusin", (event) => {
    if (event.target.dataset.do === "scores" && event.target.matches(":focus-visible")) DO.scores(event.target);
    else hideScores();
  });
  by("list").addEventListener("focusout", hideScores);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") hideScores();
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.matches("input, select, textarea")) return;
    event.preventDefault();
    by("query").focus();
  });
  let waiting = 0;
  addEventListener("scroll", () => {
    hideScores();
    waiting ||= requestAnimationFrame(() => {
      waiting = 0;
      follow();
    });
  }, { passive: true });
  addEventListener("hashchange", () => {
    readAddress();
    begin();
  });
  addEventListener("beforeprint", paintRest);
}

function start(contents) {
  by("contents").open = matchMedia("(min-width: 60rem)").matches;
  listen();
  take(contents);
  readAddress();
  begin();
  follow();
}
