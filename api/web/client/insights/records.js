// Which of a phone's entries count, and what its instruments say about their answers.

const GONE = new Set(["withdrawn", "elsewhere"]);

/** The records that are still the leader's: not those deleted here or elsewhere; where a change came too late, as stored. */
export function present(records) {
  return records
    .filter((one) => one.entry && !one.removing && !GONE.has(one.state))
    .map((one) => (one.state === "locked" && one.stored ? { ...one, entry: one.stored.entry } : one));
}

/** The decisions among them. */
export function decisions(records) {
  return records.filter((one) => one.entry.kind === "decision");
}

/**
 * A question with the options of every version that the phone knows, the newest version's first; null where no
 * instrument has it. Shape: {key, label, options: Map of value to option}.
 */
export function questionOf(instruments, key) {
  const found = instruments.flatMap((one) => one.questions.filter((question) => question.key === key));
  if (!found.length) return null;
  const options = new Map();
  for (const option of found.flatMap((one) => one.options ?? [])) {
    if (!options.has(option.value)) options.set(option.value, option);
  }
  return { key, label: found[0].label, options };
}

/** The kinds of entries, in the order of the forms: Map of kind to labels. */
export function kindsOf(instruments) {
  const kinds = new Map();
  for (const { kind, label } of instruments.flatMap((one) => one.forms)) {
    if (!kinds.has(kind)) kinds.set(kind, label);
  }
  return kinds;
}
