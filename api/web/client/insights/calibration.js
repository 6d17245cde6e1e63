// How sure a leader was of their decisions, against what followed.

import { decisions } from "./records.js";

/** From this many followed-up decisions on, something is said about them. */
export const ENOUGH = 5;

const CAME = new Set(["as_expected", "better"]);
const CAME_NOT = new Set(["worse", "mixed", "reversed", "never_implemented"]);
const WIDTH = 20;

/** Whether it turned out as expected, or better: 1 or 0; null where that is open, or was overtaken by something else. */
export function outcome(state) {
  if (CAME.has(state)) return 1;
  return CAME_NOT.has(state) ? 0 : null;
}

/** The decisions with a confidence and a settled outcome, of which the latest counts: [{sure: 0 to 100, came: 1 or 0}]. */
export function settled(records) {
  const outcomes = latestOutcomes(records);
  return decisions(records)
    .filter((one) => typeof one.entry.answers.confidence === "number" && outcomes.has(one.id))
    .map((one) => ({ sure: one.entry.answers.confidence, came: outcomes.get(one.id) }));
}

/**
 * The Brier score (Brier 1950, for two outcomes): the mean of (sure/100 - came)². 0 is perfect, 1 is as wrong as can be,
 * and always saying 50 % gives 0.25. null for no decisions.
 */
export function brier(pairs) {
  return mean(pairs.map(({ sure, came }) => (sure / 100 - came) ** 2));
}

/** The mean confidence and the share that turned out as expected, both 0 to 100; null for no decisions. */
export function averages(pairs) {
  const came = mean(pairs.map((one) => one.came));
  return { sure: mean(pairs.map((one) => one.sure)), came: came === null ? null : came * 100 };
}

/** Groups of confidence that occur, the surest first: [{from, to, n, came}], 0 to 19, 20 to 39 ... 80 to 100 %. */
export function groups(pairs) {
  const last = 100 / WIDTH - 1;
  const made = Array.from({ length: last + 1 }, (_, at) => ({
    from: at * WIDTH,
    to: at === last ? 100 : (at + 1) * WIDTH - 1,
    n: 0,
    came: 0,
  }));
  for (const { sure, came } of pairs) {
    const group = made[Math.min(last, Math.floor(sure / WIDTH))];
    group.n += 1;
    group.came += came;
  }
  return made.filter((one) => one.n > 0).reverse();
}

function latestOutcomes(records) {
  const inOrder = records
    .filter((one) => one.entry.follows && outcome(one.entry.answers.outcome_state) !== null)
    .sort((one, other) => Date.parse(one.entry.made_at) - Date.parse(other.entry.made_at));
  return new Map(inOrder.map(({ entry }) => [entry.follows, outcome(entry.answers.outcome_state)]));
}

function mean(numbers) {
  return numbers.length ? numbers.reduce((sum, one) => sum + one, 0) / numbers.length : null;
}
