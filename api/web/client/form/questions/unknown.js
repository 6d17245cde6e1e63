// A question type that came after this version of the client.

import { h } from "../../core/dom.js";
import { say } from "../../core/words.js";
import { field } from "./field.js";

/** Say that a newer version is needed; what was answered stays as it is. */
export function draw(context) {
  return field(context, { plain: true }, h("p", {}, say("unknown_question_type")));
}

/** An answer that this version cannot read. */
export function words() {
  return "";
}

/** Leave the judgement to the server. */
export function errors() {
  return [];
}
