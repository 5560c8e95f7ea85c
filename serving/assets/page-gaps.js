// Themes that are not found, with the paragraph that came nearest: the gaps of a report, or of all reports of a side.

function scoreOf(score) {
  return score < 0.005 ? "<0.01" : score.toFixed(2);
}

function near(gap, theme) {
  if (gap.score === null) return make("p", { class: "near" }, `${gap.document} · ${page.words.noneMay}`);
  const track = make("span", { class: "track" }, make("span", { class: "fill" }), make("span", { class: "tick" }));
  track.style.setProperty("--score", gap.score);
  track.style.setProperty("--threshold", theme.threshold);
  const scores = `${page.words.nearest} ${scoreOf(gap.score)} · ${page.words.threshold} ${theme.threshold.toFixed(2)}`;
  const head = make("p", { class: "scored" }, track, make("span", {}, scores), placeOfGap(gap));
  return make("div", { class: "near" }, head, make("blockquote", { lang: "zh-CN" }, gap.words));
}

// On the page of reports it leads there.
function placeOfGap(gap) {
  const place = `${gap.document} · ${say("place", gap.index)}`;
  if (gap.report === undefined) return make("span", {}, place);
  return make("button", { type: "button", class: "quiet", "data-to": `${gap.report}-${gap.index}` }, place);
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

// ---- on the page of reports: those of the report that is shown, or of all

function missing() {
  const reports = data.reports.map((report, place) => ({ ...report, report: place })).filter(ofReport);
  return [...page.themes.keys()].map((id) => {
    const without = reports.filter(({ not_found }) => not_found[id]);
    const gaps = without.map(({ report, not_found }) => ({ ...not_found[id], report }));
    return { id, found: gaps.length < reports.length, reports: reports.length, not_found: gaps };
  }).filter((record) => record.not_found.length);
}

// Closed, it names what no report has; opened, it shows what came nearest.
function buildMissing() {
  const nowhere = missing().filter((record) => !record.found);
  const chips = nowhere.map((record) => chip(page.themes.get(record.id), page.language));
  by("missed").replaceChildren(...(chips.length ? chips : [page.words.noneMissed]));
  by("missing").hidden = !data.reports.length;
  fillNearest();
}

function fillNearest() {
  const records = by("missing").open ? missing() : [];
  records.sort((one, other) => one.found - other.found);
  by("nearest").replaceChildren(...records.map(gapOf));
}
