// The browser's own offer to install this app: it comes once, early, and is kept until the reader wants it.

let offer = null;
const listeners = new Set();

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault(); // the reader is not interrupted
  take(event);
});
addEventListener("appinstalled", () => take(null));

/** Hear, now and at each change, whether the browser offers it; returns how to stop listening. */
export function offered(listener) {
  listeners.add(listener);
  listener(offer !== null);
  return () => listeners.delete(listener);
}

/** Ask the reader, in the browser's own words; whether they agreed. */
export async function install() {
  const mine = offer;
  take(null); // an offer can be used once
  await mine?.prompt();
  return (await mine?.userChoice)?.outcome === "accepted";
}

function take(event) {
  offer = event;
  for (const listener of listeners) listener(offer !== null);
}
