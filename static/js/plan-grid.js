// The table of a plan as a table that is typed into: a cell has its field, Tab goes on, a block from Excel or WPS is pasted.
// What was typed is sent when its row is left; pasted rows go together, and the server takes all of them or none and says what
// is against each cell. Without this file each name leads to the form of its item.

const table = document.querySelector("[data-plan-grid]");
if (table) equip(table);

function equip(grid) {
  const words = grid.dataset;
  const body = grid.tBodies[0];
  const tools = document.querySelector("[data-grid-tools]");
  const said = tools.querySelector("[data-grid-said]");
  const undo = tools.querySelector("[data-grid-undo]");
  const copy = tools.querySelector("[data-grid-copy]");
  const remove = tools.querySelector("[data-grid-remove]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
  const heads = [...grid.tHead.querySelectorAll("[data-f]")];
  const names = heads.map((head) => head.dataset.f);
  const label = Object.fromEntries(heads.map((head) => [head.dataset.f, head.textContent.trim()]));
  const numbers = ["people", "runs", "days", "hours", "budget"];
  const long = ["audience", "content", "purpose", "remark"];
  const choices = readChoices(grid);
  const SPARE = 12; // blank rows at the end
  let current = null, field = null, group = 0, keys = 0, sending = false, again = null, undone = null, timer = null;

  grid.classList.add("live");
  grid.setAttribute("role", "grid");
  for (const hidden of tools.querySelectorAll("[data-grid-hint], [data-grid-copy], [data-grid-remove]")) hidden.hidden = false;
  for (const row of rows()) prepare(row);
  addBlank();
  const first = body.querySelector("[data-f]");
  if (first) first.tabIndex = 0;

  // --- rows and cells ---

  function rows() {
    return [...body.rows].filter((row) => !row.classList.contains("grid-note"));
  }
  function cells(row) {
    return [...row.querySelectorAll("[data-f]")];
  }
  function cell(row, name) {
    return row.querySelector(`[data-f="${name}"]`);
  }
  function inSight(item) {
    return item.offsetParent !== null;
  }
  function prepare(row) {
    row.dataset.key = `r${keys += 1}`;
    for (const item of cells(row)) {
      item.dataset.v ??= item.textContent.trim();
      item.dataset.was = item.dataset.v;
      item.tabIndex = -1;
    }
  }
  function blankRow() {
    const row = document.createElement("tr");
    row.className = "new";
    const number = row.insertCell();
    number.className = "f0";
    for (const head of grid.tHead.rows[0].cells) {
      if (head.classList.contains("f0")) continue;
      const item = document.createElement("td"); // without a name it is no heading of its row
      item.className = head.className.replace("no-print", "");
      if (head.dataset.f) {
        item.dataset.f = head.dataset.f;
        item.dataset.v = "";
      }
      row.append(item);
    }
    prepare(row);
    return row;
  }
  function addBlank(most = SPARE) {
    const all = rows();
    let spare = 0;
    while (spare < all.length && isEmpty(all[all.length - 1 - spare])) spare += 1;
    for (; spare < most; spare += 1) body.append(blankRow());
    const empty = rows().find(isEmpty);
    if (empty && !cell(empty, "name").textContent) cell(empty, "name").textContent = words.blank;
    count();
  }
  function isNew(row) {
    return !row.dataset.pk;
  }
  function isEmpty(row) {
    return isNew(row) && cells(row).every((item) => !item.dataset.v);
  }
  function changed(row) {
    return cells(row).filter((item) => item.dataset.v !== item.dataset.was);
  }
  function isUnsaved(row) {
    return isNew(row) ? !isEmpty(row) : changed(row).length > 0;
  }
  function number(row) {
    return rows().indexOf(row) + 1;
  }
  function show(item, shown) {
    const text = shown ?? words_of(item.dataset.f, item.dataset.v);
    const link = item.querySelector("a");
    if (link) link.textContent = text;
    else item.textContent = text;
    if (item.dataset.f !== "name") item.title = text.length > 10 ? text : "";
  }
  function words_of(name, value) {
    if (choices[name]) return choices[name].find((choice) => choice[0] === value)?.[1] ?? value;
    if (["people", "budget"].includes(name) && /^\d+(\.\d+)?$/.test(value)) return Number(value).toLocaleString("en");
    return value;
  }
  function put(item, value) {
    const row = item.closest("tr");
    if (item.dataset.v === value) return;
    if (item.dataset.f === "name" && isNew(row) && !item.dataset.v) item.textContent = "";
    item.dataset.v = value;
    delete item.dataset.merged;
    show(item);
    touched(row);
  }
  function touched(row) {
    delete row.dataset.refused;
    row.classList.toggle("unsaved", isUnsaved(row));
    row.classList.toggle("begun", !isEmpty(row));
    for (const other of rows()) if (row.dataset.group && other.dataset.group === row.dataset.group) delete other.dataset.refused;
    count();
  }

  // --- figures ---

  function count() {
    let items = 0, left = 0;
    const sums = { people: 0, runs: 0, budget: 0 };
    for (const row of rows()) {
      if (isEmpty(row)) { row.cells[0].textContent = ""; continue; }
      items += 1;
      row.cells[0].textContent = String(items);
      row.id = `item-${items}`;
      for (const name of Object.keys(sums)) {
        const value = cell(row, name).dataset.v.replaceAll(",", "") || (name === "runs" ? "1" : "0");
        const plain = value.match(/^(\d+(?:\.\d+)?)(人次|[人名位期次班场元])?$/);
        if (plain) sums[name] += Number(plain[1]);
        else if (name !== "runs") left += 1;
      }
    }
    grid.querySelector("[data-total=items]").textContent = String(items);
    for (const [name, sum] of Object.entries(sums)) {
      grid.querySelector(`[data-total=${name}]`).textContent = sum.toLocaleString("en", { maximumFractionDigits: 2 });
    }
    const note = grid.querySelector("[data-left-out]");
    if (note) note.textContent = left ? words.leftOut.replace("{count}", left) : "";
    const unsaved = rows().filter(isUnsaved).length;
    const handIn = document.querySelector("[data-hand-in] button");
    if (handIn) {
      handIn.dataset.ready ??= String(!handIn.disabled);
      handIn.disabled = unsaved > 0 || handIn.dataset.ready === "false";
    }
    return unsaved;
  }
  function tell(text, isBad = false) {
    said.textContent = text;
    said.classList.toggle("bad", isBad);
  }

  // --- typing ---

  function readChoices() {
    const found = {};
    for (const template of document.querySelectorAll("template[data-choices]")) {
      found[template.dataset.choices] = [...template.content.querySelectorAll("option")].map((option) => [option.value, option.textContent]);
    }
    return found;
  }
  function type(item) {
    if (field && current === item) return;
    leave();
    current = item;
    const row = item.closest("tr");
    const name = item.dataset.f;
    field = document.createElement(choices[name] ? "select" : long.includes(name) ? "textarea" : "input");
    if (choices[name]) field.append(...choices[name].map(([value, text]) => new Option(text, value, false, value === item.dataset.v)));
    else field.value = item.dataset.v;
    if (numbers.includes(name)) field.inputMode = "decimal";
    field.setAttribute("aria-label", words.item.replace("{number}", number(row)).replace("{column}", label[name]));
    if (item.classList.contains("wrong")) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `note-${row.dataset.key}`);
    }
    item.classList.add("typing");
    item.replaceChildren(field);
    field.focus({ preventScroll: true });
    if (field.select) field.select();
    bringIntoView(item);
  }
  function bringIntoView(item) {
    const box = grid.parentElement.getBoundingClientRect();
    const place = item.getBoundingClientRect();
    const row = item.closest("tr");
    if (item.classList.contains("f1") || item.classList.contains("money")) return item.scrollIntoView({ block: "nearest" });
    const left = row.querySelector(".f1").getBoundingClientRect().right;
    const right = row.querySelector(".money").getBoundingClientRect().left;
    if (place.left < left) grid.parentElement.scrollLeft -= left - place.left + 8;
    else if (place.right > right) grid.parentElement.scrollLeft += place.right - right + 8;
    if (place.top < box.top + 40 || place.bottom > box.bottom - 44) item.scrollIntoView({ block: "center", inline: "nearest" });
  }
  function leave(keep = true) {
    if (!field) return;
    const item = current, value = keep ? field.value.trim() : item.dataset.v;
    field = null;
    item.classList.remove("typing");
    const row = item.closest("tr");
    if (item.dataset.f === "name" && row.dataset.pk) {
      const link = document.createElement("a");
      link.href = row.dataset.link ?? grid.dataset.planGrid.replace(/rows\/$/, `items/${row.dataset.pk}/`);
      item.replaceChildren(link);
    }
    if (value === item.dataset.v) show(item);
    else put(item, value);
    if (isEmpty(row) && item.dataset.f === "name" && row === rows().find(isEmpty)) item.textContent = words.blank;
    timer = setTimeout(send, 400);
  }
  function step(item, across, down) {
    const row = item.closest("tr");
    const all = rows();
    let line = all.indexOf(row) + down;
    if (down && line >= all.length) addBlank(SPARE);
    let target = rows()[line];
    if (!target) return null;
    if (!across) return cell(target, item.dataset.f);
    const seen = cells(row).filter(inSight);
    const place = seen.indexOf(item) + across;
    if (place >= 0 && place < seen.length) return seen[place];
    line += across;
    if (line >= rows().length) addBlank(SPARE);
    target = rows()[line];
    if (!target) return null;
    const next = cells(target).filter(inSight);
    return across > 0 ? next[0] : next[next.length - 1];
  }

  body.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-f]")) type(event.target);
  });
  body.addEventListener("mousedown", (event) => {
    const item = event.target.closest("[data-f]");
    if (!item || event.target.closest("button") || event.button || event.ctrlKey || event.metaKey) return;
    if (item.contains(field)) return;
    event.preventDefault();
    type(item);
  });
  body.addEventListener("click", (event) => {
    if (event.target.closest("[data-f] a") && !event.ctrlKey && !event.metaKey) event.preventDefault();
  });
  body.addEventListener("focusout", (event) => {
    if (event.target === field && !tools.contains(event.relatedTarget)) {
      const stays = event.relatedTarget && event.relatedTarget.closest?.("[data-plan-grid]");
      if (!stays) leave();
    }
  });
  body.addEventListener("keydown", (event) => {
    if (event.target !== field || event.isComposing) return;
    const item = current;
    const atStart = field.selectionStart === 0 && field.selectionEnd === 0;
    const atEnd = field.selectionStart === field.value?.length;
    const isChoice = field.tagName === "SELECT";
    let next;
    if (event.key === "Escape") {
      leave(false);
      item.tabIndex = 0;
      grid.parentElement.focus({ preventScroll: true });
      event.preventDefault();
      return;
    }
    if (event.key === "Tab") next = step(item, event.shiftKey ? -1 : 1, 0);
    else if (event.key === "Enter" && !event.altKey) next = step(item, 0, event.shiftKey ? -1 : 1) ?? item;
    else if (event.key === "ArrowDown" && !isChoice && field.tagName === "INPUT") next = step(item, 0, 1);
    else if (event.key === "ArrowUp" && !isChoice && field.tagName === "INPUT") next = step(item, 0, -1);
    else if (event.key === "ArrowRight" && !isChoice && atEnd) next = step(item, 1, 0);
    else if (event.key === "ArrowLeft" && !isChoice && atStart) next = step(item, -1, 0);
    else return;
    if (!next) { if (event.key === "Tab") leave(); return; } // out of the table
    event.preventDefault();
    type(next);
  });

  // --- pasting ---

  body.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (event.target !== field || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) return;
    event.preventDefault();
    const start = current;
    leave(false);
    paste(start, block(text), mergedIn(event.clipboardData.getData("text/html")));
  });

  function block(text) {
    // what a spreadsheet puts on the clipboard: tabs, lines, and quotes around cells that hold either
    const lines = [];
    let line = [], value = "", quoted = false, fresh = true;
    for (let i = 0; i < text.length; i += 1) {
      const sign = text[i];
      if (quoted) {
        if (sign === '"' && text[i + 1] === '"') { value += '"'; i += 1; }
        else if (sign === '"') quoted = false;
        else value += sign;
      } else if (sign === '"' && fresh) { quoted = true; fresh = false; }
      else if (sign === "\t") { line.push(value); value = ""; fresh = true; }
      else if (sign === "\n") { line.push(value); lines.push(line); line = []; value = ""; fresh = true; }
      else if (sign !== "\r") { value += sign; fresh = false; }
    }
    if (value || line.length) { line.push(value); lines.push(line); }
    return lines.map((cells_) => cells_.map((one) => one.replace(/\s*\n\s*/g, " ").trim())).filter((one) => one.some(Boolean));
  }
  function mergedIn(html) {
    // places of the block that were part of a larger cell, with what that says: "line,column" → text
    const found = new Map();
    if (!/(row|col)span/i.test(html)) return found;
    const taken = new Set();
    const page = new DOMParser().parseFromString(html, "text/html");
    [...page.querySelectorAll("tr")].forEach((line, y) => {
      let x = 0;
      for (const item of line.cells) {
        while (taken.has(`${y},${x}`)) x += 1;
        const text = item.textContent.trim().replace(/\s+/g, " ");
        for (let dy = 0; dy < (item.rowSpan || 1); dy += 1) {
          for (let dx = 0; dx < (item.colSpan || 1); dx += 1) {
            taken.add(`${y + dy},${x + dx}`);
            if (dy || dx) found.set(`${y + dy},${x + dx}`, text);
          }
        }
        x += item.colSpan || 1;
      }
    });
    return found;
  }
  function named(texts) {
    // the columns that a line of headings names
    const spelled = (text) => text.replace(/[\s（(].*$/, "").trim();
    const found = texts.map((text) => heads.find((head) => [label[head.dataset.f], ...head.dataset.words.split("|")].map(spelled).includes(spelled(text)))?.dataset.f ?? "");
    return found.filter(Boolean).length >= 2 ? found : null;
  }
  function paste(start, lines, merged) {
    if (!lines.length) return;
    const form = words.formOrder.split(" ");
    const wide = Math.max(...lines.map((line) => line.length));
    let columns = named(lines[0]), skipped = 0;
    if (columns) { lines = lines.slice(1); skipped = 1; }
    else if (wide === form.length) columns = form;
    else {
      const seen = cells(start.closest("tr")).filter(inSight).map((item) => item.dataset.f);
      columns = seen.slice(seen.indexOf(start.dataset.f));
    }
    group += 1;
    let place = rows().indexOf(start.closest("tr"));
    addBlank(lines.length + SPARE);
    const all = rows();
    lines.forEach((line, y) => {
      const row = all[place + y];
      row.dataset.group = String(group);
      line.forEach((text, x) => {
        const item = columns[x] && cell(row, columns[x]);
        if (!item) return;
        put(item, choiceOf(columns[x], text));
        const above = merged.get(`${y + skipped},${x}`);
        if (above !== undefined && !text) { item.dataset.merged = above; touched(row); }
      });
    });
    addBlank();
    type(cell(all[Math.min(place + lines.length, rows().length - 1)] ?? start.closest("tr"), start.dataset.f));
    send();
  }
  function choiceOf(name, text) {
    if (!choices[name]) return text;
    return choices[name].find((choice) => choice[1] === text)?.[0] ?? text;
  }

  // --- rows as a whole ---

  copy.addEventListener("click", () => {
    const row = current?.closest("tr");
    if (!row || isEmpty(row)) return;
    leave();
    const twin = blankRow();
    row.after(twin);
    for (const item of cells(row)) if (item.dataset.f !== "contact_phone") put(cell(twin, item.dataset.f), item.dataset.v);
    twin.dataset.place = "yes";
    if (row.dataset.pk) twin.dataset.like = row.dataset.pk;
    type(cell(twin, "name"));
  });
  remove.addEventListener("click", async () => {
    const row = current?.closest("tr");
    if (!row || isEmpty(row)) return;
    leave();
    const held = Object.fromEntries(cells(row).map((item) => [item.dataset.f, item.dataset.was || item.dataset.v]));
    const next = row.nextElementSibling ?? row.previousElementSibling;
    let takenOut = "";
    if (!isNew(row)) {
      const answer = await ask([{ key: row.dataset.key, pk: Number(row.dataset.pk), was: was(row), removed: true }]);
      if (!answer) return;
      takenOut = answer.taken_out[row.dataset.key];
    }
    undone = { place: number(row), held, takenOut };
    note(row, null);
    row.remove();
    current = null;
    count();
    tell(words.takenOut.replace("{name}", held.name));
    undo.hidden = false;
    undo.focus();
    if (next?.isConnected) next.querySelector("[data-f]").tabIndex = 0;
  });
  undo.addEventListener("click", () => {
    if (!undone) return;
    const row = blankRow();
    const before = rows()[undone.place - 1];
    if (before) before.before(row);
    else body.append(row);
    for (const [name, value] of Object.entries(undone.held)) if (name !== "contact_phone" || !value.includes("*")) put(cell(row, name), value);
    row.dataset.place = "yes";
    row.dataset.takenOut = undone.takenOut;
    undone = null;
    undo.hidden = true;
    type(cell(row, "name"));
    leave();
    send();
  });
  document.addEventListener("click", (event) => {
    const unfold = event.target.closest("[data-unfold]");
    if (!unfold) return;
    event.preventDefault();
    grid.classList.add("unfolded");
    document.querySelector(".grid-foot")?.remove();
  });

  // --- sending ---

  function was(row) {
    return Object.fromEntries(cells(row).map((item) => [item.dataset.f, item.dataset.was]));
  }
  function packed(row) {
    const texts = Object.fromEntries(changed(row).map((item) => [item.dataset.f, item.dataset.v]));
    const merged = Object.fromEntries(cells(row).filter((item) => item.dataset.merged !== undefined && !item.dataset.v).map((item) => [item.dataset.f, item.dataset.merged]));
    const sent = { key: row.dataset.key, texts, merged };
    if (!isNew(row)) Object.assign(sent, { pk: Number(row.dataset.pk), was: was(row) });
    if (row.dataset.like) sent.like = Number(row.dataset.like);
    if (row.dataset.takenOut) sent.taken_out = row.dataset.takenOut;
    if (isNew(row) && row.dataset.place) sent.number = rows().filter((other) => !isNew(other) || other === row).indexOf(row) + 1;
    return sent;
  }
  function ready() {
    // the next rows that go together: a pasted block, or one row that the cursor has left
    const here = field && current.closest("tr");
    const waiting = rows().filter((row) => isUnsaved(row) && !row.dataset.refused && row !== here);
    const next = waiting.find((row) => !row.dataset.group || !rows().some((other) => other === here && other.dataset.group === row.dataset.group && isUnsaved(other)));
    if (!next) return [];
    if (!next.dataset.group) return [next];
    return rows().filter((row) => row.dataset.group === next.dataset.group && isUnsaved(row));
  }
  async function send() {
    clearTimeout(timer);
    if (sending) return;
    let together = ready();
    while (together.length) {
      if (!(await save(together))) break;
      together = ready();
    }
    count();
  }
  async function save(together) {
    const answer = await ask(together.map(packed), together);
    return answer !== null || together.every((row) => row.dataset.refused);
  }
  async function ask(sent, together = []) {
    sending = true;
    tell(words.saving);
    const key = sent.map((row) => row.key).join();
    let response, answer;
    try {
      response = await fetch(words.planGrid, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ rows: sent, again: again === key }),
        redirect: "manual",
      });
      answer = response.headers.get("Content-Type")?.includes("json") ? await response.json() : null;
    } catch {
      again = key;
      tell(words.offline, true);
      setTimeout(send, 5000);
      return null;
    } finally {
      sending = false;
    }
    again = null;
    if (!answer) { tell(words.loggedOut, true); return null; }
    if (!response.ok) { refused(answer, together, sent); return null; }
    for (const row of together) saved(row, answer.rows[row.dataset.key]);
    const checks = document.querySelector("[data-grid-checks]");
    checks.innerHTML = answer.checks;
    const unsaved = count();
    tell(unsaved ? words.unsaved.replace("{count}", unsaved) : words.saved.replace("{clock}", clock()));
    return answer;
  }
  function clock() {
    return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  }
  function saved(row, answer) {
    if (!answer) return;
    row.dataset.pk = answer.pk;
    row.classList.remove("new", "unsaved", "begun");
    delete row.dataset.group;
    delete row.dataset.place;
    delete row.dataset.refused;
    note(row, null);
    for (const item of cells(row)) {
      const [value, shown] = answer.cells[item.dataset.f];
      item.dataset.was = value;
      delete item.dataset.merged;
      if (item.classList.contains("typing")) continue;
      item.dataset.v = value;
      if (item.dataset.f === "name") item.setAttribute("role", "rowheader");
      if (item.dataset.f === "name" && !item.querySelector("a")) {
        const link = document.createElement("a");
        link.href = words.planGrid.replace(/rows\/$/, `items/${answer.pk}/`);
        item.replaceChildren(link);
      }
      show(item, shown);
    }
  }
  function refused(answer, together, sent) {
    tell(answer.said, true);
    for (const row of together) row.dataset.refused = "yes";
    const by = new Map((answer.rows ?? []).map((row) => [row.key, row]));
    for (const one of sent) {
      const row = rows().find((item) => item.dataset.key === one.key);
      note(row, by.get(one.key) ?? null);
    }
    offerAll();
    if (by.size > 1) {
      const jump = button(words.first, () => body.querySelector(".wrong") && type(body.querySelector(".wrong")));
      said.append(" ", jump);
    }
  }
  function note(row, answer) {
    if (row.nextElementSibling?.classList.contains("grid-note")) row.nextElementSibling.remove();
    for (const item of row.querySelectorAll(".wrong")) item.classList.remove("wrong");
    if (!answer) return;
    const line = document.createElement("tr");
    line.className = "grid-note";
    const place = line.insertCell();
    place.colSpan = grid.tHead.rows[0].cells.length;
    const box = document.createElement("div");
    box.id = `note-${row.dataset.key}`;
    if (answer.said) box.append(span(answer.said));
    for (const [name, about] of Object.entries(answer.cells)) {
      const item = cell(row, name);
      item.classList.add("wrong");
      if (item.classList.contains("folded-away")) grid.classList.add("unfolded");
      box.append(span(about.text.includes(label[name]) ? about.text : `${label[name]}：${about.text}`));
      if (about.instead) box.append(instead(item, about.instead));
    }
    for (const [name, both] of Object.entries(answer.now ?? {})) {
      const item = cell(row, name);
      const mine = item.dataset.v !== item.dataset.was;
      item.dataset.was = both[0];
      if (!mine) { item.dataset.v = both[0]; show(item, both[1]); }
    }
    if (answer.gone) {
      box.append(
        button(words.keep, () => { delete row.dataset.pk; for (const item of cells(row)) item.dataset.was = ""; note(row, null); touched(row); send(); }),
        button(words.drop, () => { note(row, null); row.remove(); count(); }),
      );
    } else if (Object.keys(answer.now ?? {}).length && changed(row).length) {
      box.append(button(words.mine, () => { note(row, null); touched(row); send(); }));
    }
    place.append(box);
    row.after(line);
  }
  function instead(item, value) {
    const name = item.dataset.f;
    const press = button(words.instead.replace("{value}", words_of(name, value)), () => { put(item, value); item.classList.remove("wrong"); press.remove(); send(); });
    press.dataset.instead = value;
    press.dataset.of = name;
    return press;
  }
  function offerAll() {
    const all = [...body.querySelectorAll("[data-instead]")];
    if (all.length < 2) return;
    said.append(" ", button(words.allInstead.replace("{count}", all.length), () => {
      for (const press of all) {
        const row = press.closest("tr").previousElementSibling;
        put(cell(row, press.dataset.of), press.dataset.instead);
      }
      send();
    }));
  }
  function span(text) {
    const one = document.createElement("span");
    one.textContent = text;
    return one;
  }
  function button(text, act) {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "btn btn-quiet";
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  }

  addEventListener("beforeunload", (event) => {
    if (field) leave();
    if (rows().some(isUnsaved)) event.preventDefault();
  });
}
