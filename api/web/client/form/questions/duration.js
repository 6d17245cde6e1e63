// How long something took, in whole minutes.

import { h } from "../../core/dom.js";
import { say } from "../../core/words.js";
import { field } from "./field.js";
import { numberInput } from "./numeric.js";
import { isNumber, wholeErrors } from "./rules.js";

/** A field for hours and one for minutes. */
export function draw(context) {
  const { answer, id, onAnswer } = context;
  const [first, second] = split(answer);
  const tell = () => onAnswer(joined(hours.value, minutes.value));
  const hours = numberInput({ id, answer: first }, tell);
  const minutes = numberInput({ id: `${id}-minutes`, answer: second }, tell);
  return field(
    context,
    { faulty: [hours, minutes] },
    part(hours, say("hours")),
    part(minutes, say("minutes")),
  );
}

/** "2 h 15 min". */
export function words(_question, answer) {
  if (!isNumber(answer)) return "";
  const [hours, minutes] = [Math.floor(answer / 60), answer % 60];
  const parts = [hours > 0 && say("words_hours", { n: hours }), minutes > 0 && say("words_minutes", { n: minutes })];
  return parts.filter(Boolean).join(" ") || say("words_minutes", { n: 0 });
}

/** What is wrong with an answer. */
export function errors(question, answer, pointer) {
  const most = question.max_minutes ?? 7 * 24 * 60;
  return wholeErrors(answer, pointer, 0, most, "duration");
}

function part(input, name) {
  return h("div", { class: "measured" }, input, h("label", { class: "unit", for: input.id }, name));
}

// What is typed and is no number is kept as "hours:minutes", so that it is still there to be put right.
function joined(hours, minutes) {
  if (hours.trim() === "" && minutes.trim() === "") return undefined;
  const whole = [hours, minutes].map((text) => (/^\s*\d*\s*$/.test(text) ? Number(text) : NaN));
  const total = whole[0] * 60 + whole[1];
  return Number.isNaN(total) ? `${hours}:${minutes}` : total;
}

function split(answer) {
  if (typeof answer === "string") return [answer.split(":")[0], answer.split(":").slice(1).join(":")];
  if (!isNumber(answer)) return [];
  return [Math.floor(answer / 60), answer % 60];
}
