// The phone's own pickers of dates and times.

import { h } from "../../core/dom.js";

const DAY = /^(?:19|20|21)[0-9]{2}-([0-9]{2})-([0-9]{2})$/;

/** A picker; `onValue` hears its value, undefined when it is empty, and "" when it is only partly filled in. */
export function nativeInput(type, { id, value, ...props }, onValue) {
  const input = h("input", { type, id, autocomplete: "off", ...props });
  input.value = value;
  let told = input.value || undefined;
  const tell = () => {
    const found = input.value || (input.validity.badInput ? "" : undefined);
    if (found === told) return;
    told = found;
    onValue(found);
  };
  // A picker that is left half filled in tells nobody: it is asked when the focus leaves.
  for (const event of ["input", "change", "blur"]) input.addEventListener(event, tell);
  return input;
}

/** Whether a text is a day of the calendar from 1900 to 2199. */
export function isDay(text) {
  const parts = typeof text === "string" && DAY.exec(text);
  if (!parts) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(parts[1]), Number(parts[2])];
  return day >= 1 && month >= 1 && month <= 12 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
