// One question a page. A tap on a single choice is the whole answer; everything else goes on with Continue.

import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import { questionErrors } from "../form/checks.js";
import { finish } from "./finishing.js";
import { filling } from "./filling.js";
import { hint, quoted, warning } from "./asking.js";
import { backLink, errorSummary, once } from "./parts.js";
import { renderer } from "../form/questions/register.js";

/** Ask one question of a draft. */
export async function question({ id, key }) {
  const filled = await filling(id);
  if (!filled) return null;
  const all = filled.items(true);
  const item = all.find((one) => one.question.key === key);
  if (!item) return go(`/entry/${id}/check`, { replace: true }).then(() => null);
  return new Page(filled, item).screen();
}

class Page {
  constructor(filled, item) {
    this.filled = filled;
    this.question = item.question;
    this.required = item.required;
    this.errors = [];
    filled.draft.at = item.more ? "check" : item.question.key;
    filled.keep();
  }

  screen() {
    const { filled, question } = this;
    const title = filled.text(question.label);
    this.heading = h("h1", { id: "asked" }, title);
    this.place = h("div");
    this.summary = h("div");
    this.draw();
    const node = h("form", { novalidate: true, onsubmit: (event) => this.submitted(event) },
      backLink(this.before()),
      this.summary,
      this.heading,
      quoted(filled),
      hint(filled, question),
      warning(question),
      this.place,
      h("div", { class: "bar actions" }, h("button", { class: "button" }, this.continueWords())),
    );
    return { title, node, focus: this.heading, leave: () => filled.kept() };
  }

  draw() {
    const { filled, question } = this;
    this.place.replaceChildren(
      renderer(question.type).draw({
        question,
        id: `q-${question.key}`,
        labelledBy: "asked",
        answer: filled.draft.answers[question.key],
        errors: this.errors,
        text: (labels) => filled.text(labels),
        onAnswer: (value) => this.answered(value),
        onDone: () => this.onward(),
      }),
    );
  }

  answered(value) {
    this.filled.draft.touched = true;
    this.filled.answer(this.question.key, value);
  }

  submitted(event) {
    event.preventDefault();
    once({ currentTarget: event.submitter ?? event.target }, () => this.onward());
  }

  async onward() {
    const value = this.filled.draft.answers[this.question.key];
    this.errors = this.problems(value);
    if (this.errors.length) return this.complain();
    await this.filled.kept();
    const next = this.after();
    if (next) return go(next);
    await finish(this.filled); // a form of one question needs no check
    return go(`/saved/${this.filled.draft.id}`, { replace: true });
  }

  problems(value) {
    if (this.question.type === "note") return [];
    if (value !== undefined) return questionErrors(this.question, value);
    return this.required ? [{ pointer: "", code: "required", message: say("first_answer") }] : [];
  }

  complain() {
    this.draw();
    const summary = errorSummary(this.errors.map((one) => ({ target: `q-${this.question.key}`, text: one.message })));
    this.summary.replaceChildren(summary);
    summary.focus();
  }

  continueWords() {
    const optional = !this.required && this.question.type !== "note";
    return optional && this.filled.draft.answers[this.question.key] === undefined ? say("skip") : say("continue");
  }

  /** The page before this one; the first page leads back to Today, where the draft waits. */
  before() {
    const { id } = this.filled.draft;
    const items = this.filled.items();
    const at = items.findIndex((one) => one.question.key === this.question.key);
    if (at < 0) return `/entry/${id}/check`;
    return at === 0 ? "/" : `/entry/${id}/${items[at - 1].question.key}`;
  }

  /** The page after this one; none where this was the whole form. */
  after() {
    const { id, checking } = this.filled.draft;
    const items = this.filled.items();
    const at = items.findIndex((one) => one.question.key === this.question.key);
    const next = items.slice(at + 1).find((one) => !checking || unanswered(this.filled, one));
    if (at >= 0 && next) return `/entry/${id}/${next.question.key}`;
    return items.length === 1 && this.filled.items(true).length === 1 ? null : `/entry/${id}/check`;
  }
}

function unanswered(filled, item) {
  return filled.draft.answers[item.question.key] === undefined && item.question.type !== "note";
}
