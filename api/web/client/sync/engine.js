// Brings the outbox to the server and the server's changes here, in one tab at a time, without being asked.

import { Problem, Unreachable } from "../core/api.js";
import { exclusively } from "../core/lock.js";
import { ownerOf, read, wipe } from "../store/account.js";
import { changed, isKept } from "../store/db.js";
import { count, nextIn } from "../store/outbox.js";
import { exchange } from "./exchange.js";
import { delay } from "./pace.js";
import { reconcile } from "./reconcile.js";

const LOCK = "daybook-sync";
const listeners = new Set();
const shown = {
  phase: "idle", // idle | sending | offline | down | signed_out | blocked
  reason: null, // of blocked: participant-withdrawn, study-closed, storage-full, store-outdated, store-busy or another slug
  unsent: 0,
  attention: 0, // of those, what waits for its leader
  last_answer: null, // when the server last answered
  retry_at: null,
  skew_ms: null, // the phone's clock minus the server's
  kept: true, // false: only in memory
};

let pace = { least: 2_000, most: 300_000 };
let running = null;
let again = false;
let failures = 0;
let notBefore = 0; // the server asked to be left alone until then
let timer = null;

/** Begin: now, and whenever there is a reason to. */
export function start(changes = {}) {
  pace = { ...pace, ...changes };
  addEventListener("online", now);
  addEventListener("pageshow", now);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now());
  changed(hear);
  return now();
}

/** Synchronise as soon as the server allows; a promise that ends when the outbox was offered or could not be. */
export function now() {
  if (running) {
    again = true;
    return running;
  }
  if (Date.now() < notBefore) {
    plan(notBefore - Date.now());
    return Promise.resolve();
  }
  running = exclusively(LOCK, turn).catch(failed).finally(finished);
  return running;
}

/** How it stands. */
export function state() {
  return { ...shown };
}

/** Hear of every change of the state; returns what ends it. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

async function turn() {
  clearTimeout(timer);
  if (!ownerOf(await read())) return show({ phase: "signed_out", retry_at: null }); // nobody has joined yet
  show({ phase: "sending", retry_at: null });
  try {
    let answer = await exchange();
    if (await reconcile()) answer = await exchange();
    await succeeded(answer);
  } catch (error) {
    await failed(error);
  }
  return recount();
}

async function succeeded(answer) {
  failures = 0;
  const { closed } = await count();
  const skew = Date.now() - Date.parse(answer.server_time);
  const standing = { phase: closed ? "blocked" : "idle", reason: closed };
  show({ ...standing, last_answer: Date.now(), skew_ms: skew });
  const wait = await nextIn();
  if (wait !== null) plan(Math.max(wait, pace.least));
}

async function failed(error) {
  const { retryAfter = null, status, slug } = error;
  if (error instanceof Problem) show({ last_answer: Date.now() });
  if (status === 401) {
    if (slug === "session-ended" && error.onRefresh) await wipe();
    show({ phase: "signed_out" }); // what waits stays; the next sign-in, or a new page, tries again
    return;
  }
  const answered = error instanceof Problem && status < 500 && status !== 408 && status !== 429;
  if (answered) show({ phase: "blocked", reason: slug });
  else if (error instanceof Problem) show({ phase: "down" });
  else if (error instanceof Unreachable) show({ phase: error.why === "network" ? "offline" : "down" });
  else show({ phase: "blocked", reason: slug ?? error.name });
  const wait = delay(failures, retryAfter, pace);
  failures += 1;
  if (retryAfter) notBefore = Date.now() + retryAfter * 1_000;
  plan(wait);
}

function finished() {
  running = null;
  if (!again) return;
  again = false;
  // What came while it ran is sent at once; after a failure it waits with the rest.
  if (!failures && shown.phase !== "signed_out") now();
}

function plan(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(now, milliseconds);
  show({ retry_at: Date.now() + milliseconds });
}

function hear(news) {
  if (news.submitted && news.elsewhere) plan(pace.least); // the other tab sends it, unless it is closed
  else if (news.submitted) now();
  else if (news.stores?.includes("outbox") || news.erased) recount();
}

async function recount() {
  const { unsent, attention } = await count();
  show({ unsent, attention, kept: isKept() });
}

function show(changes) {
  if (Object.entries(changes).every(([name, value]) => shown[name] === value)) return;
  Object.assign(shown, changes);
  for (const listener of [...listeners]) listener(state());
}
