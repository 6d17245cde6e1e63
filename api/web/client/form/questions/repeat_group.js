// A few questions asked again for each of several things. The register gives it the renderers of its children.

import { answerErrors } from "../answers.js";
import { field } from "./field.js";
import { itemWords } from "./repeat_item.js";
import { itemList, limits } from "./repeat_list.js";
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
  const list = itemList(context, renderer);
  const given = Array.isArray(context.answer) ? context.answer.filter(isItem) : [];
  for (const item of given) list.insert(list.items.length, item, false);
  if (given.length === 0) list.insert(0, {}, true);
  const onReword = (named) => list.items.forEach((item) => item.reword(named));
  return field(context, { onReword }, list.nodes);
}

function words(question, answer, renderer) {
  const items = Array.isArray(answer) ? answer.filter(isItem) : [];
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
    if (!isItem(item)) return fault(place, "wrong_type", {}, "repeat");
    return answerErrors({ asked, required, answers: item, pointer: place, judge });
  });
}

function isItem(item) {
  return item !== null && typeof item === "object" && !Array.isArray(item);
}
