// My calibration: how sure I was, against what followed.

import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import { averages, brier, ENOUGH, groups, settled } from "../insights/calibration.js";
import { questionOf } from "../insights/records.js";
import { chartRow, legend, share } from "./bars.js";

const NEEDED = ["confidence", "outcome_state"];

/** The section; none where a study does not ask for confidence and outcome. */
export function calibration(records, instruments) {
  if (!NEEDED.every((key) => questionOf(instruments, key))) return null;
  const pairs = settled(records);
  return h("section", null,
    h("h2", null, say("insights_calibration")),
    pairs.length < ENOUGH ? tooFew(pairs.length) : judged(pairs),
  );
}

function tooFew(n) {
  return [
    h("p", null, h("strong", null, say("insights_too_few", { n, needed: ENOUGH }))),
    h("p", { class: "hint" }, say("insights_too_few_why", { needed: ENOUGH })),
  ];
}

function judged(pairs) {
  const { sure, came } = averages(pairs);
  const score = brier(pairs).toFixed(2);
  return [
    h("p", null, say("insights_averages", { n: pairs.length, sure: Math.round(sure), came: Math.round(came) })),
    h("figure", null,
      h("figcaption", null, h("h3", null, say("insights_groups"))),
      legend(say("insights_came"), say("insights_sure")),
      h("ul", { class: "chart" }, groups(pairs).map((group) =>
        chartRow(say("insights_group", group), say("insights_of", group), share((group.came / group.n) * 100, group)))),
    ),
    h("p", { class: "meta" }, say("insights_brier", { score })),
    h("p", { class: "meta" }, say("insights_counted")),
  ];
}
