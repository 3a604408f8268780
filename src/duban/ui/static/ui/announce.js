// [data-announce]: after a swap, listeners hear what the new part says of itself ("34 in all").
document.addEventListener("htmx:afterSettle", (event) => {
  const said = event.target.closest?.("[data-announce]")?.dataset.announce;
  const place = document.getElementById("announce");
  if (said && place) place.textContent = said;
});
