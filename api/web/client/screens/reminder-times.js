// When reminders may come: days, the leader's own hour where the study allows it, quiet hours, and by whose clock.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { choice, field, group } from "./reminder-fields.js";
import { zoneWords } from "./reminder-notice.js";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** The days and times. */
export function timesPart(view, me) {
  const days = DAYS.map((day) => choice("checkbox", "day", day, say(`day_${day}`), view.weekdays?.includes(day) ?? true));
  const hour = view.movable && field("hour", say("reminders_hour"), view.at, { type: "time" }, say("reminders_hour_about"));
  const begin = field("quiet-begin", say("quiet_begin"), view.quiet?.begin, { type: "time" });
  const end = field("quiet-end", say("quiet_end"), view.quiet?.end, { type: "time" });
  const zones = zonePart(view, me);
  const node = h("div", null,
    group("reminders_days", h("div", { class: "choices pills" }, days.map((one) => one.node))),
    hour && group("reminders_when", hour.node),
    group("reminders_quiet", h("p", { class: "hint" }, say("quiet_about")), begin.node, end.node),
    zones.node,
  );
  const chosen = () => DAYS.filter((_, n) => days[n].input.checked);
  const quiet = () => (begin.input.value && end.input.value ? { begin: begin.input.value, end: end.input.value } : null);
  return {
    node,
    choices: () => ({
      weekdays: chosen().length === DAYS.length ? null : chosen(),
      at: hour ? hour.input.value || null : view.at,
      quiet: quiet(),
      time_zone: zones.chosen(),
    }),
    errors: () => [
      !chosen().length && { text: say("reminders_days_none"), field: days[0].input },
      Boolean(begin.input.value) !== Boolean(end.input.value) && { text: say("quiet_half"), field: begin.input.value ? end.input : begin.input },
      quiet() && quiet().begin === quiet().end && { text: say("quiet_same"), field: end.input },
    ].filter(Boolean),
  };
}

/** The phone's own zone is proposed where none was chosen yet; another choice is kept until the leader changes it. */
function zonePart(view, me) {
  const [here, kept] = [clock.zone(), view.time_zone];
  const offered = [...new Set([here, kept ?? me?.time_zone].filter(Boolean))];
  const radios = offered.map((zone) => {
    const text = zone === here ? say("zone_here", { zone: zoneWords(zone) }) : zoneWords(zone);
    return choice("radio", "zone", zone, text, zone === (kept ?? here));
  });
  return {
    node: group("reminders_zone", h("div", { class: "choices" }, radios.map((one) => one.node))),
    chosen: () => offered.find((_, n) => radios[n].input.checked) ?? kept,
  };
}
