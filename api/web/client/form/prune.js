// Leaves out what is empty or no longer applies, so that what is sent is what was asked.

import { fitting } from "./questions/options.js";
import { isBlank } from "./questions/rules.js";
import { holds, isEmpty } from "./relevance.js";

/** The answers to these questions that are given and apply. */
export function pruned(questions, answers) {
  const all = given(questions, answers ?? {});
  let kept = all;
  // Conditions run in no circle, so each round settles those one step further from the first answers.
  for (let round = 0; round <= questions.length; round += 1) {
    const settled = applying(questions, all, kept);
    if (JSON.stringify(settled) === JSON.stringify(kept)) break;
    kept = settled;
  }
  return kept;
}

function applying(questions, all, standing) {
  const kept = {};
  for (const question of questions) {
    if (!Object.hasOwn(all, question.key) || !holds(question.relevant, standing)) continue;
    const answer = fitting(question, all[question.key], standing);
    if (answer !== undefined) kept[question.key] = answer;
  }
  return kept;
}

/** Whether there is an answer that could be sent: a blank text, or a repeat of empty items, is none. */
export function isGiven(question, answer) {
  return !isEmpty(tidied(question, answer));
}

function given(questions, answers) {
  const kept = {};
  for (const question of questions) {
    const answer = Object.hasOwn(answers, question.key) ? tidied(question, answers[question.key]) : undefined;
    if (!isEmpty(answer)) kept[question.key] = answer;
  }
  return kept;
}

function tidied(question, answer) {
  if (question.type === "note") return undefined;
  if (typeof answer === "string") return isBlank(answer) ? undefined : answer;
  if (question.type !== "repeat_group" || !Array.isArray(answer)) return answer;
  return answer.map((item) => pruned(question.children, item)).filter((item) => Object.keys(item).length > 0);
}
