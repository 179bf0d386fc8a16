// A page that is made for paper: its button prints. Without this file the browser's own menu does.

for (const button of document.querySelectorAll("[data-print-now]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
