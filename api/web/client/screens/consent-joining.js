// Agreeing for the first time. The attempt is kept on the phone before it is sent: a lost answer repeats the same one.

import { call } from "../core/api.js";
import { kind } from "../core/device.js";
import { h } from "../core/dom.js";
import { newId } from "../core/ids.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import * as signing from "../sync/signing.js";
import { allowsSharing } from "./consent-statements.js";
import { sentence, tellIn } from "./refusal.js";

/** What the consent screen shows to somebody who joins. */
export function joining({ joining: begun }) {
  const { preview } = begun;
  return {
    path: "/join",
    title: preview.study_title,
    languages: preview.languages,
    documents: preview.documents,
    given: begun.statements,
    notice: begun.changed ? say("consent_changed") : begun.attempt && say("join_unheard"),
    next: [say("consent_next_profile"), say("consent_next_write"), say("consent_next_stop")],
    action: say("join_agree"),
    otherwise: h("p", null, h("button", { class: "button-link", type: "button", onclick: stop }, say("join_stop"))),
    keep: () => account.save({ joining: begun }),
    agree: (form, trouble) => enrol(begun, form, trouble),
  };
}

async function enrol(begun, form, trouble) {
  begun.attempt ??= newId();
  await account.save({ joining: begun });
  const consent = { document_version: form.version, statements: begun.statements };
  const body = { code: begun.code, attempt: begun.attempt, consent, device_name: say(`device_${kind()}`), cookies: true };
  try {
    const joined = (await call("POST", "/v1/join", body)).body;
    await signing.begin(joined, known(begun, form));
  } catch (error) {
    return refused(error, begun, trouble);
  }
  return go("/profile", { replace: true });
}

/** What is known of the study before it is asked for the first time. */
function known({ preview, statements }, form) {
  const { study_title, languages, documents } = preview;
  const me = { study_title, languages, consent_version: form.version, sharing: allowsSharing(form, statements) };
  return { me, documents, consented: statements };
}

async function refused(error, begun, trouble) {
  if (error.slug === "consent-incomplete" && !error.errors.length) return readAgain(begun, trouble);
  const text = sentence(error);
  const again = error.slug === "code-not-valid" && h("p", null, h("a", { class: "tall", href: "#/sign-in" }, say("join_elsewhere")));
  tellIn(trouble, error.slug ? text : say("join_unheard"), again);
}

/** The form changed while it was read: nothing was stored, and the new version is shown. */
async function readAgain(begun, trouble) {
  try {
    const { body } = await call("POST", "/v1/join/preview", { code: begun.code });
    await account.save({ joining: { ...begun, preview: body, statements: {}, changed: true } });
    await go("/join", { replace: true });
  } catch (error) {
    tellIn(trouble, sentence(error));
  }
}

async function stop() {
  const { joining: begun } = await account.read();
  if (begun?.attempt && !confirm(say("join_stop_sure"))) return;
  await account.save({ joining: null });
  await go("/join", { replace: true });
}
