// Lists of the office. Without this file every link, tick and button works; with it, ticks are
// counted, rows are walked with the arrow keys, and a list that stands whole on its page is sorted
// without asking the server.

const form = document.querySelector("[data-list]");
const filters = document.querySelector("[data-filters]");
const paper = document.querySelector("[data-print]");

if (filters) {
  filters.addEventListener("change", (event) => {
    if (event.target.matches("select")) filters.requestSubmit();
  });
}

for (const columns of document.querySelectorAll(".lf-columns")) {
  columns.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && columns.open) {
      columns.open = false;
      columns.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    if (!columns.contains(event.target)) columns.open = false;
  });
}

if (paper) {
  const button = document.querySelector("[data-print-now]");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  window.print();
}

if (form) {
  const body = form.querySelector("tbody");
  const ofPage = form.querySelector("[data-page]");
  const ofFilter = form.elements.all;
  const count = form.querySelector("[data-ticked]");
  const untick = form.querySelector("[data-untick]");
  const ticks = () => [...body.querySelectorAll(".lt-tick")];
  const rows = () => [...body.rows];
  let last = null;

  form.classList.add("js");

  function tell() {
    if (!count) return;
    const every = ticks();
    const chosen = every.filter((tick) => tick.checked).length;
    for (const tick of every) tick.closest("tr").classList.toggle("sel", tick.checked);
    form.classList.toggle("has-ticks", chosen > 0 || ofFilter.checked);
    count.textContent = ofFilter.checked
      ? form.dataset.all
      : form.dataset.count.replace("{count}", chosen);
    ofPage.checked = chosen > 0 && chosen === every.length;
    ofPage.indeterminate = chosen > 0 && chosen < every.length;
  }

  function tickUpTo(tick) {
    const every = ticks();
    const [from, to] = [every.indexOf(last), every.indexOf(tick)].sort((a, b) => a - b);
    for (const other of every.slice(from, to + 1)) other.checked = tick.checked;
  }

  if (ofPage) {
    ofPage.hidden = false;
    untick.hidden = false;
    ofPage.addEventListener("change", () => {
      for (const tick of ticks()) tick.checked = ofPage.checked;
      if (!ofPage.checked) ofFilter.checked = false;
      tell();
    });
    form.addEventListener("click", (event) => {
      if (!event.target.matches(".lt-tick")) return;
      if (event.shiftKey && last) tickUpTo(event.target);
      last = event.target;
    });
    form.addEventListener("change", (event) => {
      if (event.target.matches(".lt-tick")) {
        if (!event.target.checked) ofFilter.checked = false;
        tell();
      } else if (event.target === ofFilter) {
        for (const tick of ticks()) tick.checked = ofFilter.checked;
        tell();
      }
    });
    form.addEventListener("reset", () => setTimeout(tell));
    tell();
  }

  // --- Keys: arrows move from row to row, space ticks, Enter follows the link that has the focus ---

  const stop = (row) => row && (row.querySelector(".f1 a") || row.querySelector(".lt-tick"));

  form.querySelector(".lt").addEventListener("keydown", (event) => {
    const row = event.target.closest("tbody tr");
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && (row || event.target.matches(".lt"))) {
      const every = rows();
      const at = row ? every.indexOf(row) + move : move > 0 ? 0 : every.length - 1;
      const next = stop(every[at]);
      if (next) {
        event.preventDefault();
        next.focus();
      }
    } else if (event.key === " " && row && event.target.matches("a")) {
      const tick = row.querySelector(".lt-tick");
      if (tick) {
        event.preventDefault();
        tick.click();
      }
    }
  });

  // --- Sorting a list that stands whole on its page ---

  const table = form.querySelector("table[data-whole]");
  const valueOf = (row, at) => {
    const cell = row.cells[at];
    const value = cell.dataset.v ?? cell.textContent.trim();
    const number = Number(value);
    return value !== "" && !Number.isNaN(number) ? number : value;
  };
  const compare = (a, b) => {
    if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
    return typeof a === "number" ? -1 : 1;
  };

  const draw = (heading, name, state) => {
    const picture = heading.querySelector("svg");
    const use = picture.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${name}`));
    picture.setAttribute("class", `bi ${state}`);
  };

  if (table) {
    table.tHead.addEventListener("click", (event) => {
      const link = event.target.closest("th a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const heading = link.closest("th");
      if (!heading.hasAttribute("data-here")) return;
      event.preventDefault();
      const at = heading.cellIndex;
      const turned = heading.getAttribute("aria-sort") === "ascending";
      const keyed = rows().map((row) => [valueOf(row, at), row]);
      const filled = keyed.filter(([value]) => value !== "");
      const empty = keyed.filter(([value]) => value === "");
      filled.sort(([a], [b]) => (turned ? compare(b, a) : compare(a, b)));
      body.append(...filled.map(([, row]) => row), ...empty.map(([, row]) => row));
      for (const other of table.tHead.querySelectorAll("th[aria-sort]")) {
        other.removeAttribute("aria-sort");
        draw(other, "chevron-expand", "");
      }
      heading.setAttribute("aria-sort", turned ? "descending" : "ascending");
      draw(heading, "arrow-up", turned ? "descending" : "ascending");
      history.replaceState(null, "", link.href);
      link.href = link.href.replace(/([?&]sort=)-?([^&]*)/, turned ? "$1$2" : "$1-$2");
    });
  }
}
