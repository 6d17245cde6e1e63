// The rules that question types share, as schemas/questions/checks.py; each failure is told in the client's words.

import { say } from "../../core/words.js";

const LARGEST = 10 ** 15;
// What Python calls white space: JavaScript's own list differs by five characters.
const BLANK = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/;
const NOT_KEPT = /[\0\ud800-\udfff]/u; // in a "u" pattern only half a character is a surrogate

/** The list of one error; `variant` picks a sentence that fits the type better. */
export function fault(pointer, code, params = {}, variant = "") {
  return [{ pointer, code, message: say(`error_${code}${variant && `_${variant}`}`, params) }];
}

/** Whether this is a number that can be kept; true and false are not numbers. */
export function isNumber(answer) {
  return Number.isFinite(answer) && Math.abs(answer) <= LARGEST;
}

/** What is wrong with a whole number between two bounds. */
export function wholeErrors(answer, pointer, low, high, variant = "whole") {
  const bounds = { low, high };
  if (!isNumber(answer) || !Number.isInteger(answer)) return fault(pointer, "wrong_type", bounds, variant);
  return answer < low || answer > high ? fault(pointer, "out_of_range", bounds, variant) : [];
}

/** What is wrong with a text of at most so many characters. */
export function textErrors(answer, pointer, most) {
  if (typeof answer !== "string") return fault(pointer, "wrong_type", {}, "text");
  if (characters(answer) > most) return fault(pointer, "too_long", { most });
  if (isBlank(answer)) return fault(pointer, "empty");
  return NOT_KEPT.test(answer) ? fault(pointer, "bad_characters") : [];
}

/** How many characters a text has, as the server counts them: code points. */
export function characters(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** Whether a text holds nothing that could be read. */
export function isBlank(text) {
  return BLANK.test(text);
}
