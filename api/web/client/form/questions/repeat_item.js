// One item of a repeat: its questions, folded away behind its words.

import { h } from "../../core/dom.js";
import { label, say } from "../../core/words.js";
import { namer } from "../braces.js";
import { pruned } from "../prune.js";
import { holds } from "../relevance.js";
import { move, reword, setText } from "./field.js";
import { isConditional, narrowed, offered } from "./options.js";

const BARE = new Set(["yes_no", "scale", "percentage", "number", "duration"]); // whose words mean little alone

/** Draw an item: {node, answers(), isGiven(), place(pointer, number), reword(named), focus()}. */
export function repeatItem({ renderer, question, answers, named, id, onChange, onRemove }) {
  const draft = { ...answers };
  const find = (key) => question.children.find((child) => child.key === key);
  const wordsOf = (child, value) => renderer(child.type).words(child, value);
  let beyond = named;
  const inner = namer(draft, find, wordsOf, (name) => beyond(name));
  const drawn = (child) => {
    const onAnswer = (value) => {
      draft[child.key] = value;
      refresh();
      onChange();
    };
    const given = { question: child, answer: draft[child.key], id: `${id}-${child.key}`, compact: true };
    return { ...given, clearable: !child.required, named: inner, onAnswer };
  };
  const fields = question.children.map((child) => {
    const asked = narrowed(child, pruned(question.children, draft));
    return { child, asked, node: renderer(child.type).draw({ ...drawn(child), question: asked }) };
  });
  const summary = h("summary");
  const away = h("button", { type: "button", class: "button-quiet", onclick: () => onRemove(item) });
  const body = h("div", { role: "group" }, fields.map((one) => one.node), away);
  const node = h("li", { class: "item" }, h("details", {}, summary, body));
  let number = 0;

  const refresh = () => {
    const standing = item.answers();
    for (const one of fields.filter(({ child }) => isConditional(child))) {
      const asked = narrowed(one.child, standing);
      if (values(asked) !== values(one.asked)) offerAnew(one, asked);
    }
    for (const one of fields) {
      one.node.hidden = !holds(one.child.relevant, standing);
      reword(one.node, inner);
    }
    const title = say("repeat_item", { n: number });
    setText(summary, [title, itemWords(renderer, question, standing)].filter(Boolean).join(": "));
    body.setAttribute("aria-label", title);
    setText(away, say("repeat_remove", { n: number }));
  };
  const offerAnew = (one, asked) => {
    const fresh = renderer(one.child.type).draw({ ...drawn(one.child), question: asked });
    move(fresh, one.node.dataset.pointer);
    one.node.replaceWith(fresh);
    Object.assign(one, { asked, node: fresh });
  };
  const item = {
    node,
    answers: () => pruned(question.children, draft),
    isGiven: () => Object.keys(item.answers()).length > 0,
    place: (pointer, position) => {
      number = position;
      for (const one of fields) move(one.node, `${pointer}/${one.child.key}`);
      refresh();
    },
    reword: (other) => {
      beyond = other;
      refresh();
    },
    focus: () => summary.focus(),
  };
  return item;
}

function values(question) {
  return offered(question).map((option) => option.value).join(" ");
}

/** An item's answers as a person reads them. */
export function itemWords(renderer, question, item) {
  const parts = question.children.map((child) => {
    const words = Object.hasOwn(item, child.key) ? renderer(child.type).words(child, item[child.key]) : "";
    return words && BARE.has(child.type) ? `${label(child.label)} ${words}` : words;
  });
  return parts.filter(Boolean).join(", ");
}
