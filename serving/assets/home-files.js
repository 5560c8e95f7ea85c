// The reader's files: each is sent, shown, sent again for the words that earned its themes, exported or removed.

const desk = { uploads: [], labels: { themes: [], sections: [] }, pasted: 0, most: 0, queue: Promise.resolve() };

// Of files that come together the first is shown when it is ready, the others wait to be chosen.
function add(files) {
  const uploads = [...files].map((file, place) => ({ file, leads: !place, state: "waiting", answer: null, problem: null }));
  desk.uploads.push(...uploads);
  listFiles();
  uploads.forEach(send);
}

function send(upload) {
  Object.assign(upload, { state: "waiting", problem: null });
  enqueue(upload, tagFile);
}

// One after the other, in the order they came; what broke one must not keep the next.
function enqueue(upload, work) {
  desk.queue = desk.queue.catch(() => {}).then(() => desk.uploads.includes(upload) && attempt(upload, work));
}

async function attempt(upload, work) {
  try {
    await work(upload);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    Object.assign(upload, { state: upload.answer ? "tagged" : "failed", problem: error.problem });
  }
  listFiles();
}

// Tags are shown at once; the words that earned them take many times as long and come after the tags of all files.
async function tagFile(upload) {
  upload.state = "tagging";
  listFiles();
  await readHere(upload);
  upload.answer = await ask("v1/reports", { body: formOf([upload.file]) });
  desk.labels = await ask("v1/labels", {});
  upload.state = by("explain").checked ? "marking" : "tagged";
  markStale();
  showReports(upload);
  if (upload.state === "marking") enqueue(upload, markWords);
}

// Into memory: a file that changes on the disk could not be sent again.
async function readHere(upload) {
  const { file } = upload;
  if (file.size > desk.most) throw new Refused({ status: 413 });
  const bytes = await file.arrayBuffer().catch(() => { throw new Refused({ status: 422 }); }); // a folder, or gone
  upload.file = new File([bytes], file.name);
}

// What was tagged under another scheme cannot be shown beside this one.
function markStale() {
  for (const upload of desk.uploads) {
    if (!upload.answer || upload.answer.scheme === desk.labels.fingerprint) continue;
    Object.assign(upload, { answer: null, state: "failed", problem: { status: "stale" } });
  }
}

async function markWords(upload) {
  const answer = await ask("v1/reports?explain=true", { body: formOf([upload.file]) });
  if (answer.model !== upload.answer.model || answer.segmenter !== upload.answer.segmenter) throw new Refused({ status: "stale" });
  upload.state = "tagged";
  upload.answer.reports.forEach((report, place) => report.paragraphs.forEach((record, index) => {
    record.earned = answer.reports[place].paragraphs[index].earned;
  }));
  data.explained = true;
  tellNote();
  paragraphs.forEach(markAgain);
  highlight();
}

function tagged() {
  return desk.uploads.filter(({ answer }) => answer);
}

// ---- to the page

function contentsOf(uploads) {
  const reports = uploads.flatMap((upload) => upload.answer.reports.map((report) => ({
    document: report.document, model: upload.answer.model, records: report.paragraphs, not_found: report.not_found, upload,
  })));
  const explained = reports.some(({ records }) => records.some(({ earned }) => earned));
  return { ...desk.labels, reports, explained, note: "" };
}

// Show what is tagged: the newest where it leads, else what was shown before.
function showReports(newest) {
  const before = data.reports.length > 1 && chosen.report === "" ? null : data.reports[Number(chosen.report)];
  take(contentsOf(tagged()));
  const isWanted = newest?.leads ? ({ upload }) => upload === newest : ({ records }) => records === before?.records;
  const place = data.reports.findIndex(isWanted);
  chosen.report = data.reports.length > 1 && place >= 0 ? String(place) : "";
  document.body.classList.toggle("fresh", !data.reports.length);
  by("actions").hidden = !data.reports.length;
  begin();
  listSides();
}

function remove(upload) {
  desk.uploads.splice(desk.uploads.indexOf(upload), 1);
  listFiles();
  showReports(null);
  by("choose").focus();
}

// ---- the list

function listFiles() {
  by("files").replaceChildren(...desk.uploads.map(lineOfFile));
}

function lineOfFile(upload) {
  const { words } = page;
  const node = make("li", { class: upload.state }, make("b", { lang: "zh-CN" }, upload.file.name));
  node.append(make("span", { class: "what" }, upload.answer ? sumOf(upload) : words[upload.state] || ""));
  const act = (name, work) => {
    const button = make("button", { type: "button", class: "quiet", "aria-label": `${words[name]} ${upload.file.name}` }, words[name]);
    button.addEventListener("click", work);
    node.append(button);
  };
  if (upload.problem) act("retry", () => send(upload));
  if (upload.state !== "tagging") act("remove", () => remove(upload));
  node.append(...remarksOf(upload).map((remark) => make("p", { class: "remark" }, remark)));
  return node;
}

function sumOf({ answer, state }) {
  const counts = answer.reports.map((report) => report.counts);
  const sum = (name) => counts.reduce((all, each) => all + each[name], 0);
  return [say("tagged", counts.length, sum("paragraphs"), sum("body")), state === "marking" && page.words.marking].filter(Boolean).join(" · ");
}

function remarksOf({ answer, problem }) {
  const remarks = problem ? [told(problem)] : [];
  if (!answer) return remarks;
  const unread = answer.not_tagged.map((each) => `${page.words.notTagged}: ${each.document} · ${each.message} · ${each.hint}`);
  const others = answer.left_out ? [say("leftOut", answer.left_out)] : [];
  return [...remarks, ...answer.reports.flatMap((report) => report.warnings), ...unread, ...others];
}

// ---- exports: made by the service, of the report that is shown, or of all

async function exportReports(form) {
  const shown = data.reports.filter((_, place) => ofReport({ report: place }));
  const files = [...new Set(shown.map(({ upload }) => upload.file))];
  const query = data.explained && ["html", "json"].includes(form) ? "?explain=true" : "";
  const blob = await ask(`v1/reports${query}`, { body: formOf(files), form, read: "blob" });
  save(blob, files.length === 1 ? `${files[0].name}.${form}` : `fazhi.${form}`);
}
