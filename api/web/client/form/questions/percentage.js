// A whole percentage: by tens with one tap, any other by typing.

import { h } from "../../core/dom.js";
import { say } from "../../core/words.js";
import { radios } from "./choices.js";
import { field } from "./field.js";
import { numberWords } from "./locale.js";
import { numberInput } from "./numeric.js";
import { wholeErrors } from "./rules.js";

const TENS = Array.from({ length: 11 }, (_, index) => index * 10);

/** Eleven radios from 0 % to 100 % and a field for another whole number. */
export function draw(context) {
  const { question, answer, id, onAnswer } = context;
  const input = numberInput({ id: `${id}-other`, answer: TENS.includes(answer) ? undefined : answer }, (value) => {
    show(value);
    onAnswer(value);
  });
  const tapped = (value) => {
    input.value = "";
    onAnswer(value);
  };
  const choices = TENS.map((value) => ({ value, words: words(question, value) }));
  const { nodes, show } = radios({ ...context, className: "pills", choices, onAnswer: tapped });
  const other = h("div", { class: "other" }, h("label", { for: input.id }, say("percentage_other")), input, unit());
  return field(context, { faulty: [input] }, nodes, other);
}

/** "70 %". */
export function words(_question, answer) {
  return typeof answer === "number" ? `${numberWords(answer)}\u00a0%` : "";
}

/** What is wrong with an answer. */
export function errors(_question, answer, pointer) {
  return wholeErrors(answer, pointer, 0, 100);
}

function unit() {
  return h("span", { class: "unit", "aria-hidden": "true" }, "%");
}
