// An entry kind as a way through its questions: which apply, what comes next, what is sent.

import { formErrors } from "./checks.js";
import { pruned } from "./prune.js";
import { holds } from "./relevance.js";

export { isGiven } from "./prune.js";

/** The items that apply now, in order, notes included: [{question, required, more}]; `more`: the optional ones too. */
export function asked(instrument, kind, answers, { more = false } = {}) {
  const standing = prune(instrument, kind, answers); // an answer that no longer applies decides nothing
  return items(instrument, kind).filter(
    (item) => (more || !item.more) && holds(item.question.relevant, standing),
  );
}

/** The item after this question (without one: the first) that applies, or undefined. */
export function next(instrument, kind, answers, key, options) {
  const places = order(instrument, kind);
  const here = places.get(key) ?? -1;
  return asked(instrument, kind, answers, options).find((item) => places.get(item.question.key) > here);
}

/** The item before this question (without one: the last) that applies, or undefined. */
export function previous(instrument, kind, answers, key, options) {
  const places = order(instrument, kind);
  const here = places.get(key) ?? places.size;
  return asked(instrument, kind, answers, options).findLast((item) => places.get(item.question.key) < here);
}

/** The answers as they are sent: what is empty or no longer applies is left out. */
export function prune(instrument, kind, answers) {
  return pruned(items(instrument, kind).map((item) => item.question), answers);
}

/** Whether the server would take these answers, once pruned. */
export function isComplete(instrument, kind, answers) {
  return formErrors(instrument, kind, prune(instrument, kind, answers)).length === 0;
}

/** The answers that an entry begins with. */
export function defaults(instrument, kind) {
  const questions = items(instrument, kind).map((item) => item.question);
  return Object.fromEntries(
    questions.filter((one) => (one.default ?? null) !== null).map((one) => [one.key, one.default]),
  );
}

function items(instrument, kind) {
  const questions = new Map(instrument.questions.map((question) => [question.key, question]));
  const form = instrument.forms.find((one) => one.kind === kind);
  return (form?.items ?? []).map(({ question, required = false, more = false }) => ({
    question: questions.get(question),
    required,
    more,
  }));
}

function order(instrument, kind) {
  return new Map(items(instrument, kind).map((item, index) => [item.question.key, index]));
}
