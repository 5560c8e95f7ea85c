// Corrections: a paragraph's tags in, the reader's answer out; answers leave as lines of examples.jsonl.
// A paragraph that was neither confirmed nor changed is not judged, and is not among them.

page.votes = new Map(); // by the paragraph's place in its text, so that a report may be dropped again
let kept = true;

function vote(paragraph, answer) {
  const { record } = paragraph;
  const { upload, records } = data.reports[paragraph.report];
  const { scheme, segmenter } = upload.answer;
  const { section, themes } = answer;
  page.votes.set(placeOf(record), { record, count: records.length, section, themes, scheme, segmenter });
  changed(paragraph);
}

function changed(paragraph) {
  kept = !page.votes.size;
  paintTags(paragraph.node, paragraph, page);
  paragraph.node.querySelector(".editor")?.replaceWith(editor(paragraph));
  tellVotes();
}

function tellVotes() {
  by("judged").textContent = say("votes", page.votes.size);
  by("votes").hidden = !page.votes.size;
}

// ---- the form below a paragraph

function editor(paragraph) {
  const { words } = page;
  const form = make("fieldset", { class: "editor" }, make("legend", { class: "unseen" }, words.correction));
  form.append(make("label", {}, `${words.section} `, sectionChoice(paragraph)), themeChoice(paragraph));
  return form;
}

// The cut decides what is a heading; the rest is the reader's.
function sectionChoice({ record }) {
  const answer = answerOf(record, page);
  const fitting = [...page.sections.values()].filter(({ id }) => (id === "heading") === record.level > 0);
  const choice = make("select", { "data-vote": "section" });
  choice.append(...fitting.map((section) => make("option", { value: section.id }, section[page.language])));
  choice.value = answer.section;
  choice.disabled = fitting.length < 2;
  return choice;
}

function themeChoice({ record }) {
  const answer = answerOf(record, page);
  const group = make("div", { class: "options", role: "group", "aria-label": page.words.themes });
  for (const theme of page.themes.values()) {
    const button = make("button", { type: "button", "data-do": "theme", "data-id": theme.id, title: theme.definition,
      "aria-pressed": String(answer.themes.includes(theme.id)) }, short(theme, page.language));
    button.disabled = !page.sections.get(answer.section).themed;
    group.append(tinted(button, theme));
  }
  return group;
}

function paragraphOf(node) {
  return byKey.get(node.closest("article").id.slice(1));
}

// The same control again after the form was made anew.
function refocus(paragraph, selector) {
  paragraph.node.querySelector(selector).focus();
}

Object.assign(DO, {
  confirm: (node) => {
    const paragraph = paragraphOf(node);
    if (!page.votes.delete(placeOf(paragraph.record))) vote(paragraph, paragraph.record);
    else changed(paragraph);
  },
  correct: (node) => {
    const paragraph = paragraphOf(node);
    const open = paragraph.node.querySelector(".editor");
    node.setAttribute("aria-expanded", String(!open));
    if (open) open.remove();
    else paragraph.node.append(editor(paragraph));
    if (!open) refocus(paragraph, ".editor :enabled");
  },
  theme: (node) => {
    const paragraph = paragraphOf(node);
    const { section, themes } = answerOf(paragraph.record, page);
    const wanted = new Set(themes);
    toggle(wanted, node.dataset.id);
    vote(paragraph, { section, themes: [...page.themes.keys()].filter((id) => wanted.has(id)) });
    refocus(paragraph, `.editor [data-id=${node.dataset.id}]`);
  },
});

function chooseSection(choice) {
  const paragraph = paragraphOf(choice);
  const { themes } = answerOf(paragraph.record, page);
  vote(paragraph, { section: choice.value, themes: page.sections.get(choice.value).themed ? themes : [] });
  refocus(paragraph, ".editor select");
}

// ---- out

const PLACE = ["document", "sha256", "index", "start", "end", "text", "clean", "level", "marker", "path"];

async function downloadVotes() {
  const answers = [...page.votes.values()].map(({ record, ...rest }) => ({
    ...Object.fromEntries(PLACE.map((name) => [name, record[name]])), ...rest,
  }));
  const body = JSON.stringify({ annotator: by("annotator").value.trim(), answers });
  save(await ask("v1/votes", { body, form: "jsonl", read: "blob" }), "examples.jsonl");
  kept = true;
}
