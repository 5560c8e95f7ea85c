// The words that earned each theme, where they were asked for (`--explain`): a record in, its text with marks out.
// Stretches of several themes may overlap, so text is cut wherever one begins or ends; places count code points.

function stretchesOf(record, original) {
  const spanOf = ({ start, end, clean }) => (original ? [start - record.start, end - record.start] : clean);
  return Object.entries(record.earned || {}).flatMap(([id, sentence]) => [
    { id, kind: "sentence", span: spanOf(sentence) },
    ...(sentence.words ? [{ id, kind: "words", span: spanOf(sentence.words) }] : []),
  ]);
}

function marked(record, page, original) {
  const text = original ? record.text : record.clean;
  const stretches = stretchesOf(record, original);
  if (!stretches.length) return [text];
  const characters = [...text];
  const cuts = new Set([0, characters.length, ...stretches.flatMap(({ span }) => span)]);
  const places = [...cuts].sort((one, other) => one - other);
  return places.slice(1).map((end, at) => {
    const here = stretches.filter(({ span }) => span[0] <= places[at] && end <= span[1]);
    return stretch(characters.slice(places[at], end).join(""), here, page);
  });
}

// A line below the words in the colour of each theme, one under the other.
function stretch(text, here, page) {
  if (!here.length) return text;
  const idsOf = (kind) => here.filter((each) => each.kind === kind).map(({ id }) => id);
  const words = idsOf("words").map((id) => page.themes.get(id));
  const node = make("span", { class: "earned", "data-themes": idsOf("sentence").join(" ") }, text);
  if (!words.length) return node;
  const names = words.map((theme) => theme[page.language]).join(" · ");
  node.setAttribute("title", `${page.words.earned}: ${names}`);
  node.style.boxShadow = words.map(({ color }, row) => `0 ${2 * row + 2}px color-mix(in srgb, ${color} 80%, var(--text))`).join(", ");
  return node;
}

// The sentence that earned the theme under the pointer.
let lit = [];

function light(chip, page) {
  for (const node of lit) node.classList.remove("lit");
  const id = chip?.dataset.theme;
  const stretches = id ? [...chip.closest("article").querySelectorAll(".earned")] : [];
  lit = stretches.filter((node) => node.dataset.themes.split(" ").includes(id));
  for (const node of lit) tinted(node, page.themes.get(id)).classList.add("lit");
}
