// A short free text.

import { h } from "../../core/dom.js";
import { textErrors } from "./rules.js";
import { textField } from "./text.js";

/** One line. */
export function draw(context) {
  return textField(context, h("input", { type: "text", enterkeyhint: "next" }), most(context.question));
}

/** The text. */
export function words(_question, answer) {
  return typeof answer === "string" ? answer : "";
}

/** What is wrong with an answer. */
export function errors(question, answer, pointer) {
  return textErrors(answer, pointer, most(question));
}

function most(question) {
  return question.max_length ?? 140;
}
