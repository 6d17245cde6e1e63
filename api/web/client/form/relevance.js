// When a question is asked: the conditions of schemas/relevance.py, judged as the server judges them.

const OPERATORS = {
  all: (terms, answers) => terms.every((term) => holds(term, answers)),
  any: (terms, answers) => terms.some((term) => holds(term, answers)),
  not: (term, answers) => !holds(term, answers),
  equals: (term, answers) => among(answerTo(term, answers), [term.value]),
  in: (term, answers) => among(answerTo(term, answers), term.values),
  answered: (term, answers) => !isEmpty(answerTo(term, answers)),
  compare: (term, answers) => compares(answerTo(term, answers), term),
};
const SIDES = {
  lt: (answer, value) => answer < value,
  le: (answer, value) => answer <= value,
  gt: (answer, value) => answer > value,
  ge: (answer, value) => answer >= value,
};

/** Whether a condition is true of these answers; a missing answer equals nothing, no condition always holds. */
export function holds(condition, answers) {
  if (condition === null || condition === undefined) return true;
  const [operator] = Object.keys(condition);
  return Object.hasOwn(OPERATORS, operator ?? "") && OPERATORS[operator](condition[operator], answers);
}

/** Whether this is no answer: nothing, an empty text or an empty list. */
export function isEmpty(answer) {
  return answer === undefined || answer === null || answer === "" || (Array.isArray(answer) && answer.length === 0);
}

// "constructor" may be a question's key: only what the answers hold themselves is an answer.
function answerTo({ question }, answers) {
  return Object.hasOwn(answers, question) ? answers[question] : undefined;
}

function among(answer, values) {
  const chosen = Array.isArray(answer) ? answer : [answer];
  return chosen.some((one) => values.includes(one));
}

function compares(answer, { op, value }) {
  return Number.isFinite(answer) && SIDES[op](answer, value);
}
