// How numbers and dates are written in the leader's language.

import { language } from "../../core/words.js";

/** A number as a person reads it; no thousands separators, since a year is a number, too. */
export function numberWords(number) {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 6, useGrouping: false }).format(number);
}

/** "3 November 2026" of 2026-11-03. */
export function dayWords(day) {
  const options = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(locale(), options).format(new Date(`${day}T00:00:00Z`));
}

function locale() {
  return language() === "en" ? "en-GB" : language();
}
