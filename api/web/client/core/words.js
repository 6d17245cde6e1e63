// The client's own words, and an instrument's labels, in the leader's language.

import { words as english } from "../words/en.js";

const CATALOGUES = { cy: () => import("../words/cy.js") };

let code = "en";
let words = english;

/** Speak a language from now on; what it lacks is said in English. */
export async function useLanguage(wanted) {
  const load = CATALOGUES[wanted];
  words = load ? { ...english, ...(await load()).words } : english;
  code = wanted;
  document.documentElement.lang = load ? wanted : "en";
}

/** The language in use. */
export function language() {
  return code;
}

/** The client's words for a key: say(KEY, {n: 3}). */
export function say(key, params = {}) {
  const text = words[key];
  if (text === undefined) throw new Error(`There are no words for ${key}.`);
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? params[name] : whole));
}

/** As say, with the words for this many: keys end in _one and _other. */
say.n = (key, n, params = {}) =>
  say(`${key}_${new Intl.PluralRules(code).select(n) === "one" ? "one" : "other"}`, { n, ...params });

/** A study's words in the leader's language, else in the language that they have. */
export function label(labels, fallback = "en") {
  if (!labels) return "";
  return labels[code] ?? labels[fallback] ?? Object.values(labels)[0] ?? "";
}
