// A number with optional bounds and decimals.

import { h } from "../../core/dom.js";
import { field } from "./field.js";
import { numberWords } from "./locale.js";
import { numberInput } from "./numeric.js";
import { fault, isNumber } from "./rules.js";

/** An input with its unit; what is typed and is no number stays, and is told. */
export function draw(context) {
  const { question, answer, id, onAnswer } = context;
  const low = question.min ?? 0;
  const input = numberInput({ id, answer, decimals: question.decimals ?? 0, low }, onAnswer);
  const unit = question.unit ? h("span", { class: "unit", id: `${id}-unit` }, question.unit) : null;
  return field(context, { control: input, unit }, h("div", { class: "measured" }, input, unit));
}

/** "12.5 km". */
export function words(question, answer) {
  if (typeof answer !== "number") return "";
  return question.unit ? `${numberWords(answer)}\u00a0${question.unit}` : numberWords(answer);
}

/** What is wrong with an answer. */
export function errors(question, answer, pointer) {
  const { min, max } = question;
  const decimals = question.decimals ?? 0;
  if (!isNumber(answer)) return fault(pointer, "wrong_type", {}, "number");
  if (Number(answer.toFixed(decimals)) !== answer) {
    return fault(pointer, "too_precise", { decimals }, decimals === 0 ? "whole" : "");
  }
  if (answer < (min ?? answer)) return fault(pointer, "out_of_range", { low: numberWords(min) }, "low");
  if (answer > (max ?? answer)) return fault(pointer, "out_of_range", { high: numberWords(max) }, "high");
  return [];
}
