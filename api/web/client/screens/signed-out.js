// This phone's session is over: signed out here, from another phone, or by the study team. What was not sent is kept.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { linkButton, linkList } from "./parts.js";
import { keptHere } from "./unsent.js";

/** The screen that stands before writing until the leader signs in again. */
export function signedOut(account) {
  const title = say("signed_out_title");
  const node = h("section", null,
    h("h1", null, title),
    h("p", null, say(account.state === "revoked" ? "signed_out_revoked" : "signed_out")),
    keptHere(),
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
