// What a leader decides about an entry that could not simply be sent.

import { newId } from "../core/ids.js";
import { accountAt } from "./account.js";
import { tell } from "./channel.js";
import { run } from "./db.js";
import { operation } from "./outbox.js";
import { newRecord, settled, withdrawn } from "./records.js";

const STORES = ["account", "entries", "outbox"];

/** Changed on two devices: this phone's version becomes the next one. */
export async function keepMine(id) {
  await sendAgain(id, (record, entry) => ({ ...entry, base_version: record.stored.receipt.version }));
}

/** Changed on two devices: what the server has stays. */
export async function keepStored(id) {
  await discard(id);
}

/** Try once more what was refused, as it is. */
export async function retry(id) {
  await sendAgain(id, (_, entry) => entry);
}

/** Give up what was not sent; where the server has the entry, its copy is shown again. */
export async function discard(id) {
  await run(STORES, "readwrite", async (at) => {
    const record = await at.entries.get(id);
    if (record) await giveUp(at, record);
  });
}

/** Send what was written here as an entry of its own, and give the old one up; returns the new id. */
export async function sendAsNew(id) {
  const fresh = newId();
  await run(STORES, "readwrite", async (at) => {
    const record = await at.entries.get(id);
    const entry = { ...record.entry, base_version: null };
    await giveUp(at, record);
    await at.entries.put({ ...newRecord(fresh, record.owner), entry, changed_at: record.changed_at });
    await at.outbox.put(operation(fresh, record.owner, "put", entry));
  });
  tell({ submitted: fresh });
  return fresh;
}

async function sendAgain(id, changed) {
  await run(STORES, "readwrite", async (at) => {
    const record = await at.entries.get(id);
    const op = await at.outbox.get(id);
    if (!record || !op) return;
    const entry = op.entry && changed(record, op.entry);
    await at.outbox.put(operation(id, op.owner, op.op, entry));
    await at.entries.put({ ...record, entry: entry ?? record.entry, state: "queued", problem: null });
  });
  tell({ submitted: id });
}

async function giveUp(at, record) {
  const account = await accountAt(at);
  await at.outbox.drop(record.id);
  if (record.state === "elsewhere") await at.entries.put(withdrawn(record));
  else if (record.stored) await at.entries.put(settled(record, record.stored, account.me?.edit_window_hours));
  else if (record.state === "synced") return;
  else await at.entries.drop(record.id);
}
