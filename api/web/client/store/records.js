// An entry as this phone has it: `entry` is what its leader last wrote, `stored` the server's copy where it differs.

const HOUR = 3_600_000;
const MOST_HASHES = 200;

/** A record of an entry that nobody but this phone knows. */
export function newRecord(id, owner) {
  return {
    id, // made here: also the entry's on the server
    owner, // the participant who wrote it: nobody else's session sends it
    state: "queued",
    entry: null,
    removing: false, // a withdrawal waits to be sent
    receipt: null, // the newest that is known
    stored: null, // {entry, receipt}
    hashes: [], // of every content that this phone has begun to send: a stored one of these is no stranger's
    problem: null,
    sent_at: null,
    changed_at: null,
    editable_until: null, // as far as it is known: the server decides
  };
}

/** The record once the server has this view {entry, receipt} and nothing else waits. */
export function settled(record, view, hours) {
  const { receipt } = view;
  const first = receipt.version === 1 && hours !== undefined;
  const until = first ? new Date(Date.parse(receipt.received_at) + hours * HOUR).toISOString() : record.editable_until;
  return {
    ...record,
    state: "synced",
    entry: view.entry,
    removing: false,
    receipt,
    stored: null,
    problem: null,
    sent_at: receipt.received_at,
    editable_until: until,
  };
}

/** The record once the entry is deleted: an id that is never used again, and nothing of what was written. */
export function withdrawn(record) {
  return { ...newRecord(record.id, record.owner), state: "withdrawn", receipt: record.receipt };
}

/** The record while something of it waits: the server's copy is kept beside it. */
export function beside(record, view) {
  if (!isNewer(view.receipt, record.stored?.receipt)) return record;
  const receipt = isNewer(view.receipt, record.receipt) ? view.receipt : record.receipt;
  return { ...record, stored: view, receipt };
}

/** The record with one more content that the server may have met. */
export function withHash(record, hash) {
  const others = record.hashes.filter((one) => one !== hash);
  return { ...record, hashes: [...others, hash].slice(-MOST_HASHES) };
}

/** Whether what the server has was written on this phone. */
export function isOurs(record, receipt) {
  return Boolean(receipt) && record.hashes.includes(receipt.content_hash);
}

/** Whether a receipt is of a later version. */
export function isNewer(receipt, than) {
  return receipt.version > (than?.version ?? 0);
}
