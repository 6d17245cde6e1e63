// What is wrong with answers, told by the rules of the server before it is asked.

import { answerErrors } from "./answers.js";
import { renderer } from "./questions/register.js";
import { fault } from "./questions/rules.js";

/** What is wrong with one answer: [{question, pointer, code, message}]. */
export function questionErrors(question, answer, pointer = `/answers/${question.key}`) {
  return judge(question, answer, pointer).map((error) => ({ question: question.key, ...error }));
}

/** What is wrong with the answers of one entry, the required ones included. */
export function formErrors(instrument, kind, answers) {
  const form = instrument.forms.find((one) => one.kind === kind);
  if (!form) return fault("/kind", "unknown_kind");
  const questions = new Map(instrument.questions.map((question) => [question.key, question]));
  const errors = answerErrors({
    asked: new Map(form.items.map((item) => [item.question, questions.get(item.question)])),
    required: form.items.filter((item) => item.required).map((item) => item.question),
    answers,
    pointer: "/answers",
    judge,
    known: (key) => questions.has(key),
  });
  return errors.map((error) => ({ question: error.pointer.split("/")[2], ...error }));
}

function judge(question, answer, pointer) {
  return renderer(question.type).errors(question, answer, pointer);
}
