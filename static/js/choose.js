// A search field above a long list to choose from. Without this file the list is a plain one; nothing else is lost.

for (const select of document.querySelectorAll("select[data-search]")) equip(select);

function equip(select) {
  const all = [...select.children].map((node) => node.cloneNode(true));
  const input = document.createElement("input");
  input.type = "search";
  input.className = "form-control";
  input.placeholder = select.dataset.search;
  input.setAttribute("aria-label", select.dataset.search);
  input.setAttribute("aria-controls", select.id);
  input.setAttribute("autocomplete", "off");
  select.before(input);

  // Options are taken out and put back: iOS shows hidden ones all the same.
  function narrow() {
    const words = input.value.trim().split(/\s+/).filter(Boolean);
    const chosen = select.value;
    const fits = (text) => words.every((word) => text.includes(word));
    const left = [];
    for (const node of all) {
      if (node.tagName !== "OPTGROUP") {
        left.push(node.cloneNode(true));
        continue;
      }
      const group = node.cloneNode(false);
      for (const option of node.children) if (fits(`${node.label}${option.text}`)) group.append(option.cloneNode(true));
      if (group.children.length) left.push(group);
    }
    select.replaceChildren(...left);
    const options = [...select.querySelectorAll("optgroup option")];
    if (options.some((option) => option.value === chosen)) select.value = chosen;
    else select.value = words.length && options.length === 1 ? options[0].value : "";
  }

  input.addEventListener("input", (event) => {
    if (!event.isComposing) narrow(); // an input method is still spelling
  });
  input.addEventListener("compositionend", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // shortening the list sends nothing
  });
}
