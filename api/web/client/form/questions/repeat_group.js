// A few questions asked again for each of several things. The register gives it the renderers of its children.

import { h, replace } from "../../core/dom.js";
import { say } from "../../core/words.js";
import { answerErrors } from "../answers.js";
import { field } from "./field.js";
import { itemWords, repeatItem } from "./repeat_item.js";
import { fault } from "./rules.js";

/** The {draw, words, errors} of repeats, with `renderer(type)` for the questions inside. */
export function repeatGroup(renderer) {
  return {
    draw: (context) => draw(context, renderer),
    words: (question, answer) => words(question, answer, renderer),
    errors: (question, answer, pointer) => errors(question, answer, pointer, renderer),
  };
}

function draw(context, renderer) {
  const { question, answer, id, pointer, named, onAnswer } = context;
  const { least, most } = limits(question);
  const items = [];
  let made = 0;
  let removed = null;
  const list = h("ol", { class: "items" });
  const told = h("p", { class: "counter", role: "status" });
  const add = h("button", { type: "button", class: "button", onclick: () => insert(items.length, {}).focus() });
  const undo = h("button", { type: "button", class: "button-quiet", onclick: () => putBack() });
  const make = (answers) =>
    repeatItem({ renderer, question, answers, named, id: `${id}-${made++}`, onChange: () => changed(), onRemove: (item) => remove(item) });
  const place = () => {
    let position = 0;
    items.forEach((item, index) => item.place(`${pointer}/${item.isGiven() ? position++ : "-"}`, index + 1));
    add.hidden = items.length >= most;
    replace(add, say(items.length > 0 ? "repeat_another" : "repeat_first"));
    undo.hidden = removed === null;
    replace(told, position < least ? say("repeat_needs", { least, n: position }) : add.hidden && say("repeat_full", { most }));
  };
  const changed = () => {
    place();
    const given = items.filter((item) => item.isGiven()).map((item) => item.answers());
    onAnswer(given.length > 0 ? given : undefined);
  };
  const insert = (index, answers, isOpen = true) => {
    const item = make(answers);
    items.splice(index, 0, item);
    removed = null;
    item.node.querySelector("details").open = isOpen;
    list.insertBefore(item.node, list.children[index] ?? null);
    place();
    return item;
  };
  const remove = (item) => {
    const index = items.indexOf(item);
    items.splice(index, 1);
    item.node.remove();
    removed = item.isGiven() ? { index, answers: item.answers() } : null;
    replace(undo, say("repeat_undo", { n: index + 1 }));
    changed();
    if (removed) undo.focus();
    else (items[index] ?? items[index - 1] ?? { focus: () => add.focus() }).focus();
  };
  const putBack = () => {
    insert(removed.index, removed.answers).focus();
    changed();
  };
  for (const item of Array.isArray(answer) ? answer : []) insert(items.length, item, false);
  if (items.length === 0) insert(0, {});
  return field(context, {}, list, undo, told, add);
}

function words(question, answer, renderer) {
  const items = Array.isArray(answer) ? answer : [];
  return items.map((item) => itemWords(renderer, question, item)).filter(Boolean).join("; ");
}

function errors(question, answer, pointer, renderer) {
  const { least, most } = limits(question);
  if (!Array.isArray(answer)) return fault(pointer, "wrong_type", {}, "repeat");
  if (answer.length < least) return fault(pointer, "too_few", { least });
  if (answer.length > most) return fault(pointer, "too_many", { most });
  const asked = new Map(question.children.map((child) => [child.key, child]));
  const required = question.children.filter((child) => child.required).map((child) => child.key);
  const judge = (child, one, place) => renderer(child.type).errors(child, one, place);
  return answer.flatMap((item, index) => {
    const place = `${pointer}/${index}`;
    if (item === null || typeof item !== "object" || Array.isArray(item)) return fault(place, "wrong_type", {}, "repeat");
    return answerErrors({ asked, required, answers: item, pointer: place, judge });
  });
}

function limits(question) {
  return { least: question.min_items ?? 1, most: question.max_items ?? 20 };
}
