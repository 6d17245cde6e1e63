// One question a page. A tap on a single choice is the whole answer; everything else goes on with Continue.

import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import { focusOn, showErrors } from "../form/questions/field.js";
import { quoted, warning } from "./asking.js";
import { filling } from "./filling.js";
import { finish } from "./finishing.js";
import { backLink, errorSummary, once } from "./parts.js";

/** Ask one question of a draft. */
export async function question({ id, key }) {
  const filled = await filling(id);
  if (!filled) return null;
  const item = filled.items(true).find((one) => one.question.key === key);
  if (!item) return go(`/entry/${id}/check`, { replace: true }).then(() => null);
  return new Page(filled, item).screen();
}

class Page {
  constructor(filled, item) {
    this.filled = filled;
    this.item = item;
    this.question = item.question;
    filled.draft.at = item.more ? "check" : item.question.key;
    filled.keep();
  }

  screen() {
    const { filled, question, item } = this;
    const title = filled.text(question.label);
    const heading = h("h1", { id: "asked" }, title);
    this.summary = h("div");
    this.onwards = h("button", { class: "button" }, this.onwardWords());
    this.field = filled.draw(question, {
      labelledBy: "asked",
      clearable: !item.required,
      onAnswer: (value) => this.answered(value),
      onDone: () => this.onward(),
    });
    const node = h("form", { novalidate: true, onsubmit: (event) => this.submitted(event) },
      backLink(this.before()),
      this.summary,
      quoted(filled),
      heading,
      warning(question),
      this.field,
      h("div", { class: "bar actions" }, this.onwards),
    );
    return { title, node, focus: heading, leave: () => filled.kept() };
  }

  answered(value) {
    this.filled.answer(this.question.key, value);
    this.onwards.textContent = this.onwardWords();
  }

  submitted(event) {
    event.preventDefault();
    once({ currentTarget: this.onwards }, () => this.onward());
  }

  async onward() {
    const errors = this.filled.problems(this.item);
    showErrors(this.field, errors);
    if (errors.length) return this.complain(errors);
    await this.filled.kept();
    const next = this.after();
    if (next) return go(next);
    await finish(this.filled); // a form of one question needs no check
    return go(`/saved/${this.filled.draft.id}`, { replace: true });
  }

  complain(errors) {
    const lines = errors.map(({ pointer, message }) => ({ text: message, reach: () => focusOn(this.field, pointer) }));
    const summary = errorSummary(lines);
    this.summary.replaceChildren(summary);
    summary.focus();
  }

  onwardWords() {
    const mayBeSkipped = !this.item.required && this.question.type !== "note";
    return mayBeSkipped && !this.filled.isAnswered(this.question) ? say("skip") : say("continue");
  }

  /** The page before this one; the first page leads back to Today, where the draft waits. */
  before() {
    const { id, checking } = this.filled.draft;
    const items = this.filled.items();
    const at = items.findIndex((one) => one.question.key === this.question.key);
    if (at < 0 || checking) return `/entry/${id}/check`;
    return at === 0 ? "/" : `/entry/${id}/${items[at - 1].question.key}`;
  }

  /** The page after this one; none where this was the whole form. Who came from the check goes back to it. */
  after() {
    const { id, checking } = this.filled.draft;
    const items = this.filled.items();
    const at = items.findIndex((one) => one.question.key === this.question.key);
    const isLeft = (one) => !checking || (one.question.type !== "note" && !this.filled.isAnswered(one.question));
    const next = at >= 0 && items.slice(at + 1).find((one) => isLeft(one) && (!checking || one.required || isLate(items, at, one)));
    if (next) return `/entry/${id}/${next.question.key}`;
    return this.filled.items(true).length === 1 ? null : `/entry/${id}/check`;
  }
}

/** Whether a question applies only because of the one that was just answered. */
function isLate(items, at, item) {
  return JSON.stringify(item.question.relevant ?? null).includes(JSON.stringify(items[at].question.key));
}
