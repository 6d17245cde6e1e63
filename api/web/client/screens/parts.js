// Pieces that several screens share.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";

/** A link back to where the leader came from. */
export function backLink(to, text = say("back")) {
  return h("p", { class: "back" }, h("a", { href: `#${to}` }, "‹ ", text));
}

/** A link that looks like a button. */
export function linkButton(to, text, quiet = false) {
  return h("a", { class: quiet ? "button button-quiet" : "button", href: `#${to}` }, text);
}

/** A button. */
export function button(text, onclick, kind = "") {
  return h("button", { class: `button ${kind}`.trim(), type: "button", onclick }, text);
}

/** A list of links: [{to, title, meta, state}]. */
export function linkList(rows) {
  return h("ul", { class: "list" }, rows.map((row) =>
    h("li", null, h("a", { class: "row", href: `#${row.to}` },
      h("strong", null, row.title),
      row.meta && h("span", { class: "meta" }, row.meta),
      row.state && h("span", { class: "state", dataset: { state: row.state.name } }, row.state.text),
    )),
  ));
}

/** What is wrong, each a way to its place: [{text, reach}]; focus it once it is shown. */
export function errorSummary(lines) {
  return h("div", { class: "summary", role: "alert", tabindex: "-1", "aria-labelledby": "summary-title" },
    h("h2", { id: "summary-title" }, say("errors_title")),
    h("ul", null, lines.map(({ text, reach }) =>
      h("li", null, h("button", { class: "button-link", type: "button", onclick: reach }, text)),
    )),
  );
}

/** Let a button do nothing more while what it began still runs: a second click is none. */
export async function once(event, work) {
  const pressed = event.currentTarget;
  if (pressed.getAttribute("aria-disabled") === "true") return;
  pressed.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    pressed.removeAttribute("aria-disabled");
  }
}
