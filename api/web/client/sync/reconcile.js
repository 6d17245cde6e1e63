// A server that was restored from a backup has lost what came since, and does not know it: once a day this phone looks
// whether its latest entries are still there, and sends those that are not again, under the same ids.

import { call } from "../core/api.js";
import { accountAt, ownerOf, read } from "../store/account.js";
import { sendAgain } from "../store/changes.js";
import { run } from "../store/db.js";
import { isNewer } from "../store/records.js";

const DAY = 86_400_000;
const REACH = 30 * DAY; // older than any backup that one would restore

/** Compare the last month's entries with the server's, if that was not done today; say whether some are to be sent. */
export async function reconcile(now = Date.now()) {
  const account = await read();
  if (Math.abs(now - (account.reconciled_at ?? 0)) < DAY) return false;
  const began = await sent();
  if (!began.length) return false;
  const there = await stored(now - REACH);
  return run(["account", "entries", "outbox"], "readwrite", async (at) => {
    const today = await accountAt(at);
    if (ownerOf(today) !== ownerOf(account)) return false;
    let lost = 0;
    for (const { id, receipt } of began) {
      if (Date.parse(receipt.received_at) < now - REACH || id < there.from) continue;
      const record = await at.entries.get(id);
      const same = record?.state === "synced" && record.receipt.content_hash === receipt.content_hash;
      if (!same || !isNewer(receipt, there.receipts.get(id))) continue;
      await sendAgain(at, record);
      lost += 1;
    }
    await at.account.put({ ...today, reconciled_at: now });
    return lost > 0;
  });
}

/** What the server had before it was asked: nothing that is settled meanwhile can look lost. */
async function sent() {
  return run(["entries"], "readonly", async (at) => (await at.entries.all()).filter((one) => one.state === "synced"));
}

/** The receipts of the newest entries, back to the first id that was made before `since`. */
async function stored(since) {
  const receipts = new Map();
  let after = "";
  do {
    const { body } = await call("GET", `/v1/entries?limit=50${after && `&after=${after}`}`);
    for (const { receipt } of body.entries) receipts.set(receipt.id, receipt);
    after = body.next;
    if (after && madeAt(after) < since) return { receipts, from: after };
  } while (after);
  return { receipts, from: "" };
}

function madeAt(id) {
  return parseInt(id.replaceAll("-", "").slice(0, 12), 16);
}
