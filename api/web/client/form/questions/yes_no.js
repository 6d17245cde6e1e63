// Yes or no.

import { say } from "../../core/words.js";
import { radios } from "./choices.js";
import { field } from "./field.js";
import { fault } from "./rules.js";

/** Two radios. */
export function draw(context) {
  const choices = [true, false].map((value) => ({ value, words: words(context.question, value) }));
  const { nodes } = radios({ ...context, className: context.compact ? "pills" : "choices", choices });
  return field(context, { role: "radiogroup" }, nodes);
}

/** "Yes" or "No". */
export function words(_question, answer) {
  return typeof answer === "boolean" ? say(answer ? "yes" : "no") : "";
}

/** What is wrong with an answer. */
export function errors(_question, answer, pointer) {
  return typeof answer === "boolean" ? [] : fault(pointer, "wrong_type", {}, "yes_no");
}
