// The address in a reminder: opens the form that it asks for, or says kindly that there is nothing to do any more.

import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import { begunFor, lasts, openPrompts, promptOf, tellOpened } from "../sync/prompts.js";
import { beginFor, firstPage } from "./new.js";
import { linkButton } from "./parts.js";

/** Go to what a prompt asks for. */
export async function prompt({ id }) {
  const answer = (await entries.all()).find((one) => one.entry?.prompt_id === id);
  const found = (await openPrompts()).find((one) => one.id === id) ?? (answer ? undefined : await promptOf(id));
  if (answer || found?.status === "answered") return nothing("prompt_answered", "prompt_answered_title", answer?.id ?? found.entry_id);
  if (!found) return nothing("prompt_unknown", "prompt_unknown_title");
  if (!lasts(found)) return nothing("prompt_over", "prompt_over_title");
  const draft = await begunFor(found);
  if (!draft) return beginFor(found.kind, found.follows ?? undefined, found);
  tellOpened(id);
  return go(await firstPage(draft, await instruments.get(draft.instrument, draft.version)), { replace: true }).then(() => null);
}

async function nothing(why, heading, entry) {
  const title = say(heading);
  const here = entry && (await entries.get(entry));
  const node = h("section", null,
    h("h1", null, title),
    h("p", null, say(why)),
    h("p", { class: "actions" }, linkButton("/", say("to_today")), here && linkButton(`/past/${entry}`, say("saved_see"), true)),
  );
  return { title, node };
}
