// A calendar date.

import { field } from "./field.js";
import { dayWords } from "./locale.js";
import { isDay, nativeInput } from "./native.js";
import { fault } from "./rules.js";

/** The phone's own date picker. */
export function draw(context) {
  const { id, answer, onAnswer } = context;
  const bounds = { min: "1900-01-01", max: "2199-12-31" };
  const input = nativeInput("date", { id, value: isDay(answer) ? answer : "", ...bounds }, onAnswer);
  return field(context, { control: input }, input);
}

/** "3 November 2026". */
export function words(_question, answer) {
  return isDay(answer) ? dayWords(answer) : "";
}

/** What is wrong with an answer. */
export function errors(_question, answer, pointer) {
  if (typeof answer !== "string") return fault(pointer, "wrong_type", {}, "date");
  return isDay(answer) ? [] : fault(pointer, "bad_format", {}, "date");
}
