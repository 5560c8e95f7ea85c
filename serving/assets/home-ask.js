// Requests to the service that this page came from: files or JSON in, an answer or a problem out. The key of the reader
// is read from its field for each request and kept nowhere else.

class Refused extends Error {
  constructor(problem) {
    super(problem.message || String(problem.status));
    this.problem = problem;
  }
}

const FORMS = {
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", csv: "text/csv", html: "text/html",
  json: "application/json", jsonl: "application/jsonl",
};

// `read` is how the answer is wanted: "json" or "blob".
async function ask(path, { body, form = "json", read = "json" }) {
  const headers = { Accept: FORMS[form], ...keyHeader() };
  if (typeof body === "string") headers["Content-Type"] = FORMS.json;
  try {
    const answer = await fetch(path, { method: body ? "POST" : "GET", headers, body, credentials: "omit", cache: "no-store" });
    if (!answer.ok) throw new Refused(await problemOf(answer));
    return await answer[read]();
  } catch (error) {
    throw error instanceof Refused ? error : new Refused({ status: 0 });
  }
}

function keyHeader() {
  const key = by("key").value.trim();
  if (!/^[!-~]*$/.test(key)) throw new Refused({ status: 401 }); // no header can carry it
  return key ? { Authorization: `Bearer ${key}` } : {};
}

async function problemOf(answer) {
  const problem = { status: answer.status, seconds: Number(answer.headers.get("Retry-After")) || 1 };
  if (answer.headers.get("Content-Type") !== FORMS.json) return problem; // of a proxy before the service
  const { error } = await answer.json();
  return { ...problem, message: error.message, hint: error.hint };
}

function told({ status, seconds, message, hint }) {
  const sentences = SENTENCES[page.language].problem;
  const sentence = (sentences[status] || sentences.other)(seconds, status);
  return [sentence, message, hint].filter(Boolean).join(" · ");
}

// Refused here where the service would: it would close the connection before its answer is read.
function formOf(files) {
  if (files.reduce((size, file) => size + file.size, 0) > desk.most) throw new Refused({ status: 413 });
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  return form;
}

function save(blob, name) {
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Do what may be refused, and say why below the files.
async function trying(work) {
  by("said").textContent = "";
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    by("said").textContent = told(error.problem);
  }
}
