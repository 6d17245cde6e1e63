// When nothing is sent: a pause until a day, and days away that are known beforehand.

import * as clock from "../core/clock.js";
import { announce, h } from "../core/dom.js";
import { say } from "../core/words.js";
import { button } from "./parts.js";
import { field, group } from "./reminder-fields.js";

/** The pause and the absences; those that are over are left out. */
export function awayPart(view) {
  const today = clock.localDate(clock.now());
  const paused = view.paused_until && new Date(view.paused_until);
  const before = paused > clock.now() ? clock.localDate(paused) : "";
  const pause = field("pause", say("pause_until"), before, { type: "date", min: today }, say("pause_about"));
  const list = absences(view.absences.filter((one) => one.last >= today));
  const first = field("away-first", say("away_first"), "", { type: "date", min: today });
  const last = field("away-last", say("away_last"), "", { type: "date", min: today });
  const typed = () => ({ first: first.input.value, last: last.input.value });
  const node = h("div", null,
    group("reminders_pause", pause.node),
    group("reminders_away", h("p", { class: "hint" }, say("away_about")), list.node, first.node, last.node),
  );
  return {
    node,
    choices: () => ({
      paused_until: midnight(pause.input.value),
      absences: typed().first ? [...list.left(), typed()].sort(byDay) : list.left(),
    }),
    errors: () => wrong(typed(), first.input, last.input),
  };
}

function wrong({ first, last }, firstInput, lastInput) {
  if (!first && !last) return [];
  if (!first || !last) return [{ text: say("away_half"), field: first ? lastInput : firstInput }];
  return last < first ? [{ text: say("away_backwards"), field: lastInput }] : [];
}

function absences(known) {
  let left = [...known];
  const items = known.map((one) => {
    const words = say("away_days", { first: dayWords(one.first), last: dayWords(one.last) });
    const drop = button(say("away_remove"), () => {
      left = left.filter((other) => other !== one);
      item.remove();
      announce(say("away_removed", { what: words }));
      document.getElementById("away-first")?.focus();
    }, "button-link");
    drop.setAttribute("aria-label", say("away_remove_what", { what: words }));
    const item = h("li", { class: "row" }, h("span", null, words), drop);
    return item;
  });
  return { node: items.length ? h("ul", { class: "list" }, items) : null, left: () => left };
}

function midnight(day) {
  return day ? clock.instant(new Date(`${day}T00:00`)) : null;
}

function dayWords(day) {
  return clock.day(new Date(`${day}T12:00`));
}

function byDay(one, other) {
  return one.first.localeCompare(other.first);
}
