// What stands around every screen: the name, how the entries stand, and where one can go.

import { h, replace } from "../core/dom.js";
import { path } from "../core/router.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import * as engine from "../sync/engine.js";
import { standing } from "./standing.js";

const TABS = { "/": "tab_today", "/past": "tab_past", "/insights": "tab_insights", "/settings": "tab_settings" };

/** Make the frame; it follows the screen and the sync by itself. */
export function frame() {
  const status = h("p", { class: "standing", role: "status" });
  const top = h(
    "header",
    { class: "top column" },
    h("a", { class: "brand", href: "#/" }, say("app")),
    status,
  );
  const main = h("main", { id: "main", class: "column", tabindex: "-1" });
  const tabs = h("nav", { class: "tabs", "aria-label": say("tabs"), hidden: true });
  const full = h("div", { class: "notice notice-alarm column", role: "alert", hidden: true }, h("p", null, say("storage_full")));
  addEventListener("daybook-full", () => (full.hidden = false));
  addEventListener("daybook-kept", () => (full.hidden = true));
  const announcer = h("div", { id: "announcer", class: "visually-hidden", "aria-live": "polite" });
  addEventListener("daybook-shown", (event) => follow(tabs, status, event.detail.path));
  engine.subscribe((state) => tell(status, state));
  return [top, full, main, tabs, announcer];
}

async function follow(tabs, status, shown) {
  const joined = Boolean((await account.read())?.me);
  tabs.hidden = !joined || !(shown in TABS);
  status.hidden = !joined;
  if (joined) tell(status, engine.state());
  const links = Object.entries(TABS).map(([to, key]) =>
    h("li", null, h("a", { href: `#${to}`, "aria-current": to === path() && "page" }, say(key))),
  );
  replace(tabs, h("ul", { class: "column" }, links));
}

function tell(status, state) {
  const { kind, text } = standing(state);
  status.dataset.standing = kind;
  if (status.textContent !== text) status.textContent = text;
}
