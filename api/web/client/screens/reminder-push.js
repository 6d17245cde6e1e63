// Notifications on this device: switched on by a tap here, and said truthfully where they cannot be.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { pushState, switchOff, switchOn } from "../sync/push.js";
import { button, linkButton, once } from "./parts.js";
import { trying } from "./refusal.js";

/** What stands about push on this device; nothing where the service has none. */
export async function pushPart({ push_key: key, offered }) {
  if (!key && !offered.includes("push")) return null;
  const place = h("div", { role: "status" });
  await draw(place, key);
  return h("div", null, h("h2", null, say("push_title")), place);
}

/** Drawn anew in its place: what is typed on the rest of the screen stays. */
async function draw(place, key) {
  const state = await pushState();
  const trouble = h("div");
  const doing = (work) => (event) => once(event, async () => {
    if (await trying(trouble, () => attempt(work))) await draw(place, key);
  });
  const on = () => button(say("push_switch_on"), doing(() => switchOn(key)));
  const action = {
    off: on,
    lost: on,
    on: () => button(say("push_switch_off"), doing(switchOff), "button-quiet"),
    install: () => linkButton("/install", say("settings_to_install"), true),
  }[state];
  place.replaceChildren(
    h("p", { class: "state", dataset: { push: state } }, say(`push_${state}`)),
    h("p", { class: "actions" }, action?.()),
    trouble,
  );
}

/** A browser may refuse without the reader having said anything: then it stays as it is, and is said. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}
