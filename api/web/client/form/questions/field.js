// What surrounds an input: its heading, its hint, and what is wrong with it, said beside it.

import { h, replace } from "../../core/dom.js";
import { label, say } from "../../core/words.js";
import { fill } from "../braces.js";

const PARTS = new WeakMap();

/**
 * Surround an input. `context` is what `draw` was given; `control` is the one input (else the field is a group);
 * `faulty` are the inputs that are marked when the answer is wrong; `notes` are hints of the type's own;
 * `unit` is an element that describes the control, too; `plain` is a text without anything to answer; `onReword` hears that names stand for other words.
 */
export function field(context, { control, role, faulty = [], notes = [], unit, plain, onReword }, ...body) {
  const { id, question, labelledBy } = context;
  const texts = [];
  const tag = plain ? "p" : control ? "label" : "legend";
  const heading = labelledBy ? null : text(tag, { for: control && id }, question.label, texts);
  const hint = question.hint ? text("p", { class: "hint", id: `${id}-hint` }, question.hint, texts) : null;
  const told = notes.map((note, index) => h("p", { class: "hint", id: `${id}-note-${index}` }, note));
  const error = h("p", { class: "error", id: `${id}-error`, hidden: true });
  const root = h(control || plain ? "div" : "fieldset", { class: "field", role }, heading, hint, told, error, body);
  const described = control ?? root;
  if (labelledBy && !plain) described.setAttribute("aria-labelledby", labelledBy);
  const hints = [hint, ...told, unit].filter(Boolean).map((one) => one.id);
  PARTS.set(root, { described, error, hints, texts, onReword, faulty: control ? [control] : faulty });
  move(root, context.pointer);
  write(texts, context.named);
  mark(root, context.errors.filter((one) => within(one.pointer, context.pointer)));
  return root;
}

/** Show what is wrong beside each input under a node, without drawing any of them again. */
export function showErrors(node, errors) {
  const fields = fieldsOf(node);
  const found = new Map(fields.map((one) => [one, []]));
  for (const error of errors) found.get(nearest(fields, error.pointer))?.push(error);
  for (const [one, own] of found) mark(one, own);
}

/** Put the focus on the input that an error's pointer is about; false if it is not under this node. */
export function focusOn(node, pointer) {
  const found = nearest(fieldsOf(node), pointer);
  if (!found) return false;
  reveal(found);
  const input = found.querySelector("input:checked, textarea, input, button, summary") ?? found;
  input.focus();
  return true;
}

/** Say the labels and hints of the fields under a node again, with other words for their {names}. */
export function reword(node, named) {
  const fields = fieldsOf(node);
  for (const one of fields.filter((field) => !fields.some((other) => other !== field && other.contains(field)))) {
    const { texts, onReword } = PARTS.get(one);
    write(texts, named);
    onReword?.(named); // what is inside a repeat has names of its own
  }
}

/** Let an element say this; what it says already is left alone, so that no screen reader says it twice. */
export function setText(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

/** Let a field stand for another place in the answers. */
export function move(root, pointer) {
  root.dataset.pointer = pointer;
}

function text(tag, props, labels, texts) {
  const element = h(tag, props);
  texts.push({ element, labels });
  return element;
}

function write(texts, named) {
  for (const { element, labels } of texts) setText(element, fill(label(labels), named));
}

function mark(root, errors) {
  const { described, error, hints, faulty } = PARTS.get(root);
  const messages = [...new Set(errors.map((one) => one.message))];
  error.hidden = messages.length === 0;
  replace(error, messages.length > 0 && h("span", { class: "visually-hidden" }, `${say("error_prefix")} `), messages.join(" "));
  for (const input of root.getAttribute("role") === "radiogroup" ? [root] : faulty) {
    if (messages.length > 0) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  const ids = messages.length > 0 ? [...hints, error.id] : hints;
  if (ids.length > 0) described.setAttribute("aria-describedby", ids.join(" "));
  else described.removeAttribute("aria-describedby");
  if (messages.length > 0) reveal(root);
}

function reveal(root) {
  for (let one = root.parentElement?.closest("details"); one; one = one.parentElement?.closest("details")) one.open = true;
}

function fieldsOf(node) {
  return [node, ...node.querySelectorAll(".field")].filter((one) => PARTS.has(one));
}

function nearest(fields, pointer) {
  const around = fields.filter((one) => within(pointer, one.dataset.pointer));
  return around.sort((a, b) => b.dataset.pointer.length - a.dataset.pointer.length)[0];
}

function within(pointer, place) {
  return pointer === place || pointer.startsWith(`${place}/`);
}
