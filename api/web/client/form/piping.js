// Earlier answers in later texts: "How sure are you about {headline}?"

import { fill, namer } from "./braces.js";
import { renderer } from "./questions/register.js";

const FOLLOWED = "followed.";

/** What {name} stands for: give it to `draw`, so that hints and repeats are piped too. */
export function named(answers, find, beyond) {
  return namer(answers, find, wordsOf, beyond);
}

/** What {followed.key} stands for: the answers of the entry that this one follows up. */
export function followed(answers, find) {
  const inner = named(answers, find);
  return (name) => (name.startsWith(FOLLOWED) ? inner(name.slice(FOLLOWED.length)) : undefined);
}

/** A text with the words of earlier answers; `find(key)` gives a question, `beyond` other names. */
export function piped(text, answers, find, beyond) {
  return fill(text, named(answers, find, beyond));
}

function wordsOf(question, answer) {
  return renderer(question.type).words(question, answer);
}
