// Where this diary is open: each device can be signed out from here, and another one added by a code.

import { call } from "../core/api.js";
import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { refresh } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import * as engine from "../sync/engine.js";
import * as signing from "../sync/signing.js";
import { deviceCode } from "./device-code.js";
import { backLink, button, linkButton, once } from "./parts.js";
import { sentence, trying } from "./refusal.js";
import { isSignedOut } from "./sign-in.js";
import { kept, unsentWords } from "./unsent.js";

/** List the devices. */
export async function devices() {
  const title = say("devices_title");
  const trouble = h("div");
  const code = deviceCode(trouble);
  const isOut = isSignedOut(await account.read());
  const node = h("section", null,
    backLink("/settings"),
    h("h1", null, title),
    trouble,
    isOut ? [h("p", null, say("signed_out")), await kept(), linkButton("/sign-in", say("sign_in"))] : await listed(trouble),
    !isOut && [
      h("h2", null, say("devices_add")),
      code.node,
      h("h2", null, say("sign_out_title")),
      h("p", null, say("sign_out_about")),
      h("p", { class: "actions" }, button(say("sign_out"), (event) => once(event, () => leaveHere(trouble)), "button-alarm")),
    ],
  );
  return { title, node, leave: code.stop };
}

async function listed(trouble) {
  let found;
  try {
    found = (await call("GET", "/v1/me/devices")).body;
  } catch (error) {
    return h("p", { class: "notice notice-wait" }, sentence(error));
  }
  return h("ul", { class: "list" }, found.map((one) => h("li", { class: "row" },
    h("strong", null, one.name),
    one.this_device && h("span", { class: "state" }, say("devices_this")),
    h("span", { class: "meta" }, say("devices_since", { when: clock.when(new Date(one.signed_in_at)) })),
    one.last_seen_at && h("span", { class: "meta" }, say("devices_seen", { when: clock.when(new Date(one.last_seen_at)) })),
    !one.this_device && signOutButton(one, trouble),
  )));
}

function signOutButton(one, trouble) {
  const press = (event) => once(event, () => signOther(one, trouble));
  return h("button", { class: "button-link", type: "button", "aria-label": say("devices_sign_out", one), onclick: press }, say("sign_out"));
}

async function signOther({ id, name }, trouble) {
  if (!confirm(say("devices_sure", { name }))) return;
  if (await trying(trouble, () => call("DELETE", `/v1/me/devices/${id}`))) await refresh();
}

/** What was not sent is sent first if that can be; whatever remains is named, and stays on this phone. */
async function leaveHere(trouble) {
  await engine.now();
  const words = await unsentWords();
  const question = words.length ? [...words, say("sign_out_unsent")].join("\n\n") : say("sign_out_sure");
  if (!confirm(question)) return;
  if (await trying(trouble, signing.signOut)) await refresh();
}
