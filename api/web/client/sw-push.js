// The service worker's second half: push. The server joins it to sw.js.
// A push is always shown: three that are not end the subscription on iOS. What it says is neutral, for whoever sees the
// locked screen, and because the prompt may be answered already on another device.

const MARK = "daybook-refreshed"; // the lock of core/api.js: one refreshes the session at a time
const AN_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const NEUTRAL = { title: "Daybook", body: "A moment for your diary." };

self.addEventListener("push", (event) => event.waitUntil(pushed(event.data)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(opened(event.notification.tag));
});

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed(event)));

/** Show it first: whatever else goes wrong, something was seen. A repetition takes the place of what it repeats. */
async function pushed(data) {
  const { id, title, body, lang } = read(data);
  const kept = { body, lang, tag: id ?? "daybook", renotify: true, icon: "/icons/192.png", badge: "/icons/192.png" };
  await self.registration.showNotification(title, kept);
  if (id) await ask("POST", `/v1/me/prompts/${id}/confirmed`).catch(() => {});
}

/** {"notification": {title, body, lang, tag}}, as declarative web push has it; what is not understood is neutral. */
function read(data) {
  let told = {};
  try {
    const given = data?.json() ?? {};
    told = given.notification ?? given;
  } catch {
    // Not ours, and shown all the same.
  }
  const text = (value, otherwise) => (typeof value === "string" && value ? value : otherwise);
  const id = [told.tag, told.data?.prompt_id, told.prompt_id].find((one) => AN_ID.test(one));
  return { id, title: text(told.title, NEUTRAL.title), body: text(told.body, NEUTRAL.body), lang: text(told.lang, "en") };
}

/** Show the diary at the prompt: in a page that is open, or in a new one. */
async function opened(tag) {
  const path = AN_ID.test(tag) ? `/prompt/${tag}` : "/";
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((one) => new URL(one.url).pathname === "/");
  if (!page) return self.clients.openWindow(`/#${path}`);
  page.postMessage({ type: "open", path });
  return page.focus();
}

/** The browser has renewed the subscription, or wants to: the server must know where to. */
async function renewed({ newSubscription, oldSubscription }) {
  const options = oldSubscription?.options ?? {};
  const made = newSubscription ?? (options.applicationServerKey && (await self.registration.pushManager.subscribe(options)));
  if (!made) return;
  const { endpoint, keys } = made.toJSON();
  await ask("PUT", "/v1/me/push", { endpoint, p256dh: keys.p256dh, auth: keys.auth });
}

/** Ask the server as whoever is signed in; a session that has expired is renewed once. */
async function ask(method, path, body) {
  if ((await send(method, path, body)).status !== 401) return;
  const renew = () => send("POST", "/v1/session/refresh", {});
  const renewal = await (self.navigator.locks ? self.navigator.locks.request(MARK, renew) : renew());
  if (renewal.ok) await send(method, path, body);
}

function send(method, path, body) {
  const headers = { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) };
  return fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: "same-origin", cache: "no-store", keepalive: true });
}
