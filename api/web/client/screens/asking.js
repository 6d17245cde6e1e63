// What stands beside a question: the warning at free text, and what the leader wrote earlier.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { renderer } from "../form/questions/register.js";

const QUOTED = ["headline", "expected_outcome", "confidence"];
const WRITTEN = new Set(["short_text", "long_text"]);

/** The warning at free text, where the study has not written its own hint. */
export function warning(question) {
  return WRITTEN.has(question.type) && !question.hint && h("p", { class: "hint" }, say("free_text_warning"));
}

/** The decision that a follow-up is about, as the leader wrote it: to read, not to change. */
export function quoted(filled) {
  if (!filled.followed) return null;
  const { answers } = filled.followed;
  const asked = filled.instrument.questions.filter((one) => QUOTED.includes(one.key) && answers[one.key] !== undefined);
  return h("aside", { class: "card", "aria-labelledby": "quoted" },
    h("h2", { id: "quoted" }, say("quoted_title")),
    h("dl", null, asked.map((one) => [
      h("dt", { class: "meta" }, filled.text(one.label)),
      h("dd", { class: "quote" }, renderer(one.type).words(one, answers[one.key])),
    ])),
  );
}
