// A text to read between questions.

import { field } from "./field.js";
import { fault } from "./rules.js";

/** The text alone; nothing to answer. */
export function draw(context) {
  return field(context, { plain: true });
}

/** A note is never answered. */
export function words() {
  return "";
}

/** No answer fits. */
export function errors(_question, _answer, pointer) {
  return fault(pointer, "not_a_question");
}
