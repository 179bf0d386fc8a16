// Forms that are sent: what was typed is not lost without a question, and a long answer says that it is being worked on.
// Without this file both are silent; nothing else is lost.

const script = document.querySelector("script[data-busy]");
const WAIT = 800; // milliseconds before an answer counts as long
let changed = false; // a form of the page holds what was not sent

// the roll of a lesson and its tickets are answered in place, again and again (roll.js, tickets.js)
for (const form of document.querySelectorAll("form:not([data-roll-form], [data-in-place])")) if (form.method === "post") equip(form);

function equip(form) {
  form.addEventListener("input", () => (changed = true));
  form.addEventListener("kept", () => (changed = false)); // a draft that saves itself
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    changed = false;
    if ("file" in form.dataset) return; // its answer may be a file, and the page stays
    giveName(form);
    // the pressed button is sent with the form, so it is shut a moment later
    setTimeout(() => {
      for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
    });
    setTimeout(sayBusy, WAIT, form, Date.now());
  });
}

// a form whose answer tells how far it is gets a name to ask by
function giveName(form) {
  if (!form.dataset.progress || !crypto.randomUUID) return;
  const input = form.elements.progress ?? document.createElement("input");
  Object.assign(input, { type: "hidden", name: "progress", value: crypto.randomUUID() });
  form.append(input);
}

async function ask(form) {
  const address = `${form.dataset.progress}?of=${form.elements.progress.value}`;
  const answer = await fetch(address, { credentials: "same-origin" });
  return answer.ok ? (await answer.json()).words : "";
}

function sayBusy(form, began) {
  const said = document.createElement("p");
  said.className = "say note";
  said.setAttribute("role", "status");
  form.append(said);
  let words = "";
  const tick = () => {
    const busy = script.dataset.busy.replace("{seconds}", Math.round((Date.now() - began) / 1000));
    said.textContent = [words, busy].filter(Boolean).join(" ");
    if (form.elements.progress) ask(form).then((answer) => (words = answer), () => (words = ""));
  };
  tick();
  setInterval(tick, 1000);
}

window.addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// back from the next page: the buttons work again
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
