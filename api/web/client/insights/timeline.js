// When entries were made: a number for each of the last days, one row per kind of entry or per phase.

import { dayNumber } from "./days.js";
import { decisions } from "./records.js";

/** How many days the timeline goes back, today included: eight weeks. */
export const DAYS = 56;

/** Entries per day and kind, only of kinds that occur: [{value, counts: [oldest day ... today]}]. */
export function byKind(records, kinds, today) {
  return counted(records, kinds, today, (entry) => entry.kind).filter((row) => total(row) > 0);
}

/** Decisions per day and answer to one question: a row for each of the values, also those that do not occur. */
export function byAnswer(records, key, values, today) {
  return counted(decisions(records), values, today, (entry) => entry.answers[key]);
}

/** How many entries a row holds. */
export function total({ counts }) {
  return counts.reduce((sum, n) => sum + n, 0);
}

function counted(records, values, today, valueOf) {
  const first = dayNumber(today) - DAYS + 1;
  const rows = new Map(values.map((value) => [value, Array(DAYS).fill(0)]));
  for (const { entry } of records) {
    const at = dayNumber(entry.local_date) - first;
    const counts = rows.get(valueOf(entry));
    if (counts && at >= 0 && at < DAYS) counts[at] += 1;
  }
  return [...rows].map(([value, counts]) => ({ value, counts }));
}
