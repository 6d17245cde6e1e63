// How I spend attention: what I recorded most, in the last four weeks and in the four before.

import { h } from "../core/dom.js";
import { label, say } from "../core/words.js";
import { questionOf } from "../insights/records.js";
import { subjects } from "../insights/subjects.js";
import { chartRow, legend, pair } from "./bars.js";

// The first question of each names the options; the others ask the same in another kind of entry.
const ABOUT = [
  { title: "insights_kinds", keys: ["decision_kind", "main_decision_kind"] },
  { title: "insights_themes", keys: ["lpip_theme"] },
];

/** The section; none where a study asks for neither. */
export function attention(records, instruments, today) {
  const charts = ABOUT.map((about) => chart(about, records, instruments, today)).filter(Boolean);
  if (!charts.length) return null;
  return h("section", null,
    h("h2", null, say("insights_attention")),
    legend(say("insights_last_weeks"), say("insights_weeks_before")),
    charts,
  );
}

function chart({ title, keys }, records, instruments, today) {
  const question = questionOf(instruments, keys[0]);
  if (!question) return null;
  const values = [...question.options.values()].filter((one) => !one.exclusive).map((one) => one.value);
  const rows = subjects(records, keys, values, today);
  if (!rows.length) return null;
  const most = Math.max(...rows.flatMap((row) => [row.now, row.before]));
  return h("figure", null,
    h("figcaption", null, h("h3", null, say(title))),
    h("ul", { class: "chart" }, rows.map((row) =>
      chartRow(label(question.options.get(row.value).label), say("insights_now_before", row), pair(row.now, row.before, most)))),
  );
}
