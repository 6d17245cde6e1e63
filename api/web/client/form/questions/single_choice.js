// One option out of a list.

import { label } from "../../core/words.js";
import { radios } from "./choices.js";
import { field } from "./field.js";
import { offered, optionErrors, optionWords } from "./options.js";

/** Radios, one for each offered option. */
export function draw(context) {
  const choices = offered(context.question).map(({ value, label: words }) => ({ value, words: label(words) }));
  const { nodes } = radios({ ...context, className: context.compact ? "pills" : "choices", choices });
  return field(context, { role: "radiogroup" }, nodes);
}

/** The chosen option's label. */
export function words(question, answer) {
  return optionWords(question, answer);
}

/** What is wrong with an answer. */
export function errors(question, answer, pointer) {
  return optionErrors(question, answer, pointer);
}
