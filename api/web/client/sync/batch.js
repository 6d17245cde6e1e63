// How much is sent at once: fifty operations and 256 kB, measured in bytes as they travel.

const MOST_BYTES = 250_000; // of 262,144: room for the envelope
const MOST_OPERATIONS = 50;

/** The first operations that fit into one sync; one that is too large by itself is sent alone, to be refused alone. */
export function firstThatFit(ops, most = MOST_OPERATIONS) {
  const chosen = [];
  let [bytes, count] = [0, 0];
  for (const op of ops) {
    const parts = wire(op);
    const size = new TextEncoder().encode(JSON.stringify(parts)).length;
    if (chosen.length && (bytes + size > MOST_BYTES || count + parts.length > most)) break;
    chosen.push(op);
    [bytes, count] = [bytes + size, count + parts.length];
  }
  return chosen;
}

/** An operation as it travels. */
export function wire(op) {
  const put = op.entry ? [{ op: "put", id: op.id, entry: op.entry }] : [];
  return op.op === "put" ? put : [...put, { op: "delete", id: op.id }];
}
