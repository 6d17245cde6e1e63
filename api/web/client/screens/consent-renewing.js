// Agreeing anew: the study has a new version of its documents, or the leader looks again and answers otherwise.

import { call } from "../core/api.js";
import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import { refreshStudy } from "../sync/study.js";
import { allowsSharing } from "./consent-statements.js";
import { needsConsent, newest } from "./consent-version.js";
import { trying } from "./refusal.js";

/** What the consent screen shows to somebody who takes part. */
export async function renewing(kept) {
  if (!kept.documents?.length) await refreshStudy();
  const { me, documents, consented = {}, agreeing } = await account.read();
  const form = documents?.length && newest(documents, "consent");
  if (!form) return null;
  const isNew = needsConsent({ me, documents });
  const given = agreeing?.version === form.version ? agreeing.statements : isNew ? {} : { ...consented };
  return {
    path: "/read",
    back: "/",
    title: isNew ? say("consent_new_title") : me.study_title,
    languages: me.languages ?? ["en"],
    documents,
    given,
    notice: isNew && say("consent_new"),
    next: [say("consent_new_before"), say("consent_next_stop")],
    action: say("consent_agree"),
    otherwise: h("p", null, h("a", { class: "tall", href: "#/leave" }, say("leave_title"))),
    keep: () => account.save({ agreeing: { version: form.version, statements: given } }),
    agree: (shown, trouble) => agree(shown, given, trouble),
  };
}

async function agree(form, given, trouble) {
  const done = await trying(trouble, () =>
    call("PUT", "/v1/me/consent", { document_version: form.version, statements: given }),
  );
  if (!done) return refreshStudy(); // the form may have changed meanwhile
  const { me } = await account.read();
  const agreed = { ...me, consent_version: form.version, sharing: allowsSharing(form, given) };
  await account.save({ me: agreed, consented: given, agreeing: null });
  refreshStudy();
  return go("/", { replace: true });
}
