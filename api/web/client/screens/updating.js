// A new version of the app waits for the reader's tap.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as updates from "../core/updates.js";
import { button } from "./parts.js";

let stop = null; // only the notice that is on the screen listens

/** The notice: hidden until a new version waits. */
export function updateNotice() {
  const notice = h("div", { class: "notice", hidden: true },
    h("p", null, say("update_waits")),
    button(say("update_now"), () => updates.activate(), "button-quiet"),
  );
  stop?.();
  stop = updates.waiting((waits) => (notice.hidden = !waits));
  return notice;
}
