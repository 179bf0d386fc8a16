// Suggestions while typing, as a combobox with a list (WAI-ARIA): arrows choose, Enter follows, Escape closes. Without this
// file the search field is a plain form; nothing else is lost.

const WAIT = 150; // milliseconds without a key before the server is asked

for (const form of document.querySelectorAll("form[data-suggest]")) equip(form);

function equip(form) {
  const input = form.querySelector("input[type=search]");
  const box = document.createElement("div");
  const said = document.createElement("p");
  box.className = "suggestions";
  box.hidden = true;
  box.id = `suggestions-${[...document.forms].indexOf(form)}`;
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  form.after(box, said);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  let timer, asked, current = -1;

  const options = () => [...box.querySelectorAll("[role=option]")];

  function close() {
    clearTimeout(timer);
    asked?.abort();
    box.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function choose(number) {
    const all = options();
    current = number < -1 ? all.length - 1 : number >= all.length ? -1 : number;
    all.forEach((option, place) => option.setAttribute("aria-selected", String(place === current)));
    if (current >= 0) {
      input.setAttribute("aria-activedescendant", all[current].id);
      all[current].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const text = input.value.trim();
    if (!text) return close();
    asked?.abort();
    asked = new AbortController();
    const address = new URL(form.dataset.suggest, location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || input.value.trim() !== text) return;
      box.innerHTML = await answer.text();
    } catch {
      return; // offline or overtaken by the next key: the form still works
    }
    const list = box.querySelector("[role=listbox]");
    list.id = `${box.id}-list`;
    input.setAttribute("aria-controls", list.id);
    options().forEach((option) => { option.id = `${box.id}-${option.id}`; });
    said.textContent = list.dataset.said;
    current = -1;
    input.removeAttribute("aria-activedescendant");
    box.hidden = options().length === 0;
    input.setAttribute("aria-expanded", String(!box.hidden));
  }

  input.addEventListener("input", (event) => {
    if (event.isComposing) return; // an input method is still spelling
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", ask);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && box.hidden) ask();
    else if (event.key === "ArrowDown") choose(current + 1);
    else if (event.key === "ArrowUp" && !box.hidden) choose(current - 1);
    else if (event.key === "Escape" && !box.hidden) close();
    else if (event.key === "Enter" && !box.hidden && current >= 0) location.assign(options()[current].dataset.url);
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  box.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}
