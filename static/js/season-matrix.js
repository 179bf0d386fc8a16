// The matrix of a round: one cell is open at a time, and Escape closes it. Without this file cells open and close alike.

const cells = [...document.querySelectorAll(".matrix details")];

document.addEventListener("click", (event) => {
  for (const cell of cells) if (cell.open && !cell.contains(event.target)) cell.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const cell of cells.filter((one) => one.open)) {
    cell.open = false;
    cell.querySelector("summary").focus();
  }
});
