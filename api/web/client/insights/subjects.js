// What entries were about: how often each option was chosen in the last four weeks, and in the four weeks before.

import { dayNumber } from "./days.js";

const WEEKS = 28;

/** The options chosen most, at most `most` of them: [{value, now, before}]; an entry counts once for each of its options. */
export function subjects(records, keys, values, today, most = 5) {
  const rows = new Map(values.map((value) => [value, { value, now: 0, before: 0 }]));
  for (const { entry } of records) {
    const age = dayNumber(today) - dayNumber(entry.local_date);
    const span = age < 0 || age >= 2 * WEEKS ? null : age < WEEKS ? "now" : "before";
    if (span) for (const value of chosen(entry, keys)) if (rows.has(value)) rows.get(value)[span] += 1;
  }
  return [...rows.values()]
    .filter((row) => row.now + row.before > 0)
    .sort((one, other) => other.now - one.now || other.before - one.before)
    .slice(0, most);
}

function chosen({ answers }, keys) {
  return new Set(keys.flatMap((key) => answers[key] ?? []));
}
