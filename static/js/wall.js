// The code on the wall: a new one as soon as the old one is no longer shown. Without this file the page loads itself anew.

const wall = document.querySelector("[data-wall]");
const AGAIN = 3000; // milliseconds until the server is asked again when it did not answer
const MARGIN = 80; // milliseconds after the change of the step
let diesAt = Infinity;

const picture = wall.querySelector(".wall-code svg");
const show = (part, is) => { wall.querySelector(part).hidden = !is; };

async function ask() {
  let wait = AGAIN;
  try {
    const answer = await fetch(wall.dataset.wall, { credentials: "same-origin", cache: "no-store" });
    if (answer.redirected) return location.reload(); // logged out
    if (!answer.ok) throw new Error("no answer");
    const now = await answer.json();
    picture.setAttribute("viewBox", `0 0 ${now.size || 33} ${now.size || 33}`);
    picture.querySelector("path").setAttribute("d", now.path);
    picture.toggleAttribute("hidden", !now.path);
    wall.querySelector("[data-why]").textContent = now.why;
    show("[data-why]", Boolean(now.why));
    show("[data-away]", false);
    wall.querySelector("[data-came]").textContent = now.came;
    wall.querySelector("[data-people]").textContent = now.people;
    wait = now.seconds * 1000 + MARGIN;
    diesAt = Date.now() + wait + 10000;
  } catch {
    if (Date.now() > diesAt) { // nobody shall scan a code that counts no more
      picture.toggleAttribute("hidden", true);
      show("[data-away]", true);
    }
  }
  setTimeout(ask, wait);
}

ask();
