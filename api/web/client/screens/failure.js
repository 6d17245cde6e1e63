// The screen for what nobody expected: what was written is still on the phone.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";

/** Show that something failed, and the way out. */
export function failure(error) {
  console.error(error?.name); // never what was written
  const node = h(
    "section",
    null,
    h("h1", null, say("failure_title")),
    h("p", null, say("failure_text")),
    h("p", { class: "actions" },
      h("button", { class: "button", type: "button", onclick: () => location.reload() }, say("failure_again")),
      h("a", { class: "button button-quiet", href: "#/" }, say("to_today")),
    ),
  );
  return { title: say("failure_title"), node };
}
