// A moment in time.

import { field } from "./field.js";
import { dayWords } from "./locale.js";
import { isDay, nativeInput } from "./native.js";
import { fault } from "./rules.js";

const HOURS = "(?:[01][0-9]|2[0-3]):[0-5][0-9]";
const REST = new RegExp(`^T${HOURS}(?::[0-5][0-9](?:\\.[0-9]{1,6})?)?(?:Z|[+-]${HOURS})$`);

/** The phone's own picker of a local date and time; the answer says the phone's offset at that time. */
export function draw(context) {
  const { id, answer, onAnswer } = context;
  const bounds = { min: "1900-01-01T00:00", max: "2199-12-31T23:59" };
  const value = isInstant(answer) ? local(new Date(answer)) : "";
  const input = nativeInput("datetime-local", { id, value, ...bounds }, (text) => onAnswer(text && instant(text)));
  return field(context, { control: input }, input);
}

/** "3 November 2026, 08:30", as it was on the clock there and then. */
export function words(_question, answer) {
  return isInstant(answer) ? `${dayWords(answer.slice(0, 10))}, ${answer.slice(11, 16)}` : "";
}

/** What is wrong with an answer. */
export function errors(_question, answer, pointer) {
  if (typeof answer !== "string") return fault(pointer, "wrong_type", {}, "date_time");
  return isInstant(answer) ? [] : fault(pointer, "bad_format", {}, "date_time");
}

function isInstant(answer) {
  return typeof answer === "string" && isDay(answer.slice(0, 10)) && REST.test(answer.slice(10));
}

// An hour that the spring skips becomes the one that the phone's clock showed instead.
function instant(text) {
  const date = new Date(text);
  const ahead = -Math.round(date.getTimezoneOffset()); // long ago, offsets had seconds
  const minutes = Math.abs(ahead);
  return `${local(date)}:00${ahead < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

function local(date) {
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
}

function two(number) {
  return String(number).padStart(2, "0");
}
