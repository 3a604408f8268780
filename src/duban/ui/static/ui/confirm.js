// hx-confirm and form[data-confirm]: asks in the page's own dialog, with the sentence given.
const dialog = document.getElementById("confirm");

function ask(question, then) {
  dialog.querySelector("#confirm-question").textContent = question;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && then(), { once: true });
  dialog.showModal();
}

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, () => event.detail.issueRequest(true));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed) return delete form.dataset.confirmed;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(question, () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(event.submitter);
  });
}, true);
