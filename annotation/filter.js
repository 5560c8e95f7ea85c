// Shows the items that have every value chosen and hold the words typed; without it all items stand there.

for (const form of document.querySelectorAll(".filter")) {
  const items = [...document.getElementById(form.dataset.of).children];
  const texts = items.map((item) => item.textContent.toLowerCase());
  const controls = [...form.elements].filter((control) => control.name);

  const fits = (item, text) => controls.every((control) =>
    control.name === "words"
      ? text.includes(control.value.trim().toLowerCase())
      : !control.value || item.dataset[control.name].split(" ").includes(control.value));

  const refresh = () => {
    let shown = 0;
    items.forEach((item, place) => {
      item.hidden = !fits(item, texts[place]);
      shown += item.hidden ? 0 : 1;
    });
    form.querySelector("output").value = `${shown} / ${items.length}`;
  };

  form.hidden = false;
  form.addEventListener("input", refresh);
  form.addEventListener("submit", (event) => event.preventDefault());
  refresh();
}
