// The kill switch: takes the place of the service worker, empties its caches and goes. Entries stay where they are.

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));

self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  for (const name of await caches.keys()) {
    if (name.startsWith("daybook-")) await caches.delete(name);
  }
  await self.registration.unregister();
}
