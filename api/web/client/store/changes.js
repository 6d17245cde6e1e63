// What changed on the server, seen from this phone: never over what waits here.

import { operation } from "./outbox.js";
import { beside, isNewer, newRecord, settled, withdrawn } from "./records.js";

/** Take one change in, inside a transaction; what was withdrawn here and is there again (a late put) is deleted again. */
export async function learn(at, change, owner, hours) {
  const record = await at.entries.get(change.id);
  const op = await at.outbox.get(change.id);
  if (change.deleted) await deleted(at, record, op);
  else if (record?.state === "withdrawn") await at.outbox.put(op ?? operation(record.id, record.owner, "delete", null));
  else if (op) await at.entries.put(beside(record, change.entry));
  else await updated(at, record ?? newRecord(change.id, owner), change.entry, hours);
}

async function deleted(at, record, op) {
  if (!record || record.state === "withdrawn") return;
  if (!op) await at.entries.put(withdrawn(record));
  else if (op.op === "put" && op.held && op.held !== "elsewhere") {
    await at.outbox.put({ ...op, held: "elsewhere" });
    await at.entries.put({ ...record, state: "elsewhere", stored: null });
  } // else it is about to be sent, and the answer says it
}

async function updated(at, record, view, hours) {
  if (isNewer(view.receipt, record.receipt)) await at.entries.put(settled(record, view, hours));
  else if (view.receipt.content_hash !== record.receipt.content_hash) await lost(at, record, view);
}

/** The server has an older version, or another of the same number: it was restored, and ours is sent again. */
async function lost(at, record, view) {
  await sendAgain(at, record, { stored: view });
}

/** Queue what the server was known to have and has no more, under the same id. */
export async function sendAgain(at, record, changes = {}) {
  await at.outbox.put({ ...operation(record.id, record.owner, "put", record.entry), again: true });
  await at.entries.put({ ...record, ...changes, state: "queued", sent_at: null });
}
