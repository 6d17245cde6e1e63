// Takes in the answer of a sync as one transaction: results, changes and cursor are kept together or not at all.

import { accountAt, ownerOf } from "./account.js";
import { learn } from "./changes.js";
import { run } from "./db.js";
import { refuse } from "./refusals.js";
import { beside, isNewer, settled, withdrawn } from "./records.js";

const STORES = ["account", "entries", "outbox"];

/** Settle what was sent ([{op, hash, result}]) and know what changed; nothing of another leader's is touched. */
export async function takeIn(owner, sendings, answer) {
  await run(STORES, "readwrite", async (at) => {
    const account = await accountAt(at);
    if (ownerOf(account) !== owner) return; // somebody else signed in while the answer was on its way
    const hours = account.me?.edit_window_hours;
    for (const sending of sendings) await settle(at, sending, hours);
    for (const change of answer.changes) await learn(at, change, owner, hours);
    await at.account.put({ ...account, key: "me", cursor: answer.cursor });
  });
}

async function settle(at, { op, hash, result }, hours) {
  const record = await at.entries.get(op.id);
  if (!record) return;
  const current = await at.outbox.get(op.id);
  const same = current?.turn === op.turn;
  if (op.op === "delete" && [204, 404, 410].includes(result.status)) await gone(at, record, same);
  else if (result.receipt && result.receipt.content_hash === hash)
    await received(at, record, { op, current, same }, result.receipt, hours);
  else if (same) await refuse(at, record, current, result);
}

async function gone(at, record, same) {
  if (!same) return; // it was written again meanwhile: the server will say that it is gone
  await at.outbox.drop(record.id);
  await at.entries.put(withdrawn(record));
}

async function received(at, record, { op, current, same }, receipt, hours) {
  const view = { entry: op.entry, receipt };
  if (same || !current) {
    const newest = isNewer(receipt, record.stored?.receipt) ? view : record.stored; // another phone may have been faster
    if (same) await at.outbox.drop(op.id);
    if (same || isNewer(receipt, record.receipt)) await at.entries.put(settled(record, newest, hours));
    return;
  }
  // It was changed while it was on its way: what was written since is an edit of what has arrived.
  const later = beside(record, view);
  if (current.op === "put" && receipt.version > (current.entry.base_version ?? 0)) {
    const entry = { ...current.entry, base_version: receipt.version };
    await at.outbox.put({ ...current, entry });
    await at.entries.put({ ...later, entry });
    return;
  }
  if (current.op === "delete") await at.outbox.put({ ...current, entry: null });
  await at.entries.put(later);
}
