// The page of a comparison: what stands in it, in the language and order of the address (#lang=en&order=change).
// Nothing is stored.

function readAddress() {
  const address = new URLSearchParams(location.hash.slice(1));
  page.language = address.get("lang") === "en" ? "en" : "zh";
  translate();
  fillComparison(ORDERS.includes(address.get("order")) ? address.get("order") : "scheme");
}

function change(name, value, usual) {
  const address = new URLSearchParams(location.hash.slice(1));
  address.delete(name);
  if (value !== usual) address.set(name, value);
  history.replaceState(null, "", address.size ? `#${address}` : location.pathname + location.search);
  readAddress();
}

const contents = JSON.parse(by("data").textContent);
know(contents);
takeComparison(contents);
by("language").addEventListener("click", () => change("lang", page.language === "zh" ? "en" : "zh", "zh"));
listenOrders((order) => change("order", order, "scheme"));
addEventListener("hashchange", readAddress);
readAddress();
