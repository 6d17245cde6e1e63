// The instruments that this phone can offer, and those of entries made earlier: a published version never changes.

import { run } from "./db.js";

/** Every definition, newest version first. */
export async function all() {
  const found = await run(["instruments"], "readonly", (at) => at.instruments.all());
  return found.sort((one, other) => other.version - one.version);
}

/** One version, or undefined. */
export async function get(key, version) {
  return run(["instruments"], "readonly", (at) => at.instruments.get([key, version]));
}

/** The newest version that is offered and has this kind of entry, or undefined. */
export async function current(kind) {
  return (await all()).find((one) => one.offered !== false && one.forms.some((form) => form.kind === kind));
}

/** Keep a definition; `offered: false` says that it was retired. */
export async function put(definition) {
  return run(["instruments"], "readwrite", (at) => at.instruments.put(definition));
}
