// A set of answers to a set of questions, as schemas/questions/answers.py: an entry's, or one item's of a repeat.

import { applyingErrors } from "./questions/options.js";
import { fault } from "./questions/rules.js";
import { holds } from "./relevance.js";

const MOST_ERRORS = 50;
const KEY = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * What is wrong with some answers: each must be known, asked here, relevant and sound, and none missing.
 * `judge(question, answer, pointer)` judges one answer; `known` says whether a key is a question elsewhere.
 */
export function answerErrors({ asked, required, answers, pointer, judge, known = () => false }) {
  const errors = [];
  for (const [key, answer] of Object.entries(answers)) {
    errors.push(...oneAnswer(asked.get(key), key, answer, answers, pointer, judge, known));
    if (errors.length >= MOST_ERRORS) return errors.slice(0, MOST_ERRORS);
  }
  for (const key of required) {
    if (!Object.hasOwn(answers, key) && holds(asked.get(key).relevant, answers)) {
      errors.push(...fault(`${pointer}/${key}`, "required"));
    }
  }
  return errors;
}

function oneAnswer(question, key, answer, answers, pointer, judge, known) {
  if (!question) return stray(key, pointer, known);
  const place = `${pointer}/${key}`;
  if (answer === null || answer === undefined) return fault(place, "null");
  if (!holds(question.relevant, answers)) return fault(place, "irrelevant");
  const errors = judge(question, answer, place);
  return errors.length > 0 ? errors : applyingErrors(question, answer, answers, place);
}

function stray(key, pointer, known) {
  if (known(key)) return fault(`${pointer}/${key}`, "not_on_form");
  return fault(KEY.test(key) ? `${pointer}/${key}` : pointer, "unknown_question");
}
