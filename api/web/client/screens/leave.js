// Leaving, as far as the leader wants: without reminders, out of later releases, or with everything erased.

import { call } from "../core/api.js";
import { h } from "../core/dom.js";
import { refresh } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import * as engine from "../sync/engine.js";
import { backLink, button, once } from "./parts.js";
import { receiptOf } from "./receipt.js";
import { sentence, tellIn } from "./refusal.js";
import { isSignedOut } from "./sign-in.js";
import { unsentWords } from "./unsent.js";

const SCOPES = ["stop_prompts", "out_of_releases", "erase"];

/** Show the three steps, and the receipt of the last one taken. */
export async function leave() {
  const title = say("leave_title");
  const { leaving, receipts = [], me, state } = await account.read();
  const receipt = receipts.at(-1);
  const erased = receipt?.scope === "erase";
  const trouble = h("div");
  const node = h("section", null,
    !erased && backLink("/settings"),
    h("h1", null, title),
    receipt && receiptOf(receipt),
    leaving && !erased && h("p", { class: "notice notice-wait" }, say("leave_unheard", { what: say(`leave_${leaving}_title`) })),
    trouble,
    !erased && isSignedOut({ state }) && !leaving && h("p", { class: "notice notice-wait" }, say("leave_signed_out")),
    !erased && [h("p", null, say("leave_about")), SCOPES.map((scope) => step(scope, me, trouble))],
  );
  return { title, node };
}

function step(scope, me, trouble) {
  const isDone = (scope === "stop_prompts" && me.prompts_stopped) || (scope === "out_of_releases" && me.status === "withdrawn");
  return h("section", { class: "card", "aria-labelledby": `leave-${scope}` },
    h("h2", { id: `leave-${scope}` }, say(`leave_${scope}_title`)),
    h("p", null, say(`leave_${scope}`)),
    isDone && h("p", { class: "state" }, say("leave_done")),
    button(say(isDone ? "leave_receipt_again" : `leave_${scope}_do`), (event) => once(event, () => take(scope, isDone, trouble)), scope === "stop_prompts" ? "button-quiet" : "button-alarm"),
  );
}

async function take(scope, isDone, trouble) {
  if (!isDone && !(await sure(scope))) return;
  await account.save({ leaving: scope }); // a lost answer is asked for again: the same scope gives the same receipt
  try {
    const { body } = await call("POST", "/v1/me/withdrawal", { scope });
    await keep(body);
  } catch (error) {
    const text = sentence(error);
    if (error.status) await account.save({ leaving: null });
    return tellIn(trouble, error.status === 401 ? say("leave_signed_out") : error.status ? text : say("leave_no_answer"));
  }
  await refresh();
  document.getElementById("receipt")?.focus();
}

/** What was not sent is sent first if that can be, and what remains is named: after this step it will not be taken. */
async function sure(scope) {
  const waiting = scope === "stop_prompts" ? [] : await unsentAfterSending();
  if (waiting.length && !confirm([...waiting, say("leave_unsent")].join("\n\n"))) return false;
  return confirm(say(`leave_${scope}_sure`));
}

async function unsentAfterSending() {
  await engine.now();
  return unsentWords();
}

/** The receipt is on the phone before anything is said or deleted. */
async function keep(receipt) {
  const { me, receipts = [] } = await account.read();
  const others = receipts.filter((one) => one.id !== receipt.id);
  const status = receipt.scope === "stop_prompts" ? me.status : "withdrawn";
  await account.save({ receipts: [...others, receipt], leaving: null, me: { ...me, prompts_stopped: true, status } });
}
