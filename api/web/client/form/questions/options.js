// The options of a choice, as schemas/questions/options.py.

import { label } from "../../core/words.js";
import { holds, isEmpty } from "../relevance.js";
import { fault } from "./rules.js";

/** The options that can be chosen. */
export function offered(question) {
  return question.options.filter((option) => !option.removed && !option.withheld);
}

/** Whether an earlier answer decides which options are offered. */
export function isConditional(question) {
  return (question.options ?? []).some((option) => option.relevant);
}

/** The question with the options that do not apply, given these answers, held back. */
export function narrowed(question, answers) {
  if (!isConditional(question)) return question;
  const options = question.options.map((one) => (holds(one.relevant, answers) ? one : { ...one, withheld: true }));
  return { ...question, options };
}

/** What is left of an answer when options that do not apply, given these answers, are taken out. */
export function fitting(question, answer, answers) {
  if (!isConditional(question)) return answer;
  const applies = (value) => holds(question.options.find((one) => one.value === value)?.relevant, answers);
  if (!Array.isArray(answer)) return applies(answer) ? answer : undefined;
  const left = answer.filter(applies);
  return isEmpty(left) ? undefined : left;
}

/** What is wrong with an answer, sound in itself, given the other answers. */
export function applyingErrors(question, answer, answers, pointer) {
  if (!isConditional(question)) return [];
  const chosen = Array.isArray(answer) ? answer : [answer];
  const stray = chosen.some((value) => fitting(question, value, answers) === undefined);
  return stray ? fault(pointer, "option_irrelevant") : [];
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
