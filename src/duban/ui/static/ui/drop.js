// [data-drop]: a file field that also takes what is dropped on it, and says what was chosen.
const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function tell(drop) {
  const files = [...drop.querySelector("input[type=file]").files];
  drop.querySelector("[data-chosen]").textContent = files.map((file) => `${file.name} (${size(file.size)})`).join("; ");
  drop.classList.toggle("db-drop-full", files.length > 0);
}

document.addEventListener("change", (event) => {
  const drop = event.target.closest?.("[data-drop]");
  if (drop) tell(drop);
});

for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    const drop = event.target.closest?.("[data-drop]");
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("db-drop-over", name === "dragenter" || name === "dragover");
    if (name !== "drop" || !event.dataTransfer.files.length) return;
    const input = drop.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
