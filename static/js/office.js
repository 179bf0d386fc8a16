// The frame of the office side: the command box (Ctrl-K) as a combobox with a list (WAI-ARIA), the figures beside the
// navigation, and a menu that closes. Without this file the box is a plain search form; the figures stand on the desk.

const WAIT = 60; // milliseconds without a key before the server is asked

for (const form of document.querySelectorAll("form[data-command]")) equip(form);
fillCounts(document.querySelector("[data-counts]"));

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.user-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.user-menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

async function fillCounts(nav) {
  if (!nav) return;
  try {
    const answer = await fetch(nav.dataset.counts);
    if (!answer.ok) return;
    const counts = await answer.json();
    for (const figure of document.querySelectorAll("[data-count]")) {
      const number = counts[figure.dataset.count];
      if (!number) continue;
      figure.firstChild.data = String(number);
      figure.hidden = false;
    }
  } catch {
    return; // offline: the navigation works without figures
  }
}

function equip(form) {
  const input = form.querySelector("input[type=search]");
  const box = document.createElement("div");
  const said = document.createElement("p");
  box.className = "command-found";
  box.id = "command-found";
  box.hidden = true;
  said.className = "visually-hidden";
  said.setAttribute("aria-live", "polite");
  form.append(box, said);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-haspopup", "listbox");
  let timer, asked, current = -1, answered = "";

  const options = () => [...box.querySelectorAll("[role=option]")];

  function close() {
    clearTimeout(timer);
    asked?.abort();
    box.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    input.removeAttribute("aria-controls");
  }

  function choose(number) {
    const all = options();
    if (!all.length) return;
    current = (number + all.length) % all.length;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === current)));
    input.setAttribute("aria-activedescendant", all[current].id);
    all[current].scrollIntoView({ block: "nearest" });
  }

  async function ask() {
    const text = input.value.trim();
    if (!text) return close();
    asked?.abort();
    asked = new AbortController();
    const address = new URL(form.action);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || input.value.trim() !== text) return;
      box.innerHTML = await answer.text();
    } catch {
      return; // offline or overtaken by the next key: the form still works
    }
    answered = text;
    const list = box.querySelector("[role=listbox]");
    const any = options().length > 0;
    list.id = "command-list";
    said.textContent = any ? list.dataset.said : list.dataset.none;
    if (!any) box.textContent = list.dataset.none;
    box.hidden = false;
    input.setAttribute("aria-expanded", String(any));
    if (any) {
      input.setAttribute("aria-controls", "command-list");
      choose(0); // Enter opens the best one
    } else {
      current = -1;
      input.removeAttribute("aria-activedescendant");
      input.removeAttribute("aria-controls");
    }
  }

  async function open() {
    if (answered !== input.value.trim()) {
      clearTimeout(timer);
      await ask(); // Enter was faster than the answer
    }
    const chosen = options()[current];
    if (chosen) location.assign(chosen.href);
    else form.submit();
  }

  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // an input method is still spelling
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", ask);
  input.addEventListener("focus", () => input.value.trim() && ask());
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && box.hidden) ask();
    else if (event.key === "ArrowDown") choose(current + 1);
    else if (event.key === "ArrowUp" && !box.hidden) choose(current - 1);
    else if (event.key === "Escape" && !box.hidden) close();
    else if (event.key === "Enter" && input.value.trim()) open();
    else return;
    event.preventDefault();
  });
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    input.focus();
    input.select();
  });
}
