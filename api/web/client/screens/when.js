// When it happened: just now, earlier today, yesterday, or on another day.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import { filling } from "./filling.js";
import { backLink, errorSummary } from "./parts.js";

const CHOICES = ["now", "earlier", "yesterday", "date"];

/** The line of a form that says when it happened, with the way to change it. */
export function whenLine(filled) {
  return h("dl", { class: "answers" }, h("div", null,
    h("dt", null, say("happened")),
    h("dd", null, happenedWords(filled.draft)),
    h("dd", { class: "change" },
      h("a", { href: `#/entry/${filled.draft.id}/when`, "aria-label": say("change_what", { what: say("happened") }) }, say("change"))),
  ));
}

/** When it happened, as a person says it. */
export function happenedWords(draft) {
  const { choice, at } = draft.happened;
  if (choice === "now") return say("happened_now");
  return clock.when(new Date(at));
}

/** Ask which of the four it was. */
export async function when({ id }) {
  const filled = await filling(id);
  if (!filled) return null;
  const chosen = filled.draft.happened.choice;
  const choose = async (choice) => {
    if (choice !== "now") return go(`/entry/${id}/when/${choice}`);
    filled.draft.happened = { choice, at: null };
    await filled.keep();
    return go(origin(filled));
  };
  const node = h("section", null,
    backLink(origin(filled)),
    h("h1", null, say("happened_title")),
    h("ul", { class: "list" }, CHOICES.map((choice) => h("li", null,
      h("button", { class: "row", type: "button", "aria-current": choice === chosen && "true", onclick: () => choose(choice) },
        say(`happened_${choice}`))))),
  );
  return { title: say("happened_title"), node };
}

/** Ask at what time, and on which day. */
export async function whenTime({ id, choice }) {
  const filled = await filling(id);
  if (!filled) return null;
  const days = { earlier: 0, yesterday: 1 };
  const now = clock.now();
  const known = filled.draft.happened.choice === choice && new Date(filled.draft.happened.at);
  const start = known || new Date(now.getTime() - (choice === "earlier" ? 3_600_000 : 0));
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - (days[choice] ?? 0));
  const date = choice === "date" && h("input", { type: "date", id: "day", max: clock.localDate(now), value: clock.localDate(known || day), required: true });
  const time = h("input", { type: "time", id: "time", value: clock.instant(start).slice(11, 16), required: true });
  const summary = h("div");
  const take = async (event) => {
    event.preventDefault();
    const at = new Date(`${date ? date.value : clock.localDate(day)}T${time.value}`);
    if (Number.isNaN(at.getTime()) || at > clock.now()) {
      summary.replaceChildren(errorSummary([{ text: say("happened_future"), reach: () => time.focus() }]));
      summary.firstChild.focus();
      return;
    }
    filled.draft.happened = { choice, at: clock.instant(at) };
    await filled.keep();
    go(origin(filled));
  };
  const node = h("form", { novalidate: true, onsubmit: take },
    backLink(`/entry/${id}/when`),
    summary,
    h("h1", null, say(`happened_${choice}`)),
    date && h("div", { class: "field" }, h("label", { for: "day" }, say("happened_which_day")), date),
    h("div", { class: "field" }, h("label", { for: "time" }, say("happened_time")), time),
    h("div", { class: "bar actions" }, h("button", { class: "button" }, say("continue"))),
  );
  return { title: say(`happened_${choice}`), node };
}

function origin({ draft }) {
  return draft.at === "all" ? `/entry/${draft.id}/all` : `/entry/${draft.id}/check`;
}
