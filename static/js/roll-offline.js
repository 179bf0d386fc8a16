// The roll without a network: a mark that cannot be sent stays on this phone with a nonce and with the mark that was seen, is
// shown as waiting, and is sent when the network is back. The server takes each once; where somebody else has marked
// meanwhile, a person decides. Without this file, or without a service worker, the roll works as long as there is a network.

const roll = document.querySelector("[data-roll]");
const panel = document.querySelector("[data-offline]");
const words = panel?.dataset ?? {};
const lesson = Number(words.lesson);
const address = new URL(location.pathname, location.href);
const AGAIN = 15_000; // milliseconds between two tries to send
const LOOK = 10_000; // milliseconds between two looks at what others marked
const PATIENCE = 8000; // milliseconds until a network that does not answer counts as none
const MOST = 200; // marks of one send
const BY_ITSELF = { headers: { "X-By-Itself": "1" } }; // looking anew is not being at work
const NOTHING = { status: "", minutes: null, reason: null };
let marks = []; // of this lesson and account, in their order
let beside = { foreign: 0, elsewhere: 0 };
let away = false, expired = false, busy = false, sentSome = false, looked = false, needed = "";

// --- What is kept on the phone ---

const opened = new Promise((done, failed) => {
  const asked = indexedDB.open("roll", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("marks", { keyPath: "nonce" });
  asked.onsuccess = () => done(asked.result);
  asked.onerror = () => failed(asked.error);
});

async function withMarks(mode, act) {
  const database = await opened;
  return new Promise((done, failed) => {
    const step = database.transaction("marks", mode);
    const asked = act(step.objectStore("marks"));
    step.oncomplete = () => done(asked?.result);
    step.onerror = () => failed(step.error);
  });
}

const store = (mark) => withMarks("readwrite", (rows) => rows.put(mark));
const forget = (mark) => withMarks("readwrite", (rows) => rows.delete(mark.nonce));

async function load() {
  const all = await withMarks("readonly", (rows) => rows.getAll());
  const own = all.filter((mark) => mark.who === words.who);
  marks = own.filter((mark) => mark.lesson === lesson).sort((one, other) => one.order - other.order);
  beside = { foreign: all.length - own.length, elsewhere: own.length - marks.length };
}

function nonce() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// --- What stands, as far as the phone knows ---

const rowOf = (person) => roll.querySelector(`[data-person="${person}"]`);
const number = (text) => (text ? Number(text) : null);
const same = (one, other) => one.status === other.status && one.minutes === other.minutes && one.reason === other.reason;

function onThePage(row) {
  return { status: row.dataset.status, minutes: number(row.dataset.minutes), reason: number(row.dataset.reason) };
}

function stands(row) {
  const own = marks.filter((mark) => mark.person === Number(row.dataset.person));
  return own.length ? own[own.length - 1].wanted : onThePage(row);
}

function inWords(row, mark) {
  if (!mark.status) return words.unmarked;
  const label = (value) => row?.querySelector(`button[value="${value}"]`)?.textContent.trim();
  const status = label(`${mark.status}:${row?.dataset.person}`) ?? mark.status;
  const reason = mark.reason && label(`reason:${row?.dataset.person}:${mark.reason}`);
  return reason ? `${status}（${reason}）` : status;
}

const nameOf = (row) => row?.querySelector("summary b")?.textContent ?? "";
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name] ?? "");

// --- A tap that stays on the phone ---

async function put(row, wanted, tap) {
  const person = Number(row.dataset.person);
  const own = marks.filter((mark) => mark.person === person);
  const last = own[own.length - 1];
  if (last && (!last.tried || last.state)) {
    // not on its way: the new mark takes its place and has seen what that one had seen, or what it clashed with
    marks = marks.filter((mark) => mark !== last);
    await forget(last);
  }
  const seen = last ? (last.state ? last.stands : last.tried ? last.wanted : last.seen) : onThePage(row);
  if (last && !last.state && !last.tried && same(seen, wanted)) return;
  const mark = { nonce: nonce(), lesson, who: words.who, person, seen, wanted, tap, order: Date.now() + marks.length / 1000 };
  marks.push(mark);
  await store(mark);
}

async function keep(form, button) {
  const [action, person, reason] = button.value.split(":");
  const tap = nonce();
  needed = "";
  if (action === "rest") {
    for (const row of roll.querySelectorAll("[data-person]")) {
      if (!stands(row).status) await put(row, { ...NOTHING, status: "present" }, tap);
    }
  } else if (action === "undo") {
    const last = marks[marks.length - 1];
    if (last && !last.tried && !last.state) {
      const gone = marks.filter((mark) => mark.tap === last.tap && !mark.tried);
      marks = marks.filter((mark) => !gone.includes(mark));
      for (const mark of gone) await forget(mark);
    } else needed = words.needsNetwork;
  } else {
    const row = rowOf(person);
    const before = stands(row);
    if (action === "clear") await put(row, NOTHING, tap);
    else if (action === "reason") await put(row, { ...before, reason: number(reason) }, tap);
    else {
      const minutes = number(form.elements[`minutes-${person}`]?.value);
      const wanted = { status: action, minutes, reason: before.status === action ? before.reason : null };
      if (minutes === null && before.status === action) wanted.minutes = before.minutes;
      if (!same(before, wanted)) await put(row, wanted, tap);
    }
    row.querySelector("details").open = false;
  }
  draw();
}

// --- What is seen of it ---

function draw() {
  const counts = { "": 0, present: 0, late: 0, left_early: 0, excused: 0, absent: 0 };
  for (const row of roll.querySelectorAll("[data-person]")) {
    const mark = stands(row);
    counts[mark.status] += 1;
    const waits = marks.some((one) => one.person === Number(row.dataset.person));
    if (!waits) continue;
    const state = document.createElement("span");
    state.className = "mark-state idle";
    state.textContent = `${inWords(row, mark)} · ${words.toBeSent}`;
    row.querySelector("summary").lastElementChild.replaceWith(state);
  }
  if (marks.length) count(counts);
  say();
}

function count(counts) {
  const shown = { present: counts.present, late: counts.late + counts.left_early, excused: counts.excused, absent: counts.absent };
  for (const [name, value] of Object.entries(shown)) {
    const place = roll.querySelector(`[data-count="${name}"]`);
    if (place) place.textContent = value;
  }
  for (const place of roll.querySelectorAll("[data-unmarked]")) {
    place.textContent = place.textContent.replace(/\d+/, counts[""]);
    place.hidden = place.matches("button") && !counts[""];
  }
}

function say() {
  const waiting = marks.filter((mark) => !mark.state).length;
  const sentences = [
    away ? words.away : "",
    expired ? words.logIn : "",
    waiting ? fill(busy && !away ? words.sending : words.waiting, { n: waiting }) : "",
    needed,
  ].filter(Boolean);
  if (!sentences.length && sentSome) sentences.push(words.sent);
  panel.querySelector("[data-says]").textContent = sentences.join(" ");
  panel.querySelector("[data-login]").hidden = !expired;
  panel.querySelector("[data-icon]").hidden = !away;
  const others = ["foreign", "elsewhere"].filter((kind) => beside[kind]).map((kind) => fill(words[kind], { n: beside[kind] }));
  const place = panel.querySelector("[data-others]");
  place.textContent = others.join(" ");
  place.hidden = !others.length;
  panel.querySelector(".say").hidden = !sentences.length && !others.length;
  showClashes();
  panel.hidden = panel.querySelector(".say").hidden && !marks.some((mark) => mark.state);
}

function showClashes() {
  const list = panel.querySelector("[data-clashes]");
  list.replaceChildren(...marks.filter((mark) => mark.state).map((mark) => {
    const row = rowOf(mark.person);
    const values = { name: nameOf(row), mine: inWords(row, mark.wanted), said: mark.said, by: mark.stands.by, at: mark.stands.at, theirs: mark.stands.words };
    const clashes = mark.state === "clash";
    const item = document.createElement("li");
    item.className = "say bad";
    const text = document.createElement("p");
    text.textContent = fill(clashes ? (mark.stands.status ? words.clash : words.clashUnmarked) : words.refused, values);
    const buttons = document.createElement("div");
    buttons.append(
      choice(fill(clashes ? words.mine : words.again, values), () => insist(mark)),
      choice(fill(clashes ? words.theirs : words.drop, values), () => giveUp(mark)),
    );
    item.append(text, buttons);
    return item;
  }));
}

function choice(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-quiet";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

async function insist(mark) {
  const { status, minutes, reason } = mark.stands;
  const again = { ...mark, nonce: nonce(), seen: { status, minutes, reason }, tried: false, state: "", said: "" };
  marks = marks.map((one) => (one === mark ? again : one));
  await forget(mark);
  await store(again);
  draw();
  send();
}

async function giveUp(mark) {
  marks = marks.filter((one) => one !== mark);
  await forget(mark);
  await look(true);
}

// --- Sending, and looking what others marked ---

async function ask(url, options = {}) {
  const answer = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE), ...options });
  expired = answer.status === 401 || answer.redirected;
  if (expired) throw new Error("log in");
  if (answer.status >= 500) throw new Error("away");
  return answer;
}

function failed() {
  away = !expired;
}

// the roll as it stands now, drawn where nobody is at work in it; `always` draws it in any case
async function look(always = false) {
  const url = new URL(address);
  const form = roll.querySelector("[data-roll-form]");
  const who = new URLSearchParams(location.search).get("who");
  url.searchParams.set("answer", "roll");
  if (who) url.searchParams.set("who", who);
  if (!always) url.searchParams.set("version", form.dataset.version);
  try {
    const answer = await ask(url, BY_ITSELF);
    away = answer.headers.has("x-kept-at"); // a copy, which counts once, when the page is opened
    if (answer.status === 200 && !(away && looked)) show(await answer.text(), always || away);
    looked = true;
  } catch {
    failed();
  }
  draw();
}

function atWork() {
  return roll.querySelector("details[open]") || roll.contains(document.activeElement) && document.activeElement.matches("input") || roll.querySelector("[data-find] input")?.value;
}

function show(html, always) {
  if (!always && atWork()) return;
  roll.innerHTML = html;
  roll.dispatchEvent(new Event("drawn"));
}

async function send() {
  const waiting = marks.filter((mark) => !mark.state).slice(0, MOST);
  if (busy || !waiting.length) return;
  let taken = false;
  busy = true;
  say();
  try {
    const page = await ask(`${address}?answer=roll`, BY_ITSELF); // who is logged in, and a token of that session
    if (page.headers.has("x-kept-at") || page.status !== 200) throw new Error("away");
    away = false;
    const token = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[name=csrfmiddlewaretoken]").value;
    for (const mark of waiting) {
      mark.tried = true;
      await store(mark);
    }
    const body = JSON.stringify({ marks: waiting.map(({ nonce, person, wanted, seen }) => ({ nonce, person, wanted, seen })) });
    const answer = await ask(words.send, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    if (!answer.ok) throw new Error("not taken");
    await heed(await answer.json());
    taken = true;
  } catch {
    failed();
  }
  busy = false;
  draw();
  if (taken && marks.some((mark) => !mark.tried)) await send(); // tapped meanwhile
}

async function heed({ answers, roll: html }) {
  for (const { nonce, outcome, said, stands: there } of answers) {
    const mark = marks.find((one) => one.nonce === nonce);
    if (!mark) continue;
    if (outcome === "taken") {
      marks = marks.filter((one) => one !== mark);
      sentSome = true;
      await forget(mark);
    } else {
      Object.assign(mark, { state: outcome, said, stands: there });
      await store(mark);
    }
  }
  show(html, true);
  await keepCopy(html);
}

async function keepCopy(html) {
  if (!("caches" in window) || !navigator.serviceWorker?.controller) return;
  const headers = { "Content-Type": "text/html; charset=utf-8", "x-kept-at": String(Date.now()) };
  const cache = await caches.open(`roll-${location.pathname}`);
  await cache.put(`${address}?answer=roll`, new Response(html, { headers }));
}

// --- What happens when ---

async function begin() {
  await load();
  roll.addEventListener("tap", (event) => {
    if (navigator.onLine && !away && !marks.length) return; // the usual way
    event.preventDefault();
    keep(event.detail.form, event.detail.button).then(send);
  });
  roll.addEventListener("unsent", (event) => {
    event.preventDefault();
    away = !event.detail.expired;
    expired = event.detail.expired;
    keep(event.detail.form, event.detail.button);
  });
  roll.addEventListener("taken", (event) => keepCopy(event.detail));
  roll.addEventListener("submit", (event) => {
    if (event.submitter?.name || (navigator.onLine && !away && !marks.length)) return;
    event.preventDefault(); // locking the roll
    needed = words.needsNetwork;
    say();
  });
  window.addEventListener("online", () => send().then(() => look()));
  window.addEventListener("offline", () => {
    away = true;
    say();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) send().then(() => look());
  });
  setInterval(() => !document.hidden && send(), AGAIN);
  setInterval(() => !document.hidden && !busy && look(), LOOK);
  away = !navigator.onLine;
  draw();
  await look();
  await send();
  await keepThePage();
}

async function keepThePage() {
  if (!navigator.serviceWorker) return;
  await navigator.serviceWorker.register(words.worker, { scope: location.pathname });
  const { active } = await navigator.serviceWorker.ready;
  const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((part) => part.href || part.src);
  const drawn = performance.getEntriesByType("resource").map((entry) => entry.name).filter((name) => name.includes("/static/"));
  active.postMessage({ keep: [...new Set([...files, ...drawn])] });
}

if (roll && panel && "indexedDB" in window) begin().catch((error) => console.warn(error));
