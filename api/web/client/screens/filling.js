// A draft that is being filled in: every answer is kept on the phone as it is given.

import { go } from "../core/router.js";
import { label, say } from "../core/words.js";
import { questionErrors } from "../form/checks.js";
import { asked, isGiven, prune } from "../form/flow.js";
import { followed, named, piped } from "../form/piping.js";
import { isConditional, narrowed } from "../form/questions/options.js";
import { renderer } from "../form/questions/register.js";
import { StorageFull } from "../store/db.js";
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
  const about = draft.follows && (await entries.get(draft.follows));
  return new Filling(draft, instrument, about?.entry ?? null);
}

class Filling {
  #dirty = false;
  #writing = null;

  constructor(draft, instrument, followedEntry) {
    this.draft = draft;
    this.instrument = instrument;
    this.followed = followedEntry;
    this.form = instrument.forms.find((one) => one.kind === draft.kind);
  }

  /** The questions that are asked in a row; with those behind "Add more" if they are wanted. */
  items(more = false) {
    return asked(this.instrument, this.draft.kind, this.draft.answers, { more });
  }

  /** The answers that will be sent. */
  answers() {
    return prune(this.instrument, this.draft.kind, this.draft.answers);
  }

  /** A text of the instrument, with earlier answers in it. */
  text(labels) {
    return piped(label(labels, this.instrument.default_language), this.draft.answers, this.find, this.beyond());
  }

  /** Draw a question; its answers are kept, and `onDone` is told when one tap was the whole answer. */
  draw(question, options) {
    return renderer(question.type).draw({
      question: narrowed(question, isConditional(question) ? this.answers() : {}),
      answer: this.draft.answers[question.key],
      named: named(this.draft.answers, this.find, this.beyond()),
      onAnswer: (value) => this.answer(question.key, value),
      ...options,
    });
  }

  /** Whether there is an answer worth sending. */
  isAnswered(question) {
    const value = this.sent(question);
    return value !== undefined && isGiven(question, value);
  }

  /**
   * The answer as it would be sent; what was typed and cannot be read is still one, empty items of a repeat are none,
   * and neither is an option that no longer applies.
   */
  sent(question) {
    const decided = question.type === "repeat_group" || isConditional(question);
    return (decided ? this.answers() : this.draft.answers)[question.key];
  }

  /** What is wrong with the answer to one item. */
  problems({ question, required }) {
    if (question.type === "note") return [];
    const value = this.sent(question);
    if (value !== undefined) return questionErrors(question, value);
    return required ? [{ question: question.key, pointer: `/answers/${question.key}`, message: say("error_required") }] : [];
  }

  /** Take an answer, or none, and begin to keep it. */
  answer(key, value) {
    this.draft.touched = true;
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

  find = (key) => this.instrument.questions.find((one) => one.key === key);

  beyond() {
    return this.followed ? followed(this.followed.answers, this.find) : undefined;
  }

  async #write() {
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await drafts.keep(this.draft);
        dispatchEvent(new CustomEvent("daybook-kept"));
      } catch (error) {
        if (!(error instanceof StorageFull)) throw error;
        dispatchEvent(new CustomEvent("daybook-full"));
      }
    }
  }
}
