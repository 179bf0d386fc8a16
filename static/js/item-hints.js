// Says below the form of a plan item what it overlaps while it is typed. Without this file saving says it.

const QUIET = 400; // milliseconds without a key before it asks
const form = document.querySelector("form[data-hints]");
const place = form.querySelector("[data-hints-here]");
let timer = 0, asked = null;

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, QUIET);
});

async function ask() {
  asked?.abort();
  const mine = (asked = new AbortController());
  try {
    const response = await fetch(form.dataset.hints, {
      method: "POST", body: new FormData(form), signal: mine.signal, headers: { "X-Requested-With": "fetch" },
    });
    if (response.ok) place.innerHTML = await response.text();
  } catch {
    // no connection, or asked again: saving says it all the same
  }
}
