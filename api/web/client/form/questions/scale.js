// A point on a short scale of whole numbers.

import { h } from "../../core/dom.js";
import { label, say } from "../../core/words.js";
import { radios } from "./choices.js";
import { field } from "./field.js";
import { wholeErrors } from "./rules.js";

/** Numbered radios between two ends that are told in words. */
export function draw(context) {
  const { question } = context;
  const choices = points(question).map((value) => ({ value, words: String(value), spoken: end(question, value) }));
  const { nodes } = radios({ ...context, className: "scale", choices });
  // A screen reader hears an end with its number; here it is seen.
  const ends = h("div", { class: "ends", "aria-hidden": "true" }, [question.min, question.max].map(
    (value) => h("span", {}, end(question, value)),
  ));
  return field(context, { role: "radiogroup" }, question.min_label || question.max_label ? ends : null, nodes);
}

/** "4 of 5", and at an end its words. */
export function words(question, answer) {
  if (typeof answer !== "number") return "";
  const { min, max } = question;
  const point = say(min === 0 || min === 1 ? "scale_of" : "scale_from", { n: answer, min, max });
  return [point, end(question, answer)].filter(Boolean).join(", ");
}

/** What is wrong with an answer. */
export function errors(question, answer, pointer) {
  return wholeErrors(answer, pointer, question.min, question.max);
}

function points({ min, max }) {
  return Array.from({ length: max - min + 1 }, (_, index) => min + index);
}

function end({ min, max, min_label: low, max_label: high }, value) {
  return label(value === min ? low : value === max ? high : null);
}
