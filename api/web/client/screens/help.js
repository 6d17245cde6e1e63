// Help: the questions that leaders have, each answered in two lines.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import { backLink } from "./parts.js";

// Where an answer leads on to, for who has joined.
const QUESTIONS = {
  sent: "/past",
  offline: null,
  seen: null,
  change: "/past",
  keep_out: null,
  assistant: "/settings",
  lost: "/devices",
  clock: null,
  full: null,
  leave: "/leave",
  team: null,
};

/** Show the questions and their answers. */
export async function help() {
  const joined = Boolean((await account.read())?.me);
  const node = h("section", null,
    backLink(joined ? "/settings" : "/join"),
    h("h1", null, say("help_title")),
    Object.entries(QUESTIONS).map(([name, to]) => [
      h("h2", { id: name }, say(`help_${name}`)),
      h("p", null, say(`help_${name}_answer`)),
      joined && to && h("p", null, h("a", { href: `#${to}` }, say(`help_to_${to.slice(1)}`))),
    ]),
  );
  return { title: say("help_title"), node };
}
