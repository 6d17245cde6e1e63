// One field for a code that was given on paper, by mail or by another phone; it forgives how it is typed.

import { h, replace } from "../core/dom.js";
import { say } from "../core/words.js";
import { once } from "./parts.js";
import { sentence } from "./refusal.js";

const SHORTEST = 8;

/** The letters and digits of what was typed or pasted, also out of a whole link. */
export function tidy(typed) {
  return typed.split(/join=/i).at(-1).replace(/[^0-9a-z]/gi, "").toUpperCase();
}

/** A form that takes a code: `send(code)` asks the server, and its refusal is said beside the field. */
export function codeForm({ title, label, hint, code = "", action, send }, before, ...about) {
  const error = h("div", { id: "code-error", role: "alert" });
  const field = h("input", {
    id: "code", class: "code", value: code, autocomplete: "one-time-code", autocapitalize: "characters",
    autocorrect: "off", spellcheck: "false", enterkeyhint: "go", "aria-describedby": "code-hint code-error",
  });
  const complain = (text) => {
    replace(error, h("span", { class: "error" }, text));
    field.setAttribute("aria-invalid", "true");
    field.focus();
  };
  const take = async () => {
    const tidied = tidy(field.value);
    if (tidied.length < SHORTEST) return complain(say(tidied ? "code_short" : "code_missing"));
    try {
      await send(tidied);
    } catch (refused) {
      complain(sentence(refused));
    }
  };
  const submit = (event) => {
    event.preventDefault();
    once({ currentTarget: event.submitter ?? event.target }, take);
  };
  return h("form", { novalidate: true, onsubmit: submit },
    before,
    h("h1", null, title),
    about,
    h("div", { class: "field" },
      h("label", { for: "code" }, label),
      h("p", { class: "hint", id: "code-hint" }, hint),
      error,
      field,
    ),
    h("p", { class: "actions" }, h("button", { class: "button wide" }, action)),
  );
}
