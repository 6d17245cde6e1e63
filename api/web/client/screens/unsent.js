// What only this phone has, named before anything could lose it.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { unsent } from "../sync/signing.js";

/** The sentences for what waits: ["2 entries are not sent yet", ...]; none where all is sent. */
export async function unsentWords() {
  const { entries, drafts } = await unsent();
  return [entries && say.n("unsent_entries", entries), drafts && say.n("unsent_drafts", drafts)].filter(Boolean);
}

/** The notice that entries wait here and are safe; null where none do. */
export async function kept() {
  const words = await unsentWords();
  return words.length > 0 && h("div", { class: "notice notice-wait" }, words.map((one) => h("p", null, one)), h("p", null, say("unsent_safe")));
}
