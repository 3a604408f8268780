// [data-dismiss] closes a message; a request that fails is told in the words of #trouble; a form with errors gets the focus.
document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest("[data-message]").remove());

function tell(kind) {
  const words = document.getElementById("trouble");
  const message = words.content.cloneNode(true);
  message.querySelector("p").textContent = words.dataset[kind];
  document.getElementById("messages").replaceChildren(message);
}

document.addEventListener("htmx:sendError", () => tell("offline"));
document.addEventListener("htmx:timeout", () => tell("offline"));
document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  tell(status >= 500 ? "broken" : status === 404 || status === 410 ? "missing" : "refused");
});

const toProblems = () => document.querySelector("[data-problems]")?.focus();
document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.("[data-problems]")?.focus());
toProblems();
