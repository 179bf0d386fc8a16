// The worker of one roll: it keeps a copy of this page and of what it is drawn with, so that the roll can be opened without a
// network. It answers for no other page and sends nothing. The copy holds names, so it lives for some hours only.

const HOURS_KEPT = 4;
const PATIENCE = 6000; // milliseconds until a network that does not answer counts as none
const home = new URL(self.registration.scope);
const NAME = `roll-${home.pathname}`;
const UNCHANGING = /\.[0-9a-f]{12}\./; // the hash in the name of a static file
const GATEWAY = [502, 503, 504];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data?.keep)) return;
  event.waitUntil(Promise.allSettled([home.href, ...event.data.keep].map(keep)));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== home.origin) return;
  const isPart = url.searchParams.get("answer") === "roll";
  if (url.pathname === home.pathname && (request.mode === "navigate" || isPart)) {
    event.respondWith(page(request, url, isPart));
  } else if (url.pathname.includes("/static/")) {
    event.respondWith(file(request));
  }
});

async function keep(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (answer.ok && !answer.redirected) await store(address, answer);
}

async function store(address, answer) {
  const headers = new Headers(answer.headers);
  headers.set("x-kept-at", String(Date.now()));
  const copy = new Response(await answer.blob(), { status: answer.status, headers });
  await (await caches.open(NAME)).put(address, copy);
}

async function kept(address) {
  const cache = await caches.open(NAME);
  const copy = await cache.match(address);
  if (!copy) return null;
  if (Date.now() - Number(copy.headers.get("x-kept-at")) < HOURS_KEPT * 3600_000) return copy;
  await caches.delete(NAME);
  return null;
}

function soon(request) {
  return Promise.race([
    fetch(request),
    new Promise((_answered, failed) => setTimeout(failed, PATIENCE, new Error("no answer"))),
  ]);
}

async function page(request, url, isPart) {
  const address = isPart ? `${home.href}?answer=roll` : home.href;
  const isWhole = !url.searchParams.get("q") && !url.searchParams.get("who"); // not narrowed
  try {
    const answer = await soon(request);
    if (GATEWAY.includes(answer.status)) return (await kept(address)) ?? answer;
    if (answer.status === 200 && !answer.redirected && isWhole) await store(address, answer.clone());
    return answer;
  } catch {
    return (await kept(address)) ?? Response.error();
  }
}

async function file(request) {
  const cache = await caches.open(NAME);
  const copy = await cache.match(request.url);
  if (copy && UNCHANGING.test(request.url)) return copy;
  try {
    const answer = await fetch(request);
    if (answer.status === 200) await store(request.url, answer.clone());
    return answer;
  } catch {
    return copy ?? Response.error();
  }
}
