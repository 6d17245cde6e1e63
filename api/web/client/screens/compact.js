// A short form on one page: a decision in ten taps. What is written comes first, ready to type.

import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import { focusOn, showErrors } from "../form/questions/field.js";
import { isConditional } from "../form/questions/options.js";
import { quoted, warning } from "./asking.js";
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
    filled.draft.at = "all";
    filled.keep();
  }

  screen() {
    const { filled } = this;
    const title = filled.text(filled.form.label);
    this.summary = h("div");
    this.save = h("button", { class: "button" }, say("check_save"));
    this.fields = new Map();
    this.sheet = h("div", null, this.items.map((item) => this.section(item)));
    const node = h("form", { novalidate: true, onsubmit: (event) => this.submitted(event) },
      backLink("/"),
      this.summary,
      h("h1", null, title),
      quoted(filled),
      whenLine(filled),
      this.sheet,
      h("p", null, h("a", { class: "tall", href: `#/entry/${filled.draft.id}/check` }, say("add_more"))),
      h("p", null, h("a", { class: "tall", href: `#${this.oneByOne()}` }, say("one_at_a_time"))),
      h("div", { class: "bar actions" }, this.save),
    );
    const typing = this.items.length > 0 && isWritten(this.items[0]) && this.sheet.querySelector("textarea, input");
    return { title, node, focus: typing || node.querySelector("h1"), leave: () => filled.kept() };
  }

  section({ question }) {
    const heading = `asked-${question.key}`;
    return h("section", { class: "question" },
      h("h2", { id: heading }, this.filled.text(question.label)),
      warning(question),
      this.field(question, heading),
    );
  }

  field(question, labelledBy) {
    const onAnswer = (value) => this.answered(question.key, value);
    const drawn = this.filled.draw(question, { labelledBy, compact: true, onAnswer });
    this.fields.set(question.key, drawn);
    return drawn;
  }

  /** Keep an answer; what else is asked may offer other options now. */
  answered(key, value) {
    this.filled.answer(key, value);
    for (const { question } of this.items.filter((one) => one.question.key !== key && isConditional(one.question))) {
      const earlier = this.fields.get(question.key);
      earlier.replaceWith(this.field(question, `asked-${question.key}`));
    }
  }

  oneByOne() {
    return `/entry/${this.filled.draft.id}/${this.filled.items()[0].question.key}`;
  }

  submitted(event) {
    event.preventDefault();
    once({ currentTarget: this.save }, () => this.finished());
  }

  async finished() {
    const errors = this.items.flatMap((item) => this.filled.problems(item));
    showErrors(this.sheet, errors);
    if (errors.length) return this.complain(errors);
    const late = this.filled.items().find((one) => !this.items.some((asked) => asked.question === one.question));
    if (late) return this.askLate(late); // it applies only now, given the other answers
    await finish(this.filled);
    return go(`/saved/${this.filled.draft.id}`, { replace: true });
  }

  async askLate({ question }) {
    this.filled.draft.checking = true;
    await this.filled.keep();
    return go(`/entry/${this.filled.draft.id}/${question.key}`);
  }

  complain(errors) {
    const lines = errors.map(({ question, pointer, message }) => ({
      text: `${this.filled.text(this.filled.find(question).label)} ${message}`,
      reach: () => focusOn(this.sheet, pointer),
    }));
    const summary = errorSummary(lines);
    this.summary.replaceChildren(summary);
    summary.focus();
  }
}

function isWritten(item) {
  return item.required && (item.question.type === "short_text" || item.question.type === "long_text") ? 1 : 0;
}
