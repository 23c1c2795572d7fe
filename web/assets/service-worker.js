// Works beside the pages: keeps the files they are made of, and (only where the person asked for it) the pages of the
// day, so that they can be read without a network. The server puts a line before this one that names ASSETS.
//
// A page is kept when the server marks it with whose it is. Pages of one mark are kept at a time: another mark, a page
// without one (nobody is logged in any more, or nothing is to be kept here) and log-out drop all of them, and so does
// the next day. What is sent by a form is never touched.

const MARK = "Vanthu-Keep";
const PAGES = "pages/";
const PICTURES = "/learning/pictures/"; // of lessons: their addresses name their content
const STATIC = `static/${ASSETS.version}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(STATIC).then((cache) => cache.addAll(ASSETS.addresses)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("static/") && name !== STATIC;
  event.waitUntil(drop(old).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && pathname.endsWith("/log-out")) event.waitUntil(drop(isKept));
  if (request.method !== "GET") return;
  if (pathname.startsWith("/static/")) event.respondWith(fileOf(request));
  else if (pathname.startsWith(PICTURES)) event.respondWith(pictureOf(request));
  else if (request.mode === "navigate") event.respondWith(pageOf(event));
});

// The home page names the pages of what waits: they are fetched before anybody opens them.
self.addEventListener("message", (event) => {
  if (!Array.isArray(event.data?.ahead)) return;
  event.waitUntil(Promise.all(event.data.ahead.map((address) => fetchAhead(address).catch(() => undefined))));
});

async function fileOf(request) {
  const found = await caches.match(request, { cacheName: STATIC });
  return found ?? fetch(request);
}

async function pageOf(event) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(keep(event.request.url, answer.clone()));
    return answer;
  } catch (unreachable) {
    return (await keptPage(event.request.url)) ?? (await caches.match(ASSETS.offline, { cacheName: STATIC })) ?? Promise.reject(unreachable);
  }
}

async function fetchAhead(address) {
  if (new URL(address, self.location.origin).origin !== self.location.origin) return;
  await keep(new URL(address, self.location.origin).href, await fetch(address, { headers: { "Vanthu-Ahead": "1" } }));
}

/** Put a marked page where pages of its mark and of today are; whatever is not of them is dropped. */
async function keep(address, answer) {
  const isPage = answer.ok && (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
  if (!isPage) return;
  const mark = answer.redirected ? null : answer.headers.get(MARK);
  const name = mark ? PAGES + mark + "/" + today() : null;
  await drop((one) => isKept(one) && one !== name);
  if (!name) return;
  const cache = await caches.open(name);
  const shown = (await answer.clone().text()).match(/\/learning\/pictures\/[0-9a-f]{64}/g) ?? [];
  await cache.put(withoutFragment(address), answer);
  for (const one of new Set(shown)) if (!(await cache.match(one, { ignoreVary: true }))) await cache.add(one).catch(() => undefined);
}

/** A picture of a lesson: fetched, or as it was kept with its page. */
async function pictureOf(request) {
  const names = (await caches.keys()).filter(isKept);
  const kept = await Promise.all(names.map((name) => caches.match(request, { cacheName: name, ignoreVary: true })));
  return kept.find(Boolean) ?? fetch(request);
}

/** A kept page of today, with the line shown that says from when it is; nothing where none is kept. */
async function keptPage(address) {
  await drop((name) => isKept(name) && !name.endsWith("/" + today()));
  for (const name of (await caches.keys()).filter(isKept)) {
    const found = await caches.match(withoutFragment(address), { cacheName: name, ignoreVary: true });
    if (!found) continue;
    const text = (await found.text()).replace('<p class="vt-offline" role="status" hidden>', '<p class="vt-offline" role="status">');
    const headers = new Headers(found.headers);
    headers.delete("Content-Encoding");
    headers.delete("Content-Length");
    return new Response(text, { status: 200, headers });
  }
  return undefined;
}

const isKept = (name) => name.startsWith(PAGES);
const today = () => new Date().toDateString().replaceAll(" ", "-");
const withoutFragment = (address) => address.replace(/#.*$/, "");

async function drop(which) {
  await Promise.all((await caches.keys()).filter(which).map((name) => caches.delete(name)));
}
