// The leader's own data: a file of everything, what this phone holds, deleting its copy, and the way out.

import { call } from "../core/api.js";
import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import * as drafts from "../store/drafts.js";
import * as entries from "../store/entries.js";
import * as signing from "../sync/signing.js";
import { backLink, button, once } from "./parts.js";
import { tellIn, trying } from "./refusal.js";
import { saveFile } from "./saving.js";
import { unsentWords } from "./unsent.js";

const FILE = "daybook.json";
const LONG = { seconds: 120 };

/** Show what can be taken along, and what can be deleted. */
export async function data() {
  const title = say("data_title");
  const [records, begun, waiting] = await Promise.all([entries.all(), drafts.all(), unsentWords()]);
  const place = h("div");
  const trouble = h("div");
  const node = h("section", null,
    backLink("/settings"),
    h("h1", null, title),
    h("h2", null, say("data_download_title")),
    h("p", null, say("data_download_about")),
    waiting.length > 0 && h("p", { class: "notice notice-wait" }, waiting.join(" "), " ", say("data_without_unsent")),
    place,
    h("p", { class: "actions" }, button(say("data_download"), (event) => once(event, () => fetchFile(place)))),
    h("h2", null, say("data_phone_title")),
    h("dl", { class: "answers" },
      row(say("data_entries"), records.length),
      row(say("data_drafts"), begun.length),
      waiting.length > 0 && row(say("data_waiting"), waiting.join(" ")),
    ),
    trouble,
    h("p", { class: "actions" }, button(say("data_delete"), (event) => once(event, () => forgetHere(trouble)), "button-alarm")),
    h("p", { class: "hint" }, say("data_delete_about")),
    h("h2", null, say("leave_title")),
    h("p", null, h("a", { class: "tall", href: "#/leave" }, say("data_leave"))),
  );
  return { title, node };
}

function row(title, words) {
  return h("div", null, h("dt", null, title), h("dd", null, String(words)));
}

/** The file is whole or it is none: its last word says so. */
async function fetchFile(place) {
  await trying(place, async () => {
    const { body } = await call("GET", "/v1/me/export", undefined, LONG);
    if (body.complete !== true) return tellIn(place, say("data_incomplete"));
    const text = JSON.stringify(body, null, 2);
    const save = button(say("data_save", { name: FILE }), () => saveFile(FILE, "application/json", text));
    place.replaceChildren(h("div", { class: "notice", role: "status" }, h("p", null, say("data_ready")), save));
    save.focus();
  });
}

/** Deleting what exists nowhere else takes two answers; what the server has can be fetched again. */
async function forgetHere(trouble) {
  const waiting = await unsentWords();
  if (waiting.length && !confirm([...waiting, say("data_delete_unsent")].join("\n\n"))) return;
  if (!confirm(say(waiting.length ? "data_delete_really" : "data_delete_sure"))) return;
  if (signing.isSignedOut(await account.read()) || (await trying(trouble, signing.endSession))) await signing.forget();
}
