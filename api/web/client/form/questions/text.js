// A text that is typed or dictated: its input is made once and never touched while somebody writes.

import { h } from "../../core/dom.js";
import { say } from "../../core/words.js";
import { field, setText } from "./field.js";
import { characters } from "./rules.js";

const PAUSE = 1000; // milliseconds without a key before the count is said aloud

/** An input or textarea with a count of what is left, once little is. */
export function textField(context, input, most) {
  const { id, answer, onAnswer } = context;
  input.id = id;
  input.value = answer ?? "";
  input.setAttribute("autocomplete", "off");
  input.setAttribute("autocapitalize", "sentences");
  const seen = h("p", { class: "counter", "aria-hidden": "true" });
  const heard = h("p", { class: "visually-hidden", role: "status" });
  let pause;
  input.addEventListener("input", () => {
    onAnswer(input.value === "" ? undefined : input.value);
    const words = left(input.value, most);
    setText(seen, words);
    clearTimeout(pause);
    pause = setTimeout(() => setText(heard, words), PAUSE);
  });
  setText(seen, left(input.value, most));
  // No maxlength: it would cut off the end of what is pasted or dictated, without a word.
  return field(context, { control: input }, input, seen, heard);
}

function left(text, most) {
  const rest = most - characters(text);
  if (rest < 0) return say.n("characters_over", -rest);
  return rest <= Math.max(20, most / 10) && text !== "" ? say.n("characters_left", rest) : "";
}
