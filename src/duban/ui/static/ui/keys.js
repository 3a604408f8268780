// Keys: / searches, ? shows the shortcuts, g and a letter goes to [data-go="letter"], Escape closes menus.
let going = 0;

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

function visible(selector) {
  return [...document.querySelectorAll(selector)].find((element) => element.checkVisibility?.() ?? true);
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const wasGoing = Date.now() - going < 1500;
  going = 0;
  if (wasGoing) {
    const place = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (place) { event.preventDefault(); place.click(); }
  } else if (event.key === "g") {
    going = Date.now();
  } else if (event.key === "/") {
    const search = visible("[data-search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  } else if (event.key === "?") {
    document.getElementById("shortcuts").showModal();
  }
}

document.addEventListener("keydown", press);
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-shortcuts]")) document.getElementById("shortcuts").showModal();
});
