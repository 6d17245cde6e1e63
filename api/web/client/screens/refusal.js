// What the server refused, or that it did not answer, as one sentence; any other error is a fault of ours.

import { Problem, Unreachable } from "../core/api.js";
import { h } from "../core/dom.js";
import { say } from "../core/words.js";

/** The sentence for an error of `call`. */
export function sentence(error) {
  if (error instanceof Unreachable) return say(navigator.onLine === false ? "no_connection" : "no_answer");
  if (!(error instanceof Problem)) throw error;
  return [error.title || say("no_answer"), error.detail].filter(Boolean).join(" ");
}

/** Say it in a place of the screen, and read it out. */
export function tellIn(place, text, ...more) {
  const notice = h("div", { class: "notice notice-alarm", role: "alert" }, h("p", null, text), more);
  place.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** Do something that asks the server; where that fails, say why in a place of the screen. Whether it was done. */
export async function trying(place, work) {
  place.replaceChildren();
  try {
    await work();
    return true;
  } catch (error) {
    tellIn(place, sentence(error));
    return false;
  }
}
