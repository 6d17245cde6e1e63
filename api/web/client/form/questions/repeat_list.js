// The items of a repeat: adding, removing and putting back. What is empty is shown, but is no answer.

import { h } from "../../core/dom.js";
import { say } from "../../core/words.js";
import { setText } from "./field.js";
import { repeatItem } from "./repeat_item.js";

/** How few and how many items a repeat takes. */
export function limits(question) {
  return { least: question.min_items ?? 1, most: question.max_items ?? 20 };
}

/** The list and its buttons: {nodes, items, insert(index, answers, isOpen)}. */
export function itemList(context, renderer) {
  const { question, id, named, pointer, onAnswer } = context;
  const items = [];
  let made = 0;
  let removed = null;
  const list = h("ol", { class: "items" });
  const told = h("p", { class: "counter", role: "status" });
  const add = h("button", { type: "button", class: "button", onclick: () => insert(items.length, {}, true).focus() });
  const undo = h("button", { type: "button", class: "button-quiet", onclick: () => putBack() });

  function make(answers) {
    made += 1;
    const given = { renderer, question, answers, named, id: `${id}-${made}` };
    return repeatItem({ ...given, onChange: () => changed(), onRemove: (item) => remove(item) });
  }

  function insert(index, answers, isOpen) {
    const item = make(answers);
    item.node.querySelector("details").open = isOpen;
    list.insertBefore(item.node, list.children[index] ?? null);
    items.splice(index, 0, item);
    removed = null;
    arrange();
    return item;
  }

  function remove(item) {
    const index = items.indexOf(item);
    items.splice(index, 1);
    item.node.remove();
    removed = item.isGiven() ? { index, answers: item.answers() } : null;
    changed();
    if (removed) undo.focus();
    else (items[index]?.focus ?? items[index - 1]?.focus ?? (() => add.focus()))();
  }

  function putBack() {
    insert(removed.index, removed.answers, true).focus();
    changed();
  }

  function changed() {
    arrange();
    const given = items.filter((item) => item.isGiven()).map((item) => item.answers());
    onAnswer(given.length > 0 ? given : undefined);
  }

  // An error's pointer counts the items that are given: "-" is the place after the last.
  function arrange() {
    const { least, most } = limits(question);
    let given = 0;
    items.forEach((item, index) => {
      item.place(`${pointer}/${item.isGiven() ? given : "-"}`, index + 1);
      if (item.isGiven()) given += 1;
    });
    add.hidden = items.length >= most;
    setText(add, say(items.length > 0 ? "repeat_another" : "repeat_first"));
    undo.hidden = removed === null;
    setText(undo, removed ? say("repeat_undo", { n: removed.index + 1 }) : "");
    setText(told, status(least, most, given, items.length));
  }

  return { nodes: [list, undo, told, add], items, insert };
}

function status(least, most, given, shown) {
  if (given < least && least > 1) return say("repeat_needs", { least, n: given });
  return shown >= most ? say("repeat_full", { most }) : "";
}
