// How Daybook gets onto a home screen, per device; and that nobody needs to.

import { isInstalled, system } from "../core/device.js";
import { h } from "../core/dom.js";
import { install as askBrowser, offered } from "../core/installing.js";
import { say } from "../core/words.js";
import * as account from "../store/account.js";
import { backLink, button, linkButton, once } from "./parts.js";

const STEPS = {
  ios: ["install_ios_share", "install_ios_add", "install_ios_open"],
  android: ["install_android_menu", "install_android_add"],
  desktop: ["install_desktop_bar", "install_desktop_add"],
};

/** Show the steps for this device; they are shown once by themselves. */
export async function install() {
  const kept = await account.read();
  await account.save({ installing_shown: true });
  const title = say("install_title");
  const place = h("div");
  const stop = offered((can) => place.replaceChildren(...(can ? [offer()] : [steps(system())])));
  const node = h("section", null,
    kept.arriving ? null : backLink("/settings"),
    h("h1", null, title),
    isInstalled() ? h("p", null, say("install_done")) : [h("p", null, say("install_why")), place, apart(kept)],
    h("h2", null, say("install_not_needed_title")),
    h("p", null, say("install_not_needed")),
    h("p", { class: "actions" }, linkButton("/", say("to_today"))),
  );
  if (kept.arriving) await account.save({ arriving: false });
  return { title, node, leave: stop };
}

/** The steps for a kind of device. */
export function steps(which) {
  return h("ol", null, STEPS[which].map((key) => h("li", null, say(key))));
}

function offer() {
  return h("p", { class: "actions" }, button(say("install_now"), (event) => once(event, askBrowser)));
}

/** On iOS the home-screen app shares nothing with this tab, so that it is another device with a code of its own. */
function apart({ me }) {
  if (system() !== "ios") return null;
  return h("div", { class: "notice notice-wait" },
    h("p", null, say("install_ios_apart")),
    me && h("p", null, say("install_ios_code"), " ", h("a", { href: "#/devices" }, say("devices_add"))),
  );
}
