// New versions of the client: each is fetched whole, and waits for the reader's tap.

/** This client's generation of the protocol; the service says which is the oldest that it understands. */
export const PROTOCOL = 1;

const WORKER = "/sw.js";
const AN_HOUR = 3_600_000;

const listeners = new Set();
let registration = null;
let asked = Date.now();
let overtaken = false; // another tab's tap let a new version take over; this page still runs the old one

/** The build that this page runs. */
export function build() {
  return meta("build");
}

/** Start the service worker; whether this client works offline. */
export async function register() {
  const workers = navigator.serviceWorker;
  if (!workers) return false;
  if (meta("offline") === "off") {
    // Whoever had one gets the one that cleans up.
    await (await workers.getRegistration("/"))?.update().catch(() => {});
    return false;
  }
  await holdBuild();
  try {
    registration = await workers.register(address(), { scope: "/", updateViaCache: "none" });
  } catch {
    return false; // no network yet, or a browser that forbids it: the page works on, online
  }
  watch(workers);
  workers.ready.then((ready) => ready.active.postMessage({ type: "started" }));
  return true;
}

/** Hear, now and at each change, whether a new version waits; returns how to stop listening. */
export function waiting(listener) {
  listeners.add(listener);
  listener(isWaiting());
  return () => listeners.delete(listener);
}

/** The reader's tap: the waiting version takes over, and the page loads again once. */
export function activate() {
  const next = registration?.waiting;
  if (!next) return location.reload();
  next.addEventListener("statechange", () => next.state === "activated" && location.reload());
  next.postMessage({ type: "activate" });
}

function isWaiting() {
  return overtaken || Boolean(registration?.waiting && registration.active);
}

function tell() {
  for (const listener of listeners) listener(isWaiting());
}

function watch(workers) {
  follow(registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  if (workers.controller) {
    workers.addEventListener("controllerchange", () => {
      overtaken = true;
      tell();
    });
  }
  document.addEventListener("visibilitychange", lookAgain);
  tell();
}

function follow(worker) {
  worker?.addEventListener("statechange", tell);
}

/** A page may stay open for weeks: ask for a new version when it is looked at again. */
function lookAgain() {
  if (document.visibilityState !== "visible" || Date.now() - asked < AN_HOUR) return;
  asked = Date.now();
  registration.update().catch(() => {});
}

/** Hold a lock named after this build while the page lives: the worker keeps the files of builds in use. */
function holdBuild() {
  if (!navigator.locks) return Promise.resolve();
  return new Promise((held) => {
    navigator.locks.request(`daybook-build-${build()}`, { mode: "shared" }, () => {
      held();
      return new Promise(() => {});
    });
  });
}

function address() {
  const types = window.trustedTypes;
  return types ? types.createPolicy("daybook", { createScriptURL: () => WORKER }).createScriptURL("") : WORKER;
}

function meta(name) {
  return document.querySelector(`meta[name="daybook-${name}"]`)?.content ?? "";
}
