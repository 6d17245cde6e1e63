// Decisions whose outcome the leader wanted to be asked about, and whose day has come.

import * as clock from "../core/clock.js";
import * as entries from "../store/entries.js";

const DAYS = { "7d": 7, "30d": 30, "90d": 90 };

/**
 * The decisions that are due to be looked back at, the oldest first: [{id, entry, on, prompt}]. The phone knows it from
 * the entries that it holds, also offline; where the study asks for one (an open prompt), it is that one, once.
 */
export async function due(prompts = []) {
  const asked = new Map(prompts.filter((one) => one.follows).reverse().map((one) => [one.follows, one])); // the latest
  const found = (await dueByDay()).map((one) => ({ ...one, prompt: asked.get(one.id) }));
  const known = new Set(found.map((one) => one.id));
  const others = [...asked.values()].filter((one) => !known.has(one.follows));
  const more = others.map(async (prompt) => ({ id: prompt.follows, entry: (await entries.get(prompt.follows))?.entry, prompt }));
  return [...found, ...(await Promise.all(more))];
}

async function dueByDay() {
  const all = await entries.all();
  const today = clock.localDate(clock.now());
  return all
    .map((one) => ({ id: one.id, entry: one.entry, on: nextReview(one, all) }))
    .filter((one) => one.on && one.on <= today)
    .sort((one, other) => one.on.localeCompare(other.on));
}

/** The local date on which a decision is to be looked back at next; null for never. */
export function nextReview(record, all) {
  const { answers, local_date: day } = record.entry;
  if (answers.review_after === undefined) return null;
  const followups = all.filter((one) => one.entry.follows === record.id);
  const last = followups.sort((one, other) => one.entry.made_at.localeCompare(other.entry.made_at)).at(-1);
  if (!last) return reviewDay(answers.review_after, answers.review_date, day);
  return reviewDay(last.entry.answers.next_review, last.entry.answers.next_review_date, last.entry.local_date);
}

function reviewDay(after, date, from) {
  if (after === "date") return date ?? null;
  return after in DAYS ? later(from, DAYS[after]) : null;
}

function later(day, days) {
  const [year, month, date] = day.split("-").map(Number);
  return clock.localDate(new Date(year, month - 1, date + days));
}
