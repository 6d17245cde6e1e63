// The answers of an entry, to read.

import { h } from "../core/dom.js";
import { label } from "../core/words.js";
import { renderer } from "../form/questions/register.js";

/** Every answer of an entry, in the order of its form. */
export function answersOf(instrument, entry, only) {
  const form = instrument.forms.find((one) => one.kind === entry.kind);
  const asked = form.items.map((item) => instrument.questions.find((one) => one.key === item.question));
  const answered = asked.filter((one) => entry.answers[one.key] !== undefined && (!only || only.has(one.key)));
  return h("dl", { class: "answers" }, answered.map((one) => h("div", null,
    h("dt", null, label(one.label, instrument.default_language)),
    h("dd", null, renderer(one.type).words(one, entry.answers[one.key])),
  )));
}
