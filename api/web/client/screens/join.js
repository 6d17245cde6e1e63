// Joining begins with a code. A link only fills it in: nobody is enrolled without reading and agreeing.

import { call } from "../core/api.js";
import { isInstalled, system } from "../core/device.js";
import { h } from "../core/dom.js";
import "../core/installing.js"; // the browser's offer to install comes early
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import * as signing from "../sync/signing.js";
import { codeForm, tidy } from "./code-form.js";
import { consent } from "./consent.js";
import { steps } from "./install.js";
import { linkButton, linkList } from "./parts.js";
import { unfinished } from "./sign-in.js";

/** Ask for the code; where one was given already, go on with reading. */
export async function join({ code }) {
  const before = await account.read();
  const kept = await signing.recovered();
  if (kept.me && !before.me) return go("/", { replace: true }).then(() => null);
  if (kept.me) return already(kept);
  if (kept.signing) return unfinished();
  if (kept.joining && (!code || tidy(code) === kept.joining.code)) return consent();
  const title = say("join_title");
  const form = codeForm(
    { title, code, label: say("join_label"), hint: say("join_hint"), action: say("continue"), send: read },
    null,
    h("p", null, say("join_about")),
    system() === "ios" && !isInstalled() && installFirst(),
  );
  const node = h("section", null,
    form,
    h("p", null, h("a", { class: "tall", href: "#/sign-in" }, say("join_elsewhere"))),
    h("p", null, h("a", { class: "tall", href: "#/help" }, say("help"))),
  );
  return { title, node, focus: form.querySelector("h1") };
}

async function read(code) {
  const { body } = await call("POST", "/v1/join/preview", { code });
  await account.save({ joining: { code, preview: body, statements: {}, attempt: null } });
  await go("/join", { replace: true });
}

/** On iOS the home-screen app knows nothing of the browser's tab: it comes first, and the code is typed there. */
function installFirst() {
  return h("details", { class: "card" },
    h("summary", null, say("join_install_first")),
    h("p", null, say("install_ios_apart")),
    steps("ios"),
  );
}

function already(kept) {
  const title = say("join_already_title");
  const node = h("section", null,
    h("h1", null, title),
    h("p", null, say("join_already", { study: kept.me.study_title ?? say("app") })),
    h("p", { class: "actions" }, linkButton("/", say("to_today"))),
    linkList([{ to: "/devices", title: say("devices_title") }, { to: "/data", title: say("data_title") }]),
  );
  return { title, node };
}
