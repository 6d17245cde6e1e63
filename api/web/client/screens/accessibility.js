// The accessibility statement: what is aimed at, what was tested, what is not known, and whom to tell.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import { backLink } from "./parts.js";

const PARTS = [
  ["accessibility_can", [
    "accessibility_can_text_size",
    "accessibility_can_keyboard",
    "accessibility_can_reader",
    "accessibility_can_contrast",
    "accessibility_can_dictate",
  ]],
  ["accessibility_tested", ["accessibility_tested_axe", "accessibility_tested_narrow", "accessibility_tested_forced"]],
  ["accessibility_limits", [
    "accessibility_limits_people",
    "accessibility_limits_devices",
    "accessibility_limits_study",
    "accessibility_limits_welsh",
  ]],
];

/** Show the statement. */
export async function accessibility() {
  const joined = Boolean((await account.read())?.me);
  const node = h("section", null,
    backLink(joined ? "/settings" : "/join"),
    h("h1", null, say("accessibility_title")),
    h("p", null, say("accessibility_aim")),
    PARTS.map(([title, lines]) => [
      h("h2", null, say(title)),
      h("ul", null, lines.map((key) => h("li", null, say(key)))),
    ]),
    h("h2", null, say("accessibility_tell")),
    h("p", null, say("accessibility_tell_text")),
    h("p", null, say("accessibility_enforcement")),
    h("p", { class: "meta" }, say("accessibility_prepared")),
  );
  return { title: say("accessibility_title"), node };
}
