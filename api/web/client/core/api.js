// Asks the server. Every refusal is a Problem with a slug; whatever is no answer of ours is Unreachable.

import { instant, now } from "./clock.js";
import { exclusively } from "./lock.js";

const MARK = "daybook-refreshed";
const URN = "urn:daybook:problem:";

/** A refusal, as the server words it (RFC 9457); `onRefresh`: it was the session itself that was refused. */
export class Problem extends Error {
  constructor(body, retryAfter = null) {
    super(body.title ?? String(body.status));
    this.status = body.status;
    this.slug = String(body.type ?? "").replace(URN, "");
    this.title = body.title ?? "";
    this.detail = body.detail ?? null;
    this.errors = body.errors ?? [];
    this.stored = body.stored ?? null;
    this.retryAfter = body.retry_after ?? retryAfter;
    this.onRefresh = false;
  }
}

/** No answer of ours came; `why`: "network", "timeout" or "server". */
export class Unreachable extends Error {
  constructor(why, retryAfter = null) {
    super(why);
    this.why = why;
    this.retryAfter = retryAfter;
  }
}

/** Ask: a promise of {status, body}. A session that has expired is refreshed once, whichever tab does it. */
export async function call(method, path, body, { seconds = 20 } = {}) {
  const seen = mark();
  try {
    return await send(method, path, body, seconds);
  } catch (error) {
    if (error.slug !== "session-ended") throw error;
  }
  await refresh(seen, seconds);
  return send(method, path, body, seconds);
}

async function refresh(seen, seconds) {
  await exclusively(MARK, async () => {
    if (mark() !== seen) return; // another tab did, while this one waited
    try {
      await send("POST", "/v1/session/refresh", {}, seconds);
    } catch (error) {
      error.onRefresh = true;
      throw error;
    }
    note();
  });
}

async function send(method, path, body, seconds) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * 1000);
  try {
    return await answer(await fetch(path, request(method, body, stop.signal)));
  } catch (error) {
    if (error instanceof Problem || error instanceof Unreachable) throw error;
    throw new Unreachable(stop.signal.aborted ? "timeout" : "network");
  } finally {
    clearTimeout(timer);
  }
}

function request(method, body, signal) {
  const headers = { Accept: "application/json", "Daybook-Sent-At": instant(now()) };
  const sent = typeof body === "string" ? body : body && JSON.stringify(body);
  if (sent) headers["Content-Type"] = "application/json";
  return { method, headers, body: sent ?? undefined, signal, credentials: "same-origin", cache: "no-store", redirect: "error" };
}

async function answer(response) {
  const kind = response.headers.get("content-type") ?? "";
  const retryAfter = Number(response.headers.get("retry-after")) || null;
  if (kind.startsWith("application/problem+json")) throw new Problem(await response.json(), retryAfter);
  if (response.status === 413) throw new Problem({ status: 413, type: `${URN}body-too-large` }); // a proxy's own
  if (response.status === 204) return { status: 204, body: null };
  // A hotel's sign-in page is a 200 too.
  if (!response.ok || !kind.startsWith("application/json")) throw new Unreachable("server", retryAfter);
  return { status: response.status, body: await response.json() };
}

let marks = 0; // where there is no storage to share with other tabs: the server takes a refresh twice

function mark() {
  try {
    return localStorage.getItem(MARK) ?? marks;
  } catch {
    return marks;
  }
}

function note() {
  marks += 1;
  try {
    localStorage.setItem(MARK, `${Date.now()} ${Math.random()}`);
  } catch {
    // Then only this tab knows.
  }
}
