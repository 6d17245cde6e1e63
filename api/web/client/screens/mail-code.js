// A one-time code by e-mail, for whoever has no other device at hand. The answer is the same whether or not an address
// is known here: it tells nobody who takes part.

import { call } from "../core/api.js";
import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import { backLink, once } from "./parts.js";
import { sentence } from "./refusal.js";

const LIKE_AN_ADDRESS = /^[^@\s]+@[^@\s]+\.[^@\s]+$/;

/** Ask for the address; then for the code. */
export async function mailCode() {
  const title = say("mail_code");
  const error = h("div", { id: "mail-error", role: "alert" });
  const field = h("input", { id: "mail", type: "email", autocomplete: "email", enterkeyhint: "send", "aria-describedby": "mail-hint mail-error" });
  const complain = (text) => {
    error.replaceChildren(h("span", { class: "error" }, text));
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  const ask = async () => {
    const email = field.value.trim();
    if (!LIKE_AN_ADDRESS.test(email)) return complain(say("contact_email_wrong"));
    try {
      await call("POST", "/v1/session/code/mail", { email });
    } catch (refused) {
      return complain(sentence(refused));
    }
    return go("/sign-in/mailed", { replace: true });
  };
  const submit = (event) => {
    event.preventDefault();
    once({ currentTarget: event.submitter ?? event.target }, ask);
  };
  const node = h("form", { novalidate: true, onsubmit: submit },
    backLink("/sign-in"),
    h("h1", null, title),
    h("div", { class: "field" },
      h("label", { for: "mail" }, say("contact_email")),
      h("p", { class: "hint", id: "mail-hint" }, say("mail_code_about")),
      error,
      field,
    ),
    h("p", { class: "actions" }, h("button", { class: "button wide" }, say("mail_code_send"))),
  );
  return { title, node };
}
