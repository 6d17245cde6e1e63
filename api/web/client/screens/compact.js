// A short form on one page: a decision in ten taps. What is written comes first, ready to type.

import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import { questionErrors } from "../form/checks.js";
import { renderer } from "../form/questions/register.js";
import { hint, quoted, warning } from "./asking.js";
import { filling } from "./filling.js";
import { finish } from "./finishing.js";
import { backLink, errorSummary, once } from "./parts.js";
import { whenLine } from "./when.js";

/** Ask all questions of a short form at once. */
export async function compact({ id }) {
  const filled = await filling(id);
  return filled && new Sheet(filled).screen();
}

class Sheet {
  constructor(filled) {
    this.filled = filled;
    this.items = [...filled.items()].sort((one, other) => isWritten(other) - isWritten(one));
    this.places = new Map();
    filled.draft.at = "all";
    filled.keep();
  }

  screen() {
    const { filled } = this;
    const title = filled.text(filled.form.label);
    this.summary = h("div");
    const node = h("form", { novalidate: true, onsubmit: (event) => this.submitted(event) },
      backLink("/"),
      this.summary,
      h("h1", null, title),
      quoted(filled),
      whenLine(filled),
      this.items.map((item) => this.section(item)),
      h("p", null, h("a", { href: `#/entry/${filled.draft.id}/check` }, say("add_more"))),
      h("p", null, h("a", { href: `#${this.oneByOne()}`, onclick: () => (filled.draft.at = null) }, say("one_at_a_time"))),
      h("div", { class: "bar actions" }, h("button", { class: "button" }, say("check_save"))),
    );
    const first = this.items[0];
    const typing = first && isWritten(first) && node.querySelector("textarea, input");
    return { title, node, focus: typing || node.querySelector("h1"), leave: () => filled.kept() };
  }

  section(item) {
    const { question } = item;
    const heading = `asked-${question.key}`;
    const place = h("div");
    this.places.set(question.key, place);
    this.draw(question, []);
    return h("section", { class: "question", id: `q-${question.key}` },
      h("h2", { id: heading }, this.filled.text(question.label)),
      hint(this.filled, question),
      warning(question),
      place,
    );
  }

  draw(question, errors) {
    this.places.get(question.key).replaceChildren(
      renderer(question.type).draw({
        question,
        id: `in-${question.key}`,
        labelledBy: `asked-${question.key}`,
        answer: this.filled.draft.answers[question.key],
        errors,
        compact: true,
        text: (labels) => this.filled.text(labels),
        onAnswer: (value) => {
          this.filled.draft.touched = true;
          this.filled.answer(question.key, value);
        },
        onDone: () => {},
      }),
    );
  }

  oneByOne() {
    return `/entry/${this.filled.draft.id}/${this.filled.items()[0].question.key}`;
  }

  submitted(event) {
    event.preventDefault();
    once({ currentTarget: event.submitter ?? event.target }, () => this.save());
  }

  async save() {
    const wrong = [];
    for (const item of this.items) {
      const errors = this.problems(item);
      if (errors.length || this.marked?.has(item.question.key)) this.draw(item.question, errors);
      if (errors.length) wrong.push([item.question.key, errors[0].message]);
    }
    this.marked = new Set(wrong.map(([key]) => key));
    if (wrong.length) return this.complain(wrong);
    const late = this.filled.items().find((one) => !this.places.has(one.question.key));
    if (late) return this.askLate(late); // it applies only now, given the other answers
    await finish(this.filled);
    return go(`/saved/${this.filled.draft.id}`, { replace: true });
  }

  askLate(item) {
    this.filled.draft.checking = true;
    this.filled.keep();
    return go(`/entry/${this.filled.draft.id}/${item.question.key}`);
  }

  problems({ question, required }) {
    const value = this.filled.draft.answers[question.key];
    if (question.type === "note") return [];
    if (value !== undefined) return questionErrors(question, value);
    return required ? [{ pointer: "", code: "required", message: say("first_answer") }] : [];
  }

  complain(wrong) {
    const named = ([key, message]) => {
      const { label } = this.filled.instrument.questions.find((one) => one.key === key);
      return { target: `q-${key}`, text: `${this.filled.text(label)} ${message}` };
    };
    const summary = errorSummary(wrong.map(named));
    this.summary.replaceChildren(summary);
    summary.focus();
    summary.scrollIntoView({ block: "start" });
  }
}

function isWritten(item) {
  return item.required && (item.question.type === "short_text" || item.question.type === "long_text") ? 1 : 0;
}
