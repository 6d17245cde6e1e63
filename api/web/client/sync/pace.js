// When to try again: soon, then ever more rarely, never at the same moment as every other phone.

/** Milliseconds until the next try after so many failures; a server that said when is obeyed. */
export function delay(failures, retryAfter, { least, most }) {
  const full = Math.min(most, least * 2 ** Math.min(failures, 20));
  return Math.max(least, full * (0.5 + Math.random() / 2), (retryAfter ?? 0) * 1_000);
}
