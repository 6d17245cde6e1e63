// Time as this phone has it: what it says is sent as it is and never corrected.

import { language, say } from "./words.js";

const DAY = 86_400_000;

/** Now. */
export function now() {
  return new Date();
}

/** The phone's time zone by its IANA name. */
export function zone() {
  const found = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return !found || found === "Etc/Unknown" ? "UTC" : found;
}

/** Minutes ahead of UTC at that moment, summer time included. */
export function offsetMinutes(date) {
  return -date.getTimezoneOffset() || 0;
}

/** ISO 8601 with the local offset: 2026-11-29T14:02:03.004+00:00. */
export function instant(date) {
  const offset = offsetMinutes(date);
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local}${offset < 0 ? "-" : "+"}${two(hours)}:${two(minutes)}`;
}

/** The day on the wall: 2026-11-29. */
export function localDate(date) {
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** As people say it: "14:02", "yesterday 14:02", "3 November", "3 November 2025". */
export function when(date, today = now()) {
  const time = written(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const days = daysBetween(date, today);
  if (days === 0) return time;
  if (days === 1) return say("yesterday_at", { time });
  const year = date.getFullYear() === today.getFullYear() ? {} : { year: "numeric" };
  return written(date, { day: "numeric", month: "long", ...year });
}

/** A time to come as people say it: "14:02", "tomorrow 14:02", "Monday 30 November 14:02". */
export function coming(date, today = now()) {
  const time = written(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const days = daysBetween(today, date);
  if (days === 0) return time;
  return days === 1 ? say("tomorrow_at", { time }) : `${day(date)} ${time}`;
}

/** A day as people say it: "Sunday 29 November". */
export function day(date) {
  return written(date, { weekday: "long", day: "numeric", month: "long" });
}

function daysBetween(date, today) {
  const midday = (one) => Date.UTC(one.getFullYear(), one.getMonth(), one.getDate(), 12); // no day of 23 hours
  return Math.round((midday(today) - midday(date)) / DAY);
}

function written(date, options) {
  const known = language() === "en" ? ["en-GB"] : [language(), "en-GB"]; // few browsers have Welsh dates
  return new Intl.DateTimeFormat(known, options).format(date);
}

function two(number) {
  return String(number).padStart(2, "0");
}
