// Keeps what a leader wrote on this phone: in IndexedDB, or in memory where there is none.

import { tell } from "./channel.js";
import { StoreBusy, closedBySystem, named } from "./failures.js";
import { NAME, VERSION, upgrade } from "./layout.js";
import { memoryStore } from "./memory.js";
import { asked, inTransaction } from "./transaction.js";

export { changed } from "./channel.js";
export { StorageFull, StoreBusy, StoreOutdated } from "./failures.js";

const PATIENCE = 10_000;

let opening = null;
let memory = null;
let found = false; // once this page has had the real store, it never takes memory for it

/** Open the store, once; a browser that has none gets one in memory. */
export async function open() {
  if (memory) return;
  opening ??= opened();
  try {
    await opening;
    found = true;
  } catch (error) {
    opening = null;
    if (found || named(error) !== error || error instanceof StoreBusy) throw named(error);
    memory = memoryStore();
  }
}

/** Whether what is written outlives this page. */
export function isKept() {
  return memory === null;
}

/** Ask the browser not to clear the store when it wants room. */
export async function keepForGood() {
  return Boolean(await navigator.storage?.persist?.().catch(() => false));
}

/**
 * Do the work in one transaction: all of it is kept, or none. `work(at)` uses at.<store>.get/all/count/put/drop and
 * awaits nothing else. The work may run twice, when the system closed the store under it.
 */
export async function run(stores, mode, work) {
  await open();
  const result = memory ? await memory.run(stores, mode, work) : await twice(stores, mode, work);
  if (mode === "readwrite") tell({ stores });
  return result;
}

/** Delete this phone's copy of everything. */
export async function erase() {
  memory?.clear();
  if (!memory) {
    (await opening?.catch(() => null))?.close();
    opening = null;
    await asked(indexedDB.deleteDatabase(NAME));
  }
  tell({ erased: true });
}

async function twice(stores, mode, work) {
  try {
    return await inTransaction(await opening, stores, mode, work);
  } catch (error) {
    if (!closedBySystem(error)) throw named(error);
  }
  opening = null;
  await open();
  try {
    return await inTransaction(await opening, stores, mode, work);
  } catch (error) {
    throw named(error);
  }
}

async function opened() {
  const request = indexedDB.open(NAME, VERSION);
  request.onupgradeneeded = (event) => upgrade(request.result, event.oldVersion);
  const db = await Promise.race([asked(request), tooLong(request)]);
  const forget = () => {
    opening = null;
  };
  db.onclose = forget;
  db.onversionchange = () => {
    db.close(); // another tab has a newer version, or erases: it must not wait for this one
    forget();
  };
  return db;
}

function tooLong(request) {
  return new Promise((_, reject) => {
    request.onblocked = () => setTimeout(() => reject(new StoreBusy("blocked")), PATIENCE);
  });
}
