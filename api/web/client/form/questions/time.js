// A time of day.

import { field } from "./field.js";
import { nativeInput } from "./native.js";
import { fault } from "./rules.js";

const SHAPE = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;

/** The phone's own time picker. */
export function draw(context) {
  const { id, answer, onAnswer } = context;
  const input = nativeInput("time", { id, value: words(null, answer) }, (value) => onAnswer(value?.slice(0, 5)));
  return field(context, { control: input }, input);
}

/** "08:30". */
export function words(_question, answer) {
  return typeof answer === "string" ? answer : "";
}

/** What is wrong with an answer. */
export function errors(_question, answer, pointer) {
  if (typeof answer !== "string") return fault(pointer, "wrong_type", {}, "time");
  return SHAPE.test(answer) ? [] : fault(pointer, "bad_format", {}, "time");
}
