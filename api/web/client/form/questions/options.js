// The options of a choice, as schemas/questions/options.py.

import { label } from "../../core/words.js";
import { fault } from "./rules.js";

/** The options that can be chosen. */
export function offered(question) {
  return question.options.filter((option) => !option.removed);
}

/** An option's label, a removed one's too. */
export function optionWords(question, value) {
  return label(question.options.find((option) => option.value === value)?.label);
}

/** What is wrong with one chosen value. */
export function optionErrors(question, value, pointer) {
  if (typeof value !== "string") return fault(pointer, "wrong_type", {}, "choice");
  const option = question.options.find((one) => one.value === value);
  if (!option) return fault(pointer, "unknown_option");
  return option.removed ? fault(pointer, "removed_option") : [];
}
