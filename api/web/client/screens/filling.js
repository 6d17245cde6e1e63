// A draft that is being filled in: every answer is kept on the phone as it is given.

import { go } from "../core/router.js";
import { asked, prune } from "../form/flow.js";
import { piped } from "../form/piping.js";
import { label } from "../core/words.js";
import * as drafts from "../store/drafts.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";

/** Open a draft; null (and another screen) where it is gone: saved already, or deleted. */
export async function filling(id) {
  const draft = await drafts.get(id);
  if (!draft) {
    await go((await entries.get(id)) ? `/past/${id}` : "/", { replace: true });
    return null;
  }
  const instrument = await instruments.get(draft.instrument, draft.version);
  return new Filling(draft, instrument, draft.follows && (await entries.get(draft.follows)));
}

class Filling {
  #dirty = false;
  #writing = null;

  constructor(draft, instrument, followed) {
    this.draft = draft;
    this.instrument = instrument;
    this.followed = followed;
    this.form = instrument.forms.find((one) => one.kind === draft.kind);
  }

  /** The questions that are asked in a row: those behind "Add more" only when they are wanted. */
  items(more = false) {
    return asked(this.instrument, this.draft.kind, this.draft.answers, { more });
  }

  /** The answers that will be sent. */
  answers() {
    return prune(this.instrument, this.draft.kind, this.draft.answers);
  }

  /** A text of the instrument, with earlier answers in it. */
  text(labels) {
    return piped(label(labels, this.instrument.default_language), this);
  }

  /** Take an answer, or none, and begin to keep it. */
  answer(key, value) {
    if (value === undefined) delete this.draft.answers[key];
    else this.draft.answers[key] = value;
    this.keep();
  }

  /** Keep the draft as it is now; writes follow one another and none is put off. */
  keep() {
    this.#dirty = true;
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
    return this.#writing;
  }

  /** Wait until everything is kept. */
  async kept() {
    while (this.#writing) await this.#writing;
  }

  async #write() {
    while (this.#dirty) {
      this.#dirty = false;
      await drafts.keep(this.draft);
    }
  }
}
