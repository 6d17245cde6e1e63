// The native inputs that the parts of the reminders screen are made of.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";

/** A group with a heading: {key} of its words. */
export function group(key, ...children) {
  return h("fieldset", null, h("legend", null, h("h2", null, say(key))), children);
}

/** A labelled input: {node, input}. */
export function field(id, label, value, props, hint = null) {
  const input = h("input", { id, value: value ?? "", "aria-describedby": hint && `${id}-hint`, ...props });
  const node = h("div", { class: "field" },
    h("label", { for: id }, label),
    hint && h("p", { class: "hint", id: `${id}-hint` }, hint),
    input,
  );
  return { node, input };
}

/** A box to tick, or a radio: {node, input}. */
export function choice(type, name, value, text, checked) {
  const id = `${name}-${value}`;
  const input = h("input", { type, id, name, value, checked });
  return { node: h("label", { class: "choice", for: id }, input, h("span", null, text)), input };
}
