// {key} and {followed.key} in an instrument's texts.

const NAME = /\{((?:[a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*)\}/g;

/** A text with each {name} replaced by what `named(name)` gives; what it does not know stays as written. */
export function fill(text, named) {
  return text.replace(NAME, (whole, name) => named(name) ?? whole);
}

/**
 * A function that gives the words of an answer by its question's key, "…" where there is none yet.
 * `find(key)` gives the question, `wordsOf(question, answer)` its words, `beyond(name)` what has another name.
 */
export function namer(answers, find, wordsOf, beyond = () => undefined) {
  return (name) => {
    const question = find(name);
    if (!question) return beyond(name);
    return (Object.hasOwn(answers, name) && wordsOf(question, answers[name])) || "…";
  };
}
