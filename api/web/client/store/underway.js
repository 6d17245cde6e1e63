// Which entries are being sent at this moment. In memory only: a page that is closed sends nothing any more.

import { tell } from "./channel.js";

const ids = new Set();

/** These are on their way. */
export function depart(some) {
  for (const id of some) ids.add(id);
}

/** This one was changed meanwhile: what its leader sees is not on its way. */
export function changedMeanwhile(id) {
  ids.delete(id);
}

/** Nothing is on its way. */
export function arrive() {
  if (!ids.size) return;
  ids.clear();
  tell({ stores: ["entries"] });
}

/** The record as its leader sees it now. */
export function seen(record) {
  return record?.state === "queued" && ids.has(record.id) ? { ...record, state: "sending" } : record;
}
