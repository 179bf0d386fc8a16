// Lists that htmx narrows in place: when what was pressed is gone afterwards, the focus goes to the count that was announced.

document.addEventListener("htmx:afterSettle", () => {
  if (document.activeElement && document.activeElement !== document.body) return;
  const count = document.getElementById("found-count");
  count?.setAttribute("tabindex", "-1");
  count?.focus({ preventScroll: true });
});
