// Who is signed in on this phone, and up to where it knows their entries: one row.

import { run } from "./db.js";

const KEY = "me";
const NOT_THEIRS = { prompts: null, reminders: null, reminders_waiting: null, push: null };

/** The row: {me, device, language, preferences, cursor, state, ...}; {} before anybody joined. */
export async function read() {
  return run(["account"], "readonly", accountAt);
}

/** Change some of it. Another leader than before begins with nothing of the earlier one's but what was never sent. */
export async function save(changes) {
  return run(["account", "entries", "outbox"], "readwrite", async (at) => {
    const before = await accountAt(at);
    const after = { ...before, ...changes, key: KEY };
    if (ownerOf(after) && ownerOf(after) !== ownerOf(before)) {
      Object.assign(after, { cursor: null, ...NOT_THEIRS, ...changes });
      await forgetSent(at, (record) => record.owner !== ownerOf(after));
    }
    await at.account.put(after);
    return after;
  });
}

/** Sign out here: what was never sent stays for when its leader comes back. */
export async function clear() {
  return run(["account"], "readwrite", (at) => at.account.drop(KEY));
}

/** The device was signed out from elsewhere: what the server has goes from this phone, what it has not stays. */
export async function wipe() {
  return run(["account", "entries", "outbox"], "readwrite", async (at) => {
    await forgetSent(at, () => true);
    await at.account.put({ ...(await accountAt(at)), key: KEY, cursor: null, ...NOT_THEIRS, state: "revoked" });
  });
}

/** Inside a transaction: the row. */
export async function accountAt(at) {
  return (await at.account.get(KEY)) ?? {};
}

/** Whose the entries are that are made now; null before anybody joined. */
export function ownerOf(account) {
  return account.me?.participant_id ?? null;
}

async function forgetSent(at, whose) {
  const unsent = new Set((await at.outbox.all()).map((op) => op.id));
  for (const record of await at.entries.all()) {
    if (!whose(record)) continue;
    if (!unsent.has(record.id)) await at.entries.drop(record.id);
    else if (record.stored) await at.entries.put({ ...record, stored: null });
  }
}
