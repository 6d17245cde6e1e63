// The leader's entries on this phone, whether or not the server has them yet.

import { plain } from "../core/canonical.js";
import { instant, now } from "../core/clock.js";
import { accountAt, ownerOf } from "./account.js";
import { tell } from "./channel.js";
import { run } from "./db.js";
import { operation } from "./outbox.js";
import { isOurs, newRecord } from "./records.js";
import { changedMeanwhile, seen } from "./underway.js";

export { discard, keepMine, keepStored, retry, sendAsNew } from "./resolving.js";

/** Every entry of whoever is signed in, the latest made first; not those that are withdrawn. */
export async function all() {
  return run(["entries", "account"], "readonly", async (at) => {
    const owner = ownerOf(await accountAt(at));
    const mine = (record) => record.owner === null || owner === null || record.owner === owner;
    const found = (await at.entries.all()).filter((record) => record.state !== "withdrawn" && mine(record));
    return found.sort((one, other) => (one.id < other.id ? 1 : -1)).map(seen);
  });
}

/** One record, or undefined; of a withdrawn entry no word is left. */
export async function get(id) {
  return seen(await run(["entries"], "readonly", (at) => at.entries.get(id)));
}

/** The draft is finished: it goes, and the entry waits to be sent, in one transaction. */
export async function submit(draft, entry) {
  const sound = plain(entry);
  const record = await run(["account", "drafts", "entries", "outbox"], "readwrite", async (at) => {
    const owner = ownerOf(await accountAt(at));
    const before = (await at.entries.get(draft.id)) ?? newRecord(draft.id, owner);
    const written = { ...sound, base_version: base(draft, before) };
    const after = waitingAgain(before, { removing: false, entry: written });
    await at.entries.put(after);
    await at.outbox.put(operation(draft.id, before.owner, "put", written));
    await at.drafts.drop(draft.id);
    return after;
  });
  changedMeanwhile(draft.id);
  tell({ submitted: draft.id });
  return record;
}

/** Withdraw an entry: one that never left this phone is gone at once, any other when the server says so. */
export async function remove(id) {
  await run(["drafts", "entries", "outbox"], "readwrite", async (at) => {
    const record = await at.entries.get(id);
    await at.drafts.drop(id);
    if (!record || record.state === "withdrawn") return;
    if (!record.receipt && !record.hashes.length) {
      await at.outbox.drop(id);
      await at.entries.drop(id);
      return;
    }
    // A put that is lost on its way may still arrive, and would bring the entry back: it is sent once more, then deleted.
    const late = record.receipt ? null : (await at.outbox.get(id))?.entry ?? record.entry;
    await at.outbox.put(operation(id, record.owner, "delete", late));
    await at.entries.put(waitingAgain(record, { removing: true }));
  });
  changedMeanwhile(id);
  tell({ submitted: id });
}

/** The record with something to send, beside what the server has. */
function waitingAgain(record, changes) {
  const copy = record.state === "synced" ? { entry: record.entry, receipt: record.receipt } : record.stored;
  return { ...record, state: "queued", problem: null, changed_at: instant(now()), stored: copy, ...changes };
}

/** The version that was edited: the one the draft began with, or a later one that this phone wrote itself. */
function base(draft, record) {
  const known = record.receipt;
  if (known && (draft.base === known.version || isOurs(record, known))) return known.version;
  return draft.base ?? null;
}
