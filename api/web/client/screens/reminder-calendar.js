// The leader's private calendar address: made here, shown once, ended here.

import { call } from "../core/api.js";
import { announce, h } from "../core/dom.js";
import { say } from "../core/words.js";
import { button, once } from "./parts.js";
import { trying } from "./refusal.js";
import { field } from "./reminder-fields.js";

const ADDRESS = "/v1/me/reminders/calendar";

/** The calendar's part of the screen. */
export function calendarPart() {
  const trouble = h("div");
  const place = h("div", { role: "status" });
  const doing = (work) => (event) => once(event, () => trying(trouble, work));
  const make = doing(async () => show(place, (await call("POST", ADDRESS)).body.url));
  const end = doing(async () => {
    await call("DELETE", ADDRESS);
    place.replaceChildren(h("p", null, say("calendar_ended")));
  });
  return h("div", null,
    h("h2", null, say("calendar_title")),
    h("p", null, say("calendar_about")),
    h("p", { class: "hint" }, say("calendar_shared")),
    place,
    trouble,
    h("p", { class: "actions" }, button(say("calendar_make"), make, "button-quiet"), button(say("calendar_end"), end, "button-quiet")),
  );
}

function show(place, url) {
  const { node, input } = field("calendar-address", say("calendar_address"), url, { readonly: true }, say("calendar_once"));
  const copy = async () => {
    input.select();
    try {
      await navigator.clipboard.writeText(url);
      announce(say("calendar_copied"));
    } catch {
      // It is selected: the reader copies it by hand.
    }
  };
  place.replaceChildren(node, h("p", null, button(say("calendar_copy"), copy, "button-quiet")));
  input.focus();
}
