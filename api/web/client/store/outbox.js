// What waits to be sent: one operation per entry, oldest first, until a receipt whose hash matches takes it away.

import { newId } from "../core/ids.js";
import { accountAt, ownerOf } from "./account.js";
import { run } from "./db.js";
import { withHash } from "./records.js";

const LONGEST_WAIT = 26 * 3_600_000; // a later hour was written when the clock was wrong

/** A put or a delete of an entry. `turn` tells it from whatever takes its place; `held` says why it is not sent. */
export function operation(id, owner, op, entry) {
  return { id, owner, op, entry, turn: newId(), attempts: 0, held: null, not_before: 0 };
}

/** Every operation of whoever is signed in, those that are held too. */
export async function waiting() {
  return run(["outbox", "account"], "readonly", mineAt);
}

/** How many operations wait, how many of them need their leader, and why the study takes none, if so. */
export async function count() {
  const ops = await waiting();
  const held = ops.filter((op) => op.held);
  const closed = held.find((op) => op.held === "closed")?.reason ?? null;
  return { unsent: ops.length, attention: held.length, closed };
}

/** The next operations to send, at most so many. */
export async function next(most = 50, now = Date.now()) {
  return (await waiting()).filter((op) => isDue(op, now)).slice(0, most);
}

/** Milliseconds until the next operation may be sent; null when none waits for that. */
export async function nextIn(now = Date.now()) {
  const waits = (await waiting()).filter((op) => !op.held).map((op) => (isDue(op, now) ? 0 : op.not_before - now));
  return waits.length ? Math.min(...waits) : null;
}

/** Note, before they are sent, what the server may have met from now on; give those that are still as they were. */
export async function begin(sendings) {
  return run(["outbox", "entries"], "readwrite", async (at) => {
    const begun = [];
    for (const sending of sendings) {
      const op = await at.outbox.get(sending.op.id);
      const record = await at.entries.get(sending.op.id);
      if (op?.turn !== sending.op.turn || !record) continue;
      await at.outbox.put({ ...op, attempts: op.attempts + 1 });
      if (sending.hash) await at.entries.put(withHash(record, sending.hash));
      begun.push({ ...sending, op: { ...op, attempts: op.attempts + 1 } });
    }
    return begun;
  });
}

async function mineAt(at) {
  const owner = ownerOf(await accountAt(at));
  const ops = (await at.outbox.all()).filter((op) => op.owner === null || op.owner === owner);
  return ops.sort((one, other) => (one.turn < other.turn ? -1 : 1));
}

function isDue(op, now) {
  return !op.held && (op.not_before <= now || op.not_before > now + LONGEST_WAIT);
}
