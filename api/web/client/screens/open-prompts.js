// What the study asks for now, and when it will ask next, as Today shows it.

import { call } from "../core/api.js";
import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { label, say } from "../core/words.js";
import * as instruments from "../store/instruments.js";
import { begunFor, nextPrompt } from "../sync/prompts.js";
import { button, once } from "./parts.js";
import { trying } from "./refusal.js";

const DELIVERED = ["sent", "confirmed", "opened"];
const LATER = 30;

/** The open prompts that are no follow-ups and for which nothing is begun yet, as a list; null if there is none. */
export async function askedNow(prompts) {
  const rows = await Promise.all(prompts.filter((one) => !one.follows).map(row));
  return rows.some(Boolean) ? h("ul", { class: "list" }, rows) : null;
}

/** When the next prompt comes, or null. */
export async function comesNext() {
  const at = await nextPrompt();
  return at && h("p", { class: "meta" }, say("prompt_next", { when: clock.coming(at) }));
}

async function row(prompt) {
  const instrument = await instruments.current(prompt.kind);
  if (!instrument || (await begunFor(prompt))) return null;
  const form = instrument.forms.find((one) => one.kind === prompt.kind);
  const until = prompt.expires_at && say("prompt_until", { when: clock.coming(new Date(prompt.expires_at)) });
  return h("li", null,
    h("a", { class: "row", href: `#/prompt/${prompt.id}` },
      h("strong", null, label(form.label, instrument.default_language)),
      until && h("span", { class: "meta" }, until),
    ),
    DELIVERED.includes(prompt.status) && later(prompt, label(form.label, instrument.default_language)),
  );
}

/** Ask again later: only where there is something that was sent. */
function later(prompt, what) {
  const place = h("div", { role: "status" });
  const press = (event) => once(event, () => trying(place, async () => {
    await call("POST", `/v1/me/prompts/${prompt.id}/snooze`, { minutes: LATER });
    const again = new Date(clock.now().getTime() + LATER * 60_000);
    place.replaceChildren(h("p", { class: "meta" }, say("prompt_again", { when: clock.coming(again) })));
  }));
  const pressed = button(say("prompt_later", { minutes: LATER }), press, "button-link");
  pressed.setAttribute("aria-label", say("prompt_later_what", { what, minutes: LATER }));
  return h("div", { class: "later" }, pressed, place);
}
