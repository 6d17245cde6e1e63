// Something back: worked out on this phone, from its own entries, with or without a connection.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { present } from "../insights/records.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import { calibration } from "./calibration.js";
import { linkButton } from "./parts.js";
import { attention } from "./subjects.js";
import { timeline } from "./timeline.js";

/** Show what the entries of this phone tell their leader. */
export async function insights() {
  const [all, known] = await Promise.all([entries.all(), instruments.all()]);
  const records = present(all);
  const today = clock.localDate(clock.now());
  const node = h("section", { class: "insights" },
    h("h1", null, say("insights_title")),
    records.length ? told(records, known, today) : nothingYet(),
  );
  return { title: say("insights_title"), node };
}

function told(records, known, today) {
  return [
    h("p", { class: "hint" }, say("insights_private")),
    timeline(records, known, today),
    calibration(records, known),
    attention(records, known, today),
  ];
}

function nothingYet() {
  return [
    h("p", null, say("insights_empty")),
    h("p", { class: "hint" }, say("insights_private")),
    h("p", { class: "actions" }, linkButton("/", say("to_today"))),
  ];
}
