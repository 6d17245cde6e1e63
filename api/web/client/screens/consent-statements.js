// The statements of a consent form: each is answered Yes or No, and none is answered beforehand.

import { h, replace } from "../core/dom.js";
import { label, say } from "../core/words.js";

/** Draw every statement; `asked.given` holds the answers so far and `asked.keep()` keeps them on this phone. */
export function statementsOf(form, asked, fallback) {
  return form.statements.map((one) => {
    const answer = (value) => {
      asked.given[one.key] = value;
      asked.keep();
      mark(one.key, null);
    };
    const [name, error] = [`${place(one.key)}-text`, `${place(one.key)}-error`];
    return h("div", { class: "question", id: place(one.key), role: "group", "aria-labelledby": name, "aria-describedby": error },
      h("p", { class: "label", id: name }, label(one.text, fallback)),
      h("p", { class: "hint" }, hint(one)),
      h("div", { id: error }),
      h("div", { class: "pills" }, choice(one, true, asked, answer), choice(one, false, asked, answer)),
    );
  });
}

/** What still stands in the way, marked beside each statement: [{text, reach}]. */
export function missing(form, given, fallback) {
  return form.statements.flatMap((one) => {
    const text = fault(one, given[one.key]);
    mark(one.key, text);
    return text ? [{ text: `${label(one.text, fallback)} ${text}`, reach: () => reach(one.key) }] : [];
  });
}

/** Whether these answers allow the leader's entries into releases. */
export function allowsSharing(form, given) {
  const sharing = form.statements.filter((one) => one.purpose === "sharing");
  return sharing.length > 0 && sharing.every((one) => given[one.key]);
}

function fault(statement, given) {
  if (given === undefined) return say("consent_unanswered");
  return statement.required && !given ? say("consent_must") : null;
}

function hint(statement) {
  if (statement.purpose === "sharing") return say(statement.required ? "consent_sharing" : "consent_sharing_free");
  return say(statement.required ? "consent_required" : "consent_free");
}

function choice(statement, value, asked, answer) {
  return h("label", { class: "choice" },
    h("input", {
      type: "radio", name: place(statement.key), value: String(value),
      checked: asked.given[statement.key] === value, onchange: () => answer(value),
    }),
    say(value ? "yes" : "no"),
  );
}

function reach(key) {
  const inputs = [...document.getElementById(place(key)).querySelectorAll("input")];
  (inputs.find((one) => one.checked) ?? inputs[0]).focus();
}

function mark(key, text) {
  const error = document.getElementById(`${place(key)}-error`);
  if (error) replace(error, text && h("span", { class: "error" }, text));
}

function place(key) {
  return `statement-${key}`;
}
