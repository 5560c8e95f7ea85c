// The page of the service: what the reader does to files, views, exports and votes. Shows reports with the scripts of the
// page of `fazhi tag`, comparisons with those of `fazhi tag --compare`.

const EXPORTS = ["xlsx", "csv", "html", "json"];

function listenFiles() {
  by("choose").addEventListener("click", () => by("file").click());
  by("file").addEventListener("change", () => {
    add(by("file").files);
    by("file").value = "";
  });
  by("write").addEventListener("click", () => openPaste(by("paste").hidden));
  by("paste").addEventListener("submit", (event) => {
    event.preventDefault();
    addText();
  });
  by("locked").addEventListener("submit", (event) => {
    event.preventDefault();
    desk.uploads.filter(({ problem }) => problem).forEach(send);
  });
  by("text").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) by("paste").requestSubmit();
  });
}

function openPaste(open) {
  by("paste").hidden = !open;
  by("write").setAttribute("aria-expanded", String(open));
  if (open) by("text").focus();
}

function addText() {
  desk.pasted += 1;
  add([new File([by("text").value], `${page.words.pastedName} ${desk.pasted}.txt`)]);
  by("text").value = "";
  openPaste(false);
  by("write").focus();
}

// Anywhere on the page: a browser would open a file that is dropped beside the field.
function listenDrops() {
  const over = (event) => {
    event.preventDefault();
    by("drop").classList.toggle("over", event.type === "dragover");
  };
  for (const name of ["dragover", "dragleave", "drop"]) addEventListener(name, over);
  addEventListener("drop", (event) => add(event.dataTransfer.files));
  addEventListener("paste", (event) => {
    if (event.target.closest("input, textarea")) return;
    const { files } = event.clipboardData;
    if (files.length) {
      add(files);
      return;
    }
    openPaste(true);
    by("text").value = event.clipboardData.getData("text/plain");
  });
}

function listenActions() {
  by("views").addEventListener("click", (event) => event.target.dataset.view && look(event.target.dataset.view));
  by("exports").addEventListener("click", (event) => {
    const { form } = event.target.dataset;
    if (form) trying(() => (page.view === "comparison" ? exportComparison(form) : exportReports(form)));
  });
  by("votes").addEventListener("submit", (event) => {
    event.preventDefault();
    trying(downloadVotes);
  });
  by("list").addEventListener("change", (event) => event.target.dataset.vote && chooseSection(event.target));
  by("pair").addEventListener("change", () => trying(compareFiles));
  by("theme-lines").addEventListener("click", (event) => event.target.dataset.beside && toggleBeside(event.target));
  listenOrders((wanted) => {
    order = wanted;
    fillComparison(order);
  });
  addEventListener("beforeunload", (event) => {
    if (!kept) event.preventDefault();
  });
}

// What page-events.js does not know of, in the reader's language.
function translateHome() {
  const { words } = page;
  by("kinds").textContent = say("kinds", desk.endings.join(" "), desk.most / 1e6);
  by("file").accept = desk.endings.join(",");
  by("annotator").placeholder = words.annotator;
  by("views").setAttribute("aria-label", words.views);
  by("exports").setAttribute("aria-label", words.export);
  data.note = words.noteHome;
  listFiles();
  tellVotes();
  showComparison();
}

const settings = JSON.parse(by("data").textContent);
Object.assign(desk, { endings: settings.endings, most: settings.most });
page.view = "reading";
by("locked").hidden = !settings.needs_key;
by("exports").append(...EXPORTS.map((form) => make("button", { type: "button", "data-form": form }, form.toUpperCase())));
document.addEventListener("translated", translateHome);
listenFiles();
listenDrops();
listenActions();
start(contentsOf([]));
