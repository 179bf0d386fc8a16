// The roll of a lesson: a tap changes one mark in place, and a search box narrows the list. Without this file every tap is a
// page of its own; nothing else is lost.

const roll = document.querySelector("[data-roll]");

function narrow(text) {
  const wanted = text.trim().toLowerCase();
  for (const row of roll.querySelectorAll("[data-person]")) {
    row.hidden = wanted !== "" && !row.dataset.person.includes(wanted);
  }
  for (const heading of roll.querySelectorAll("h2")) {
    const rows = heading.nextElementSibling?.querySelectorAll("[data-person]:not([hidden])");
    heading.hidden = wanted !== "" && rows?.length === 0;
  }
}

function prepare(text = "") {
  const find = roll.querySelector("[data-find]");
  if (!find) return;
  find.hidden = false;
  const input = find.querySelector("input");
  input.value = text;
  input.addEventListener("input", () => narrow(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  narrow(text);
}

async function send(form, button) {
  const body = new FormData(form); // the buttons are named “action”, so that form.action is a list of them
  body.set(button.name, button.value);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error("not taken");
  const text = roll.querySelector("[data-find] input")?.value ?? "";
  const person = button.value.split(":")[1];
  roll.innerHTML = await answer.text();
  prepare(person ? "" : text);
  const next = person ? roll.querySelector(`#p${person} summary`) : roll.querySelector(".attact .btn");
  next?.focus({ preventScroll: !person });
}

roll?.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-roll-form]");
  const button = event.submitter;
  if (!form || !button?.name) return;
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "1";
  send(form, button).catch(() => {
    delete form.dataset.busy;
    const again = document.createElement("input");
    again.type = "hidden";
    again.name = button.name;
    again.value = button.value;
    form.append(again);
    form.submit();
  });
});

if (roll) prepare();
