// My timeline: the last weeks, by kind of entry and by the phase of each decision.

import { h } from "../core/dom.js";
import { label, say } from "../core/words.js";
import { dayNumber, dayWords } from "../insights/days.js";
import { kindsOf, questionOf } from "../insights/records.js";
import { byAnswer, byKind, DAYS, total } from "../insights/timeline.js";
import { chartRow, strip } from "./bars.js";

const PHASE = "phase";
const NO_PHASE = "not_applicable";

/** The section of what was recorded on which day. */
export function timeline(records, instruments, today) {
  const kinds = kindsOf(instruments);
  const rows = byKind(records, [...kinds.keys()], today).map((row) => ({ ...row, title: label(kinds.get(row.value)) }));
  return h("section", null,
    h("h2", null, say("insights_timeline")),
    rows.length === 0 && h("p", { class: "hint" }, say("insights_quiet")),
    rows.length > 0 && chart("insights_per_day", rows, today),
    phases(records, instruments, today),
  );
}

function phases(records, instruments, today) {
  const question = questionOf(instruments, PHASE);
  if (!question) return null;
  const values = [...question.options.keys()].filter((value) => value !== NO_PHASE).reverse();
  const rows = byAnswer(records, PHASE, values, today);
  if (!rows.some(total)) return null;
  const titled = rows.map((row) => ({ ...row, title: label(question.options.get(row.value).label) }));
  return chart("insights_phases", titled, today);
}

function chart(key, rows, today) {
  const most = Math.max(...rows.flatMap((row) => row.counts));
  const first = dayNumber(today) - DAYS + 1;
  return h("figure", null,
    h("figcaption", null, h("h3", null, say(key)), h("p", { class: "meta" }, say("insights_tallest", { n: most }))),
    h("ul", { class: "chart" }, rows.map((row) => chartRow(row.title, total(row), strip(row.counts, most)))),
    h("div", { class: "ends", "aria-hidden": "true" }, h("span", null, dayWords(first)), h("span", null, say("insights_today"))),
    asList(rows, first),
  );
}

/** The same as words: the days on which there was something, the latest first; made when it is wanted. */
function asList(rows, first) {
  const place = h("dl", { class: "answers" });
  const fill = () => place.childElementCount || place.append(...days(rows, first));
  return h("details", { ontoggle: fill }, h("summary", null, say("insights_as_list")), place);
}

function days(rows, first) {
  const latestFirst = Array.from({ length: DAYS }, (_, at) => DAYS - 1 - at);
  return latestFirst.filter((at) => rows.some((row) => row.counts[at] > 0)).map((at) => h("div", null,
    h("dt", null, dayWords(first + at, { weekday: true })),
    rows.filter((row) => row.counts[at] > 0).map((row) => h("dd", null, `${row.title}: ${row.counts[at]}`)),
  ));
}
