// Help: the questions that leaders have, each answered in two lines.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { questionOf } from "../insights/records.js";
import * as account from "../store/account.js";
import * as instruments from "../store/instruments.js";
import { backLink } from "./parts.js";

// Where an answer leads on to, for who has joined.
const QUESTIONS = {
  sent: "/past",
  offline: null,
  seen: null,
  keep_out: null,
  change: "/past",
  assistant: "/settings",
  phone: null,
  lost: "/devices",
  clock: null,
  full: null,
  leave: "/leave",
  team: "/read",
};
const MORE = { seen: "help_seen_risk" };

/** Show the questions and their answers. */
export async function help() {
  const joined = Boolean((await account.read())?.me);
  const canKeepOut = questionOf(await instruments.all(), "keep_out");
  const shown = Object.keys(QUESTIONS).filter((name) => name !== "keep_out" || canKeepOut);
  const node = h("section", null,
    backLink(joined ? "/settings" : "/join"),
    h("h1", null, say("help_title")),
    h("ul", { class: "list" }, shown.map((name) => h("li", null, answered(name, joined && QUESTIONS[name])))),
  );
  return { title: say("help_title"), node };
}

function answered(name, to) {
  return h("details", null,
    h("summary", null, say(`help_${name}`)),
    h("p", null, say(`help_${name}_answer`)),
    MORE[name] && h("p", null, say(MORE[name])),
    to && h("p", null, h("a", { class: "tall", href: `#${to}` }, say(`help_to_${to.slice(1)}`))),
  );
}
