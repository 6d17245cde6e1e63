// A code that opens this diary on one more phone or computer, in large type, for a few minutes.

import { call } from "../core/api.js";
import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { button, once } from "./parts.js";
import { trying } from "./refusal.js";

const A_SECOND = 1_000;

/** The place of the code: {node, stop}. */
export function deviceCode(trouble) {
  let timer = null;
  const stop = () => clearInterval(timer);
  const node = h("div");
  const make = (event) => once(event, () => trying(trouble, async () => {
    const { body } = await call("POST", "/v1/me/device-code");
    stop();
    timer = showing(node, body, ask);
  }));
  const ask = (text) => node.replaceChildren(
    h("p", null, text),
    h("p", { class: "actions" }, button(say("devices_code"), make, "button-quiet")),
  );
  ask(say("devices_add_about"));
  return { node, stop };
}

function showing(node, { code, expires_at: until }, ask) {
  const left = h("p", { class: "meta" });
  const tell = () => {
    const minutes = Math.ceil((Date.parse(until) - Date.now()) / 60_000);
    if (minutes <= 0) {
      clearInterval(timer);
      return ask(say("devices_code_over"));
    }
    const text = say.n("devices_code_left", minutes);
    if (left.textContent !== text) left.textContent = text;
  };
  node.replaceChildren(
    h("div", { class: "card", role: "status" },
      h("p", { class: "code" }, code),
      left,
      h("ol", null, ["devices_step_open", "devices_step_choose", "devices_step_type"].map((key) => h("li", null, say(key, { address: location.host })))),
      h("p", { class: "hint" }, say("devices_code_secret")),
    ),
  );
  const timer = setInterval(tell, A_SECOND);
  tell();
  return timer;
}
