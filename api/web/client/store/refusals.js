// What becomes of an operation that the server refused: nothing that a leader wrote is dropped for it.

import { newId } from "../core/ids.js";
import { isOurs, withdrawn } from "./records.js";

const REBASES = 5; // silently; then at the pace of failures
const HELD = { "entry-conflict": "conflict", "edit-window-over": "locked", "entry-gone": "elsewhere" };
const CLOSED = new Set(["participant-withdrawn", "study-closed"]);
const WAITS = new Set([401, 408, 425, 429]);
const LONGEST = 300_000;

/** Keep a refused operation as its problem asks: sent again by itself, or held for its leader. */
export async function refuse(at, record, op, result) {
  const { stored, ...problem } = told(result);
  if (stored && isOurs(record, stored.receipt)) await rebase(at, record, op, stored);
  else if (!result.problem || WAITS.has(result.status) || result.status >= 500) await wait(at, record, op, problem);
  else if (problem.slug === "entry-gone" && op.again) await forget(at, record);
  else await hold(at, stored ? { ...record, stored } : record, op, problem);
}

/** Milliseconds until an operation that failed so often is sent again. */
export function pause(attempts) {
  return Math.min(LONGEST, 2_000 * 2 ** Math.min(attempts, 10));
}

function told(result) {
  const { type = "", ...rest } = result.problem ?? { title: "", status: result.status };
  return { ...rest, slug: type.replace("urn:daybook:problem:", "") || "receipt-differs" };
}

/** The answer to an earlier sending was lost: what this phone wrote since is an edit of it. */
async function rebase(at, record, op, stored) {
  const entry = { ...op.entry, base_version: stored.receipt.version };
  const tries = (op.rebases ?? 0) + 1;
  const later = tries > REBASES ? Date.now() + pause(tries) : 0;
  await at.outbox.put({ ...op, entry, turn: newId(), rebases: tries, not_before: later });
  // The server's word, even if it is of an older version than ours: then it was restored from a backup.
  await at.entries.put({ ...record, entry, receipt: stored.receipt, stored });
}

async function wait(at, record, op, problem) {
  const milliseconds = (problem.retry_after ?? 0) * 1_000 || pause(op.attempts);
  await at.outbox.put({ ...op, not_before: Date.now() + milliseconds });
  await at.entries.put({ ...record, problem });
}

async function hold(at, record, op, problem) {
  if (!record.entry) return at.outbox.drop(record.id); // it was withdrawn long ago, and nothing is left to decide
  const state = HELD[problem.slug] ?? (CLOSED.has(problem.slug) ? "closed" : "rejected");
  await at.outbox.put({ ...op, held: state, reason: problem.slug });
  await at.entries.put({ ...record, state, problem });
}

async function forget(at, record) {
  await at.outbox.drop(record.id);
  await at.entries.put(withdrawn(record));
}

