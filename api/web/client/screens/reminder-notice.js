// What Today says about reminders: that one may choose, once after joining; and that this phone is in another time zone.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { refresh } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import { choicesOf, saveReminders } from "../sync/reminders.js";
import { button, linkButton, once } from "./parts.js";

/** The notice, or null. */
export function reminderNotice(kept) {
  if (kept.reminders_offer && !kept.arriving) return offer();
  return elsewhere(kept) ? travelling(kept) : null;
}

/** Whether reminders follow another clock than this phone's, and the leader has not said that they shall. */
function elsewhere({ reminders, me, zone_kept: kept }) {
  const zone = reminders && (reminders.time_zone ?? me?.time_zone);
  return Boolean(zone) && kept !== clock.zone() && !reminders.stopped && !sameClock(zone, clock.zone());
}

/** Some zones have two names, and many show the same time all year. */
function sameClock(one, other) {
  const shown = (zone, at) => at.toLocaleString("en-GB", { timeZone: zone });
  const half = 182 * 86_400_000;
  const moments = [clock.now(), new Date(clock.now().getTime() + half)];
  return moments.every((at) => shown(one, at) === shown(other, at));
}

function offer() {
  const later = (event) => once(event, async () => {
    await account.save({ reminders_offer: false });
    await refresh();
  });
  return h("div", { class: "notice" },
    h("p", null, say("reminders_offer")),
    h("p", { class: "actions" }, linkButton("/reminders", say("reminders_choose")), button(say("profile_later"), later, "button-quiet")),
  );
}

/** A change of zone is asked, never silent: who travels for two days may want to be asked at home's hours. */
function travelling({ reminders, me }) {
  const [here, there] = [clock.zone(), reminders.time_zone ?? me.time_zone];
  const stay = (event) => once(event, async () => {
    await account.save({ zone_kept: here });
    await refresh();
  });
  const move = (event) => once(event, async () => {
    await account.save({ reminders: { ...reminders, time_zone: here } });
    await saveReminders({ ...choicesOf(reminders), time_zone: here });
    await refresh();
  });
  return h("div", { class: "notice" },
    h("p", null, say("zone_differs", { here: zoneWords(here), there: zoneWords(there) })),
    h("p", { class: "actions" },
      button(say("zone_move", { here: zoneWords(here) }), move),
      button(say("zone_stay", { there: zoneWords(there) }), stay, "button-quiet"),
    ),
  );
}

/** A zone as people read it: "Australia, Lord Howe". */
export function zoneWords(zone) {
  return zone.replaceAll("_", " ").replaceAll("/", ", ");
}
