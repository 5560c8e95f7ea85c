// Two of the reader's files beside each other: figures from the service, paragraphs from what is tagged already.

let order = "scheme";

function listSides() {
  const sides = tagged();
  const option = ({ file }, place) => make("option", { value: String(place) }, file.name);
  const choices = ["A", "B"].map((letter, place) => {
    const select = make("select", { "data-side": letter }, ...sides.map(option));
    select.value = String(sides.length > 1 ? place : 0);
    return make("label", {}, make("b", { class: "letter" }, letter), select);
  });
  by("pair").replaceChildren(...choices);
  const button = document.querySelector("[data-view=comparison]");
  button.disabled = sides.length < 2;
  look(sides.length < 2 ? "reading" : page.view);
}

function pair() {
  const sides = tagged();
  return [...by("pair").querySelectorAll("select")].map((select) => sides[Number(select.value)]);
}

// Show the reports, or two of them beside each other.
function look(view) {
  const before = page.view;
  page.view = view;
  by("reading").hidden = view !== "reading";
  by("comparison").hidden = view !== "comparison";
  document.body.classList.toggle("comparing", view === "comparison");
  for (const node of by("views").children) node.setAttribute("aria-pressed", String(node.dataset.view === view));
  if (view === "comparison" && before !== view) trying(compareFiles);
}

async function compareFiles() {
  by("sides-shown").hidden = true;
  by("said").textContent = page.words.comparing;
  const sides = pair();
  const answer = await ask("v1/compare", { body: formOf(sides.map(({ file }) => file)) });
  by("said").textContent = "";
  takeComparison({ ...answer, beside: sides });
  showComparison();
}

function showComparison() {
  if (!compared) return;
  fillComparison(order);
  by("sides-shown").hidden = false;
}

// ---- the paragraphs on a theme, one column a side

function toggleBeside(button) {
  const line = button.closest(".line");
  const open = line.nextElementSibling?.matches(".beside") ? line.nextElementSibling : null;
  button.setAttribute("aria-expanded", String(!open));
  if (open) open.remove();
  else line.after(make("div", { class: "beside" }, ...compared.beside.map((upload, place) => columnOf(upload, place, button.dataset.beside))));
}

function columnOf(upload, place, theme) {
  const column = make("div", {}, make("b", { class: "letter" }, compared.sides[place].letter));
  for (const { document: name, paragraphs: records } of upload.answer.reports) {
    const fitting = records.filter(({ themes }) => themes.includes(theme));
    if (upload.answer.reports.length > 1 && fitting.length) column.append(make("p", { class: "rule" }, name));
    column.append(...fitting.map((record) => make("p", { lang: "zh-CN", class: record.level ? "head" : "" },
      make("span", { class: "number" }, String(record.index)), " ", record.clean)));
  }
  if (column.children.length === 1) column.append(make("p", { class: "rule" }, page.words.notFound));
  return column;
}

async function exportComparison(form) {
  const body = formOf(pair().map(({ file }) => file));
  save(await ask("v1/compare", { body, form, read: "blob" }), `compare.${form}`);
}
