// The matrix of a class by keys: arrows move, a digit or Space marks, Delete unmarks. What is marked goes to the roll of the
// lesson, and the page is read anew, so that every sum is the server's. Without this file each cell is a link to that roll.

const ORDER = ["present", "late", "left_early", "excused", "absent"];
const form = document.querySelector("form[data-marks]");
const table = document.querySelector(".matrix");
const said = document.querySelector("[data-said]");

if (table) {
  document.querySelector("[data-keys]")?.removeAttribute("hidden");
  table.addEventListener("keydown", press);
}

function press(event) {
  const link = event.target.closest("tbody td.lesson a");
  if (!link || event.ctrlKey || event.altKey || event.metaKey) return;
  const next = besides(link, event.key);
  if (next) {
    event.preventDefault();
    next.focus();
    return;
  }
  const wanted = mark(link, event.key);
  if (!wanted || !form) return;
  event.preventDefault();
  send(link, wanted);
}

function besides(link, key) {
  const cell = link.parentElement;
  const row = cell.parentElement;
  const beside = {
    ArrowRight: () => cell.nextElementSibling,
    ArrowLeft: () => cell.previousElementSibling,
    ArrowDown: () => row.nextElementSibling?.cells[cell.cellIndex],
    ArrowUp: () => row.previousElementSibling?.cells[cell.cellIndex],
  }[key];
  return beside?.()?.querySelector("a");
}

function mark(link, key) {
  const present = link.dataset.mark;
  if (present === undefined) return "";
  if (key === "Delete" || key === "Backspace") return present ? "clear" : "";
  if (key === " ") return ORDER[(ORDER.indexOf(present) + 1) % ORDER.length];
  return ORDER[Number(key) - 1] ?? "";
}

async function send(link, wanted) {
  const url = new URL(link.href);
  const data = new FormData(form);
  data.set("action", `${wanted}:${url.hash.replace("#p", "")}`);
  data.set("nonce", crypto.randomUUID?.() ?? "");
  try {
    await fetch(url.pathname, { method: "POST", body: data, redirect: "manual" });
    await renew(link.getAttribute("href"));
  } catch {
    location.assign(link.href); // offline: the roll says what is wrong
  }
}

async function renew(href) {
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".matrix tbody", ".matrix tfoot", ".space-side"]) {
    const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
    if (old && fresh) old.innerHTML = fresh.innerHTML;
  }
  said.textContent = page.querySelector(".says")?.textContent.trim() ?? "";
  table.querySelector(`a[href="${href}"]`)?.focus();
}
