// Choosing one or several of many by typing: Chinese, pinyin, initials or a code. A long list (or the field for a person)
// becomes a combobox with a listbox as WAI-ARIA describes it: arrows, Home and End choose, Enter takes, Escape closes,
// Backspace takes the last chip out. The list itself stays in the form, unseen, and is what is sent: only what stands in it
// can be chosen. Without this file it is a plain list; nothing else is lost.

const WAIT = 120; // milliseconds without a key before the server is asked
const FEW = 12; // choices that are read at a glance stay a plain list
const words = document.querySelector("script[data-pick-found]").dataset;
const say = (template, values) => template.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

document.querySelectorAll("[data-pick]").forEach(equip);

function equip(field, number) {
  const isList = field.tagName === "SELECT";
  const several = isList && field.multiple;
  const key = isList ? null : field.form.elements[field.dataset.pickKey]; // of the person who is chosen
  if (!isList && !key?.type) return; // the people who may be meant stand there to be ticked
  if (isList && !several && [...field.options].filter((option) => option.value).length <= FEW) return;
  const input = isList ? document.createElement("input") : field;
  const [whole, box, list, more, said, chips] = ["div", "div", "ul", "p", "p", "ul"].map((tag) => document.createElement(tag));
  const label = isList ? (field.labels[0]?.textContent.trim().replace(/\s*\*$/, "") ?? "") : "";
  const name = field.getAttribute("aria-label") || label || field.labels?.[0]?.textContent.trim() || "";
  let timer, asked, rows = [], current = -1, answered = null, dirty = false;

  // ---- how it stands on the page ----

  function build() {
    whole.className = "picker";
    box.className = "pick-found";
    more.className = "pick-more";
    chips.className = "pick-chips";
    said.className = "visually-hidden";
    list.id = `pick-${number}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", name);
    said.setAttribute("aria-live", "polite");
    box.hidden = true;
    box.append(list, more);
    field.before(whole);
    if (isList) {
      moveName();
      field.hidden = true;
    }
    whole.append(...(several ? [chips] : []), input, box, said);
    for (const [attribute, value] of Object.entries({
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list",
      "aria-expanded": "false", "aria-haspopup": "listbox", "aria-controls": list.id, enterkeyhint: "done",
    })) input.setAttribute(attribute, value);
    input.removeAttribute("inputmode");
    settle();
  }

  // the field to type into takes over the label, the complaints and the address of the list
  function moveName() {
    input.className = field.classList.contains("is-invalid") ? "form-control is-invalid" : "form-control";
    input.placeholder = field.dataset.pickHint ?? words.pickHint;
    for (const attribute of ["aria-label", "aria-describedby", "aria-invalid", "required", "disabled"]) {
      if (field.hasAttribute(attribute)) input.setAttribute(attribute, field.getAttribute(attribute));
    }
    field.required = false; // a field that is not seen cannot be complained of
    if (!field.id) return;
    input.id = field.id;
    field.id += "-list";
  }

  const chosen = () => (isList ? [...field.selectedOptions].filter((option) => option.value) : []);
  const optionOf = (row) => [...field.options].find((option) => option.value === String(row[field.dataset.pickBy]));

  // what was typed and not taken gives way to what is chosen
  function settle() {
    dirty = false;
    if (several) drawChips();
    else if (isList) input.value = chosen()[0]?.text ?? "";
  }

  function drawChips() {
    chips.replaceChildren(...chosen().map((option) => {
      const chip = document.createElement("li");
      const out = document.createElement("button");
      out.type = "button";
      out.textContent = "×";
      out.setAttribute("aria-label", say(words.pickOut, { name: option.text }));
      out.addEventListener("click", () => takeOut(option));
      chip.append(option.text, out);
      return chip;
    }));
    chips.hidden = !chips.children.length;
    input.value = "";
  }

  function changed(sentence) {
    said.textContent = sentence;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function takeOut(option) {
    option.selected = false;
    settle();
    changed(say(words.pickGone, { name: option.text }));
    input.focus();
  }

  // ---- asking ----

  async function ask() {
    clearTimeout(timer);
    const text = dirty || several || !isList ? input.value.trim() : "";
    if (!text && !isList) return close();
    asked?.abort();
    const mine = (asked = new AbortController());
    if (!field.dataset.pick) {
      answered = text;
      return show(plainly(text)); // the list knows its spellings itself
    }
    const address = new URL(field.dataset.pick, location.href);
    address.searchParams.set("q", text);
    for (const [about, other] of Object.entries(JSON.parse(field.dataset.pickAsks ?? "{}"))) {
      const value = field.form.elements[other]?.value;
      if (value) address.searchParams.set(about, value);
    }
    let answer;
    try {
      const response = await fetch(address, { signal: mine.signal, headers: { "X-Requested-With": "fetch" } });
      if (!response.ok) throw new Error(response.status);
      answer = await response.json();
    } catch {
      if (mine.signal.aborted) return; // overtaken by the next key
      answer = isList ? plainly(text) : { rows: [], more: false }; // offline: by what stands in the list
    }
    if (mine !== asked) return;
    answered = text;
    show(answer);
  }

  function plainly(text) {
    const typed = text.toLowerCase().split(/\s+/).filter(Boolean);
    const keys = (option) => (option.dataset.keys ?? "").split(" ");
    const group = (option) => option.parentElement.label ?? ""; // of a list in groups
    const fits = (option) =>
      typed.every((word) => `${group(option)}${option.text}`.includes(word) || keys(option).some((key) => key.startsWith(word)));
    const found = [...field.options].filter((option) => option.value && !(several && option.selected) && fits(option));
    const row = (option) => ({ [field.dataset.pickBy]: option.value, words: option.text, detail: group(option) });
    return { rows: found.slice(0, FEW).map(row), more: found.length > FEW };
  }

  function show(answer) {
    rows = isList ? answer.rows.filter((row) => optionOf(row) && !(several && optionOf(row).selected)) : answer.rows;
    list.replaceChildren(...rows.map((row, place) => {
      const option = document.createElement("li");
      const [title, detail] = [document.createElement("span"), document.createElement("small")];
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      title.textContent = row.words;
      detail.textContent = row.detail;
      if (row.state) detail.className = row.state;
      option.append(title, " ", detail);
      option.addEventListener("click", () => take(place));
      return option;
    }));
    more.textContent = rows.length ? words.pickMore : words.pickNone;
    more.hidden = rows.length > 0 && !answer.more;
    list.hidden = !rows.length;
    said.textContent = rows.length ? say(words.pickFound, { count: rows.length }) : words.pickNone;
    box.hidden = false;
    box.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-expanded", String(rows.length > 0));
    input.removeAttribute("aria-activedescendant");
    current = -1;
    if (rows.length && answered) light(0); // Enter takes the best one
  }

  function close() {
    clearTimeout(timer);
    asked?.abort();
    asked = null;
    box.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  // ---- choosing ----

  function light(place) {
    if (!rows.length) return;
    current = (place + rows.length) % rows.length;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === current)));
    input.setAttribute("aria-activedescendant", list.children[current].id);
    list.children[current].scrollIntoView({ block: "nearest" });
  }

  function take(place) {
    const row = rows[place];
    if (!row) return;
    close();
    if (isList) {
      optionOf(row).selected = true;
      answered = null;
      settle();
    } else {
      input.value = row.words;
      key.value = `${row.key}:${row.words}`;
      dirty = false;
    }
    changed(say(words.pickTaken, { name: row.words }));
    if (key && "pickGo" in field.dataset) field.form.requestSubmit();
  }

  // Enter may be faster than the answer; a person is not taken before they were seen
  async function enter() {
    const seen = answered === input.value.trim();
    if (dirty && !seen) await ask();
    if (!box.hidden && current >= 0 && (seen || isList || rows.length === 1)) take(current);
    else if (key && !rows.length) field.form.requestSubmit();
  }

  // leaving the field: an emptied one is a choice of nothing
  function leave() {
    close();
    if (!isList) return;
    const nothing = [...field.options].find((option) => !option.value);
    if (!several && dirty && !input.value.trim() && nothing && chosen().length) {
      nothing.selected = true;
      changed("");
    }
    if (several) input.value = "";
    settle();
  }

  input.addEventListener("input", (event) => {
    dirty = true;
    if (key) key.value = "";
    if (event.isComposing) return; // an input method is still spelling
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });
  input.addEventListener("compositionend", ask);
  input.addEventListener("click", () => box.hidden && ask());
  input.addEventListener("focus", () => isList && !several && input.select());
  input.addEventListener("blur", leave);
  box.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !box.hidden && rows.length > 0;
    const last = chosen().at(-1);
    if (event.key === "ArrowDown" && !open) ask().then(() => light(0));
    else if (event.key === "ArrowUp" && !open) ask().then(() => light(-1));
    else if (event.key === "ArrowDown") light(current + 1);
    else if (event.key === "ArrowUp") light(current < 0 ? -1 : current - 1);
    else if (event.key === "Home" && open) light(0);
    else if (event.key === "End" && open) light(-1);
    else if (event.key === "Enter" && (isList || open || (dirty && input.value.trim()))) enter();
    else if (event.key === "Escape" && !box.hidden) {
      close();
      settle();
    } else if (event.key === "Backspace" && several && !input.value && last) takeOut(last);
    else {
      if (event.key === "Tab" && open && dirty && current >= 0) take(current); // as a table does it
      return;
    }
    event.preventDefault();
  });
  build();
}
