// Days as numbers, so that weeks can be counted: no clock changes, no time zones.

import { language } from "../core/words.js";

const DAY = 86_400_000;

/** The number of a day on the wall: "1970-01-01" is 0, and each day is one more than the day before. */
export function dayNumber(localDate) {
  return Date.parse(`${localDate}T00:00:00Z`) / DAY;
}

/** A day as people say it: "3 November"; `weekday` puts "Mon" before it. */
export function dayWords(number, { weekday } = {}) {
  // A browser that has no Welsh dates says them the British way, not the American one.
  const languages = language() === "en" ? ["en-GB"] : [language(), "en-GB"];
  return new Intl.DateTimeFormat(languages, {
    weekday: weekday && "short",
    day: "numeric",
    month: weekday ? "short" : "long",
    timeZone: "UTC",
  }).format(new Date(number * DAY));
}
