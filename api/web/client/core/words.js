// The client's own words, and an instrument's labels, in the leader's language.

import { words as english } from "../words/en.js";

const CATALOGUES = { cy: () => import("../words/cy.js") };
const LATER = { en: () => import("../words/later/en.js"), cy: () => import("../words/later/cy.js") };

let code = "en";
let spoken = "en"; // the language of the words: English where there are none in the leader's
let words = english;
let more = false; // whether a screen was shown whose words come later

/** Speak a language from now on; what it lacks is said in English. */
export async function useLanguage(wanted) {
  const load = CATALOGUES[wanted];
  const said = load ? { ...english, ...(await load()).words } : english;
  spoken = load ? wanted : "en";
  words = more ? { ...said, ...(await later()) } : said;
  code = wanted;
  document.documentElement.lang = spoken;
}

/** Have the words of the screens that are loaded later. */
export async function moreWords() {
  if (!more) words = { ...words, ...(await later()) };
  more = true;
}

async function later() {
  const [english, own] = await Promise.all([LATER.en(), LATER[spoken]()]);
  return { ...english.words, ...own.words };
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

/** As say, with the words for this many: key_one, in Welsh also key_zero, key_two, key_few, key_many; else key_other. */
say.n = (key, n, params = {}) => {
  const exact = `${key}_${new Intl.PluralRules(spoken).select(n)}`;
  return say(exact in words ? exact : `${key}_other`, { n, ...params });
};

/** The languages in which the client itself can speak. */
export function spokenLanguages() {
  return ["en", ...Object.keys(CATALOGUES)];
}

/** A study's words in the leader's language, else in the language that they have. */
export function label(labels, fallback = "en") {
  if (!labels) return "";
  return labels[code] ?? labels[fallback] ?? Object.values(labels)[0] ?? "";
}
