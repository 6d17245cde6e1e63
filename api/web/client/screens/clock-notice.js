// The phone's clock is wrong: nothing is lost by it, but its leader should know.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as engine from "../sync/engine.js";

const MOST = 5 * 60_000; // as the service judges it

let stop = null; // only the notice that is on the screen listens

/** The notice: hidden unless the last answer of the service showed the clock to be off. */
export function clockNotice() {
  const notice = h("p", { class: "notice notice-wait", hidden: true }, say("clock_wrong"));
  const tell = ({ skew_ms: skew }) => (notice.hidden = skew === null || Math.abs(skew) <= MOST);
  stop?.();
  stop = engine.subscribe(tell);
  tell(engine.state());
  return notice;
}
