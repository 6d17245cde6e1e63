// Another phone shows a code, or one comes by e-mail: typed here, this device opens the same diary.

import { kind } from "../core/device.js";
import { h } from "../core/dom.js";
import { go, refresh } from "../core/router.js";
import { say } from "../core/words.js";
import * as signing from "../sync/signing.js";
import { codeForm } from "./code-form.js";
import { backLink, button, linkButton, once } from "./parts.js";
import { kept } from "./unsent.js";

/** Ask for the code, which may have been asked for by e-mail; a phone that keeps entries takes only their own leader's. */
export async function signIn({ mailed }) {
  const found = await signing.recovered();
  if (found.signing) return unfinished();
  if (found.me && !signing.isSignedOut(found)) return already();
  const title = say("sign_in_title");
  const trouble = h("div");
  const form = codeForm(
    { title, label: say("sign_in_label"), hint: say("sign_in_hint"), action: say("sign_in"), send: (code) => open(code, trouble) },
    backLink(found.me ? "/" : "/join"),
    mailed && h("p", { class: "notice", role: "status" }, say("mail_code_sent")),
  );
  const node = h("section", null,
    form,
    trouble,
    found.me && (await kept()),
    h("h2", null, say("sign_in_how_title")),
    h("p", null, say("sign_in_how")),
    h("p", null, say("mail_code_about")),
    h("p", { class: "actions" }, linkButton("/mail-code", say("mail_code"), true)),
  );
  return { title, node, focus: form.querySelector("h1") };
}

async function open(code, trouble) {
  trouble.replaceChildren();
  try {
    await signing.byCode(code, say(`device_${kind()}`));
  } catch (error) {
    if (!(error instanceof signing.AnothersDiary)) throw error;
    return refuse(trouble);
  }
  return go("/", { replace: true });
}

function refuse(trouble) {
  const notice = h("div", { class: "notice notice-alarm", role: "alert", tabindex: "-1" },
    h("p", null, say("sign_in_anothers")),
    h("p", null, h("a", { class: "tall", href: "#/data" }, say("data_title"))),
  );
  trouble.replaceChildren(notice);
  notice.focus();
}

function already() {
  const title = say("sign_in_title");
  const node = h("section", null,
    h("h1", null, title),
    h("p", null, say("sign_in_already")),
    h("p", { class: "actions" }, linkButton("/", say("to_today")), linkButton("/devices", say("devices_title"), true)),
  );
  return { title, node };
}

/** A sign-in was broken off, and it is not known yet whose session came of it. */
export async function unfinished() {
  const title = say("sign_in_title");
  const node = h("section", null,
    h("h1", null, title),
    h("p", { class: "notice notice-wait" }, say("sign_in_unfinished")),
    await kept(),
    h("p", { class: "actions" }, button(say("failure_again"), (event) => once(event, refresh))),
  );
  return { title, node };
}
