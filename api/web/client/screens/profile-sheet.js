// The questions of the profile on one page; those that do not apply are not shown.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { label, language, say } from "../core/words.js";
import { asked, prune } from "../form/flow.js";
import { focusOn, showErrors } from "../form/questions/field.js";
import { isConditional, narrowed } from "../form/questions/options.js";
import { renderer } from "../form/questions/register.js";

const KNOWN = { language, time_zone: () => clock.zone() }; // what the phone can answer by itself

/** Draws them, and keeps `answers` as they are given; `kept()` is told of each change. */
export class ProfileSheet {
  constructor(instrument, form, answers, kept) {
    Object.assign(this, { instrument, form, answers, kept });
    this.questions = form.items.map((item) => instrument.questions.find((one) => one.key === item.question));
    this.sections = new Map();
    this.fields = new Map();
    if (!Object.keys(answers).length) this.answerKnown();
  }

  answerKnown() {
    for (const { key } of this.questions) if (key in KNOWN) this.answers[key] = KNOWN[key]();
  }

  nodes() {
    const isMore = ({ key }) => this.form.items.find((one) => one.question === key).more;
    const made = this.questions.filter((one) => !isMore(one)).map((one) => this.section(one));
    const more = this.questions.filter(isMore).map((one) => this.section(one));
    this.apply();
    return [made, more.length > 0 && h("details", { class: "card" }, h("summary", null, say("add_more")), more)];
  }

  /** Show errors at their questions, take away earlier ones; give them for the summary. */
  mark(errors) {
    const first = new Map([...errors].reverse().map((one) => [one.question, one]));
    for (const [key, section] of this.sections) showErrors(section, first.has(key) ? [first.get(key)] : []);
    return this.questions
      .filter((one) => first.has(one.key))
      .map((one) => this.line(one, first.get(one.key)));
  }

  line({ key, label: words }, { pointer, message }) {
    return { text: `${this.text(words)} ${message}`, reach: () => focusOn(this.sections.get(key), pointer) };
  }

  section(question) {
    const { key, label: words } = question;
    const optional = !this.isRequired(question);
    const section = h("section", { class: "question", id: `q-${key}` },
      h("h2", { id: `asked-${key}` }, this.text(words), optional && h("span", { class: "meta" }, ` ${say("profile_optional")}`)),
      this.field(question),
    );
    this.sections.set(key, section);
    return section;
  }

  field(question) {
    const { key } = question;
    const drawn = renderer(question.type).draw({
      question: narrowed(question, isConditional(question) ? prune(this.instrument, this.form.kind, this.answers) : {}),
      id: `in-${key}`,
      labelledBy: `asked-${key}`,
      answer: this.answers[key],
      compact: true,
      clearable: !this.isRequired(question),
      onAnswer: (value) => this.answered(key, value),
    });
    this.fields.set(key, drawn);
    return drawn;
  }

  answered(key, value) {
    if (value === undefined) delete this.answers[key];
    else this.answers[key] = value;
    for (const one of this.questions.filter((other) => other.key !== key && isConditional(other))) {
      const earlier = this.fields.get(one.key);
      earlier.replaceWith(this.field(one));
    }
    this.apply();
    this.kept();
  }

  /** Show the questions that apply to the answers so far. */
  apply() {
    const applying = new Set(asked(this.instrument, this.form.kind, this.answers, { more: true }).map((one) => one.question.key));
    for (const [key, section] of this.sections) section.hidden = !applying.has(key);
  }

  isRequired(question) {
    return this.form.items.find((one) => one.question === question.key).required;
  }

  text(labels) {
    return label(labels, this.instrument.default_language);
  }
}
