// [data-print] prints; [data-copy="id"] copies the first table in #id as text, to be pasted into a message or a sheet.
const lines = (table) =>
  [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim().replace(/\s*\n\s*/g, " ")).join("\t")).join("\n");

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) window.print();
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(lines(document.querySelector(`#${CSS.escape(button.dataset.copy)} table`)));
  document.getElementById("announce").textContent = button.dataset.copied ?? "";
});
