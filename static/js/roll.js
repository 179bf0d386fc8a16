// The roll of a lesson: a tap changes one mark in place, and a search box narrows the list. Without this file every tap and
// every search is a page of its own; nothing else is lost.

const roll = document.querySelector("[data-roll]");
const PATIENCE = 8000; // milliseconds until a network that does not answer counts as none
const WAIT = 120; // milliseconds without a key before the server is asked
let timer, asked;

function show(fits) {
  let shown = 0;
  for (const row of roll.querySelectorAll("[data-person]")) {
    row.hidden = !fits(row);
    if (!row.hidden) shown += 1;
  }
  for (const heading of roll.querySelectorAll("h2")) {
    heading.hidden = heading.nextElementSibling?.querySelector("[data-person]:not([hidden])") === null;
  }
  const nobody = roll.querySelector("[data-nobody]");
  if (nobody) nobody.hidden = shown > 0;
}

async function narrow(text) {
  asked?.abort();
  asked = new AbortController();
  const { signal } = asked;
  const address = new URL(location.pathname, location.href);
  address.searchParams.set("q", text);
  address.searchParams.set("answer", "keys");
  try {
    const answer = await fetch(address, { signal, credentials: "same-origin" });
    const { found } = await answer.json();
    if (!signal.aborted) show((row) => found.includes(Number(row.dataset.person)));
  } catch {
    if (!signal.aborted) show((row) => row.querySelector("summary b").textContent.includes(text)); // offline
  }
}

function prepare(text = "") {
  const find = roll.querySelector("[data-find]");
  if (!find) return;
  const input = find.querySelector("input");
  find.querySelector("button").hidden = true;
  input.value = text;
  const ask = () => {
    clearTimeout(timer);
    const wanted = input.value.trim();
    if (wanted) timer = setTimeout(narrow, WAIT, wanted);
    else {
      asked?.abort();
      show(() => true);
    }
  };
  input.addEventListener("input", (event) => {
    if (!event.isComposing) ask(); // an input method is still spelling
  });
  input.addEventListener("compositionend", ask);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  if (text) narrow(text);
}

async function send(form, button) {
  const body = new FormData(form); // the buttons are named “action”, so that form.action is a list of them
  body.set(button.name, button.value);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE) });
  const expired = answer.redirected || answer.status === 401;
  if (!answer.ok || expired) throw Object.assign(new Error("not taken"), { expired, refused: !expired && answer.status < 500 });
  const text = roll.querySelector("[data-find] input")?.value ?? "";
  const person = button.value.split(":")[1];
  const html = await answer.text();
  roll.innerHTML = html;
  roll.dispatchEvent(new CustomEvent("taken", { detail: html }));
  prepare(person ? "" : text);
  const next = person ? roll.querySelector(`#p${person} summary`) : roll.querySelector(".attendance-actions .btn");
  next?.focus({ preventScroll: !person });
}

// false where roll-offline.js keeps the tap on the phone
const tell = (what, detail) => roll.dispatchEvent(new CustomEvent(what, { detail, cancelable: true }));

roll?.addEventListener("drawn", () => prepare(roll.querySelector("[data-find] input")?.value));
roll?.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-roll-form]");
  const button = event.submitter;
  if (!form || !button?.name) return;
  event.preventDefault();
  if (form.dataset.busy || !tell("tap", { form, button })) return; // on its way, or kept on the phone
  form.dataset.busy = "1";
  send(form, button).catch((error) => {
    delete form.dataset.busy;
    if (!error.refused && !tell("unsent", { form, button, expired: error.expired })) return;
    const again = document.createElement("input");
    again.type = "hidden";
    again.name = button.name;
    again.value = button.value;
    form.append(again);
    form.submit();
  });
});

if (roll) prepare(roll.querySelector("[data-find] input")?.value);
