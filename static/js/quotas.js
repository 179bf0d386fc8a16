// The grid of quotas: a column pasted from a spreadsheet goes down the rows, Enter goes to the next, the sum is kept up,
// what differs from what is saved is marked. Without this file the fields, the fillings and the button work all the same.

const form = document.querySelector("[data-quotas]");
const cells = [...form.querySelectorAll("input.cell")];
const sum = form.querySelector("[data-sum]");
const unsaved = form.querySelector("[data-unsaved]");
const words = unsaved?.dataset.words;

function tell() {
  let total = 0;
  let changed = 0;
  for (const cell of cells) {
    const text = cell.value.trim();
    if (/^[0-9]+$/.test(text)) total += Number(text);
    const differs = (text || "0") !== cell.dataset.saved;
    cell.classList.toggle("changed", differs);
    if (differs) changed += 1;
  }
  sum.textContent = String(total);
  if (unsaved) unsaved.textContent = changed ? words.replace("{count}", changed) : "";
}

for (const [place, cell] of cells.entries()) {
  cell.addEventListener("input", tell);
  cell.addEventListener("focus", () => cell.select());
  cell.addEventListener("keydown", (event) => {
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    cells[place + step]?.focus();
  });
  cell.addEventListener("paste", (event) => {
    const lines = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n+$/, "").split("\n");
    if (lines.length < 2) return;
    event.preventDefault();
    for (const [number, line] of lines.entries()) {
      const target = cells[place + number];
      if (target) target.value = line.split("\t").pop().trim();
    }
    tell();
    const beyond = place + lines.length - cells.length;
    if (beyond > 0 && unsaved) unsaved.textContent += ` ${unsaved.dataset.beyond.replace("{count}", beyond)}`;
  });
}
if (cells.length) tell();
