// Keeps one build of the client on the phone: the page and its files from the cache, and nothing else.
// The server writes a line above this one: const SHELL = {build, page, files}.

const PREFIX = "daybook-";
const MINE = PREFIX + SHELL.build;

self.addEventListener("install", (event) => event.waitUntil(arrive()));

self.addEventListener("activate", (event) => event.waitUntil(begin()));

self.addEventListener("message", (event) => {
  if (event.data?.type === "activate") event.waitUntil(self.skipWaiting());
  if (event.data?.type === "started") event.waitUntil(mend().then(tidy));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && url.pathname === "/") event.respondWith(kept(SHELL.page, request));
  else if (url.pathname.startsWith("/app/")) event.respondWith(kept(request, request));
});

/** A first build has nobody to wait for; the one before it can only be the worker of the kill switch. */
async function arrive() {
  await keep();
  if (await isFirst()) await self.skipWaiting();
}

/** Serve the page that brought the first build at once; a later build takes no page that runs another. */
async function begin() {
  await ((await isFirst()) ? self.clients.claim() : tidy());
}

/** All files of the build, or none. */
async function keep() {
  try {
    await (await caches.open(MINE)).addAll([SHELL.page, ...SHELL.files]);
  } catch (error) {
    await caches.delete(MINE);
    throw error;
  }
}

/** From whichever build's cache has it (its name holds the build); the system may have thrown it away. */
async function kept(name, request) {
  const found = await caches.match(name).catch(() => undefined);
  return found ?? fetch(request);
}

/** Fetch the build again if the system threw it away; without a network, or after an upgrade, it stays away. */
async function mend() {
  const whole = await (await caches.open(MINE)).match(SHELL.page); // files come all at once or not at all
  if (!whole) await keep().catch(() => {});
}

/** Throw away other builds that no page runs. A page holds a lock named after its build while it lives. */
async function tidy() {
  const unused = await others();
  const used = await buildsInUse();
  if (used === null || self.registration.waiting || self.registration.installing) return; // a newer build comes
  await Promise.all(unused.filter((name) => !used.has(name)).map((name) => caches.delete(name)));
}

async function others() {
  return (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== MINE);
}

async function isFirst() {
  return (await others()).length === 0;
}

/** The caches of builds that pages run; null while a page is only starting, which has not said yet. */
async function buildsInUse() {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!pages.length) return new Set();
  if (!self.navigator.locks) return null;
  const { held } = await self.navigator.locks.query();
  const locks = held.filter((lock) => lock.name.startsWith(`${PREFIX}build-`));
  if (locks.length < pages.length) return null;
  return new Set(locks.map((lock) => lock.name.replace("build-", "")));
}
