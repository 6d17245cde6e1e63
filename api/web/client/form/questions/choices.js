// Native radios and checkboxes, each in a label as large as its row.

import { h } from "../../core/dom.js";
import { say } from "../../core/words.js";

/** One row: the input and its words; `spoken` is said by a screen reader after them. */
export function choice(input, words, spoken) {
  const extra = spoken ? h("span", { class: "visually-hidden" }, `, ${spoken}`) : null;
  return h("label", { class: "choice" }, input, h("span", {}, words, extra));
}

/**
 * Radios where one tap is the whole answer: [{value, words, spoken?}]. Gives {nodes, show(value)}.
 * Walking through them with the arrow keys chooses, too, but says not yet that the reader is done.
 */
export function radios({ id, className, choices, answer, clearable, onAnswer, onDone }) {
  let told = answer;
  let walking = false;
  const inputs = choices.map((_, index) =>
    h("input", { type: "radio", name: id, id: index ? `${id}-${index}` : id, value: String(index) }),
  );
  const clear = h("button", { type: "button", class: "button-quiet", onclick: () => empty() }, say("clear_answer"));
  const show = (value) => {
    told = value;
    inputs.forEach((input, index) => (input.checked = choices[index].value === value));
    clear.hidden = !clearable || value === undefined;
  };
  const tell = (value) => {
    const isNew = value !== told;
    show(value);
    if (isNew) onAnswer(value);
  };
  const empty = () => {
    tell(undefined);
    inputs[0].focus();
  };
  inputs.forEach((input, index) => {
    input.addEventListener("change", () => tell(choices[index].value));
    input.addEventListener("click", () => {
      tell(choices[index].value);
      if (!walking) onDone();
    });
  });
  const rows = choices.map(({ words, spoken }, index) => choice(inputs[index], words, spoken));
  const list = h("div", { class: className }, rows);
  list.addEventListener("pointerdown", () => (walking = false));
  list.addEventListener("keyup", () => (walking = false));
  list.addEventListener("keydown", (event) => {
    // A browser reports an arrow key's choice as a click, like a tap's.
    walking = event.key.startsWith("Arrow");
    // Enter would send a form, and a space on what is chosen already does nothing: both decide here.
    if (!["Enter", " "].includes(event.key) || !inputs.includes(event.target)) return;
    event.preventDefault();
    if (!event.repeat) event.target.click();
  });
  show(answer);
  return { nodes: [list, clear], show };
}
