// What stands before writing: this app is too old, or the study does not run, or its leader is out of it.

import { h } from "../core/dom.js";
import { refresh } from "../core/router.js";
import { say } from "../core/words.js";
import * as updates from "../core/updates.js";
import { isSignedOut } from "../sync/signing.js";
import { button, linkButton } from "./parts.js";
import { signedOut, stillOpen } from "./signed-out.js";
import { keptHere } from "./unsent.js";

let seen = null; // a study that pauses takes entries all the same: it is said once, and writing goes on

/** The screen that a leader sees instead of one to write on, or null. */
export function blocked(account) {
  const { me, client } = account;
  if (isSignedOut(account) && !isErased(account)) return signedOut(account);
  if ((client?.minimum ?? 0) > updates.PROTOCOL) return screen("outdated", button(say("update_now"), () => updates.activate()));
  if (me.status === "withdrawn") return screen("withdrawn", linkButton("/leave", say("withdrawn_receipt")));
  if (me.study_status === "closed") return screen("closed", linkButton("/past", say("past_title")));
  if (["paused", "draft"].includes(me.study_status) && seen !== me.study_status) {
    return screen(me.study_status === "paused" ? "paused" : "early", button(say("paused_write"), () => goOn(me.study_status)));
  }
  return null;
}

/** Whoever had everything erased has nothing to sign in to. */
function isErased({ receipts }) {
  return receipts?.at(-1)?.scope === "erase";
}

function screen(name, action) {
  const title = say(`blocked_${name}_title`);
  const node = h("section", null,
    h("h1", null, title),
    h("p", null, say(`blocked_${name}`)),
    keptHere(),
    h("p", { class: "actions" }, action),
    stillOpen(),
  );
  return { title, node };
}

function goOn(status) {
  seen = status;
  return refresh();
}
