// What the store holds, and how a phone's older store becomes today's.

export const NAME = "daybook";

/** Each object store, with what its rows are found by. */
export const KEYS = {
  account: "key",
  instruments: ["key", "version"],
  drafts: "id",
  entries: "id",
  outbox: "id",
};

// One step per version, never changed once it has been on a phone.
const STEPS = [
  (db) => {
    for (const [name, keyPath] of Object.entries(KEYS)) db.createObjectStore(name, { keyPath });
  },
];

export const VERSION = STEPS.length;

/** Bring a store up to date from the version that a phone has. */
export function upgrade(db, from) {
  for (const step of STEPS.slice(from)) step(db);
}
