// Entries that are being written: each is kept as it grows, and goes when it is submitted or dropped.

import { run } from "./db.js";

/** One draft, or undefined. */
export async function get(id) {
  return run(["drafts"], "readonly", (at) => at.drafts.get(id));
}

/** Every draft, the latest begun first. */
export async function all() {
  const found = await run(["drafts"], "readonly", (at) => at.drafts.all());
  return found.sort((one, other) => (one.id < other.id ? 1 : -1));
}

/** Keep what there is so far. */
export async function keep(draft) {
  return run(["drafts"], "readwrite", (at) => at.drafts.put(draft));
}

/** Throw a draft away. */
export async function drop(id) {
  return run(["drafts"], "readwrite", (at) => at.drafts.drop(id));
}
