// Several options out of a list.

import { h } from "../../core/dom.js";
import { label, say } from "../../core/words.js";
import { choice } from "./choices.js";
import { field, setText } from "./field.js";
import { offered, optionErrors, optionWords } from "./options.js";
import { fault } from "./rules.js";

/** Checkboxes; an exclusive option stands alone, and no more than allowed can be ticked. */
export function draw(context) {
  const { question, answer, id, compact, onAnswer } = context;
  const options = offered(question);
  const chosen = Array.isArray(answer) ? answer : [];
  const inputs = options.map(({ value }, index) =>
    h("input", { type: "checkbox", id: index ? `${id}-${index}` : id, value, checked: chosen.includes(value) }),
  );
  const full = h("p", { class: "counter", role: "status" });
  const pairs = options.map((option, index) => ({ option, input: inputs[index] }));
  for (const pair of pairs) {
    pair.input.addEventListener("click", (event) => {
      if (pair.input.checked) makeRoom(pairs, pair);
      const tooMany = pair.input.checked && ticked(pairs).length > most(question);
      setText(full, tooMany ? say("choose_most", { most: most(question) }) : "");
      if (tooMany) event.preventDefault();
    });
    pair.input.addEventListener("change", () => {
      const values = ticked(pairs).map(({ option }) => option.value);
      onAnswer(values.length > 0 ? values : undefined);
    });
  }
  const rows = pairs.map(({ option, input }) => choice(input, label(option.label)));
  const notes = question.max_selected ? [say("choose_most", { most: question.max_selected })] : [];
  return field(context, { faulty: inputs, notes }, h("div", { class: compact ? "pills" : "choices" }, rows), full);
}

/** The chosen options' labels. */
export function words(question, answer) {
  const chosen = Array.isArray(answer) ? answer : [];
  return chosen.map((value) => optionWords(question, value)).filter(Boolean).join(", ");
}

/** What is wrong with an answer. */
export function errors(question, answer, pointer) {
  if (!Array.isArray(answer)) return fault(pointer, "wrong_type", {}, "choice");
  if (answer.length === 0) return fault(pointer, "empty", {}, "choice");
  if (answer.length > most(question)) return fault(pointer, "too_many", { most: most(question) }, "choice");
  for (const [index, value] of answer.entries()) {
    const found = optionErrors(question, value, `${pointer}/${index}`);
    if (found.length > 0) return found;
  }
  return combinationErrors(question, answer, pointer);
}

function combinationErrors(question, answer, pointer) {
  if (new Set(answer).size < answer.length) return fault(pointer, "duplicate_option");
  const alone = question.options.some((option) => option.exclusive && answer.includes(option.value));
  return alone && answer.length > 1 ? fault(pointer, "exclusive_option") : [];
}

function most(question) {
  return question.max_selected ?? offered(question).length;
}

function ticked(pairs) {
  return pairs.filter(({ input }) => input.checked);
}

function makeRoom(pairs, { option, input }) {
  for (const other of pairs) {
    if (other.input !== input && (option.exclusive || other.option.exclusive)) other.input.checked = false;
  }
}
