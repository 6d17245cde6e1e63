// This phone's session is over: signed out here, from another phone, or by the study team. What was not sent is kept.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as engine from "../sync/engine.js";
import { linkButton, linkList } from "./parts.js";

/** The screen that stands before writing until the leader signs in again. */
export function signedOut(account) {
  const title = say("signed_out_title");
  const { unsent } = engine.state();
  const node = h("section", null,
    h("h1", null, title),
    h("p", null, say(account.state === "revoked" ? "signed_out_revoked" : "signed_out")),
    h("p", { class: "state", dataset: { state: unsent ? "queued" : "synced" } }, unsent ? say.n("unsent_entries", unsent) : say("standing_sent")),
    unsent > 0 && h("p", null, say("unsent_safe")),
    h("p", { class: "actions" }, linkButton("/sign-in", say("sign_in"))),
    stillOpen(),
  );
  return { title, node };
}

/** What stays open to a leader whatever the state of the study. */
export function stillOpen() {
  return linkList([
    { to: "/past", title: say("past_title") },
    { to: "/data", title: say("data_title") },
    { to: "/help", title: say("help") },
  ]);
}
