// On Today: the study has a new version of its documents. Nothing is blocked by it.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { needsConsent } from "./consent-version.js";
import { linkButton } from "./parts.js";

/** The notice, while the leader has not answered the new version. */
export function consentNotice(account) {
  if (!needsConsent(account)) return null;
  return h("div", { class: "notice" },
    h("p", null, say("consent_new")),
    linkButton("/read", say("consent_new_read"), true),
  );
}
