// Where an entry stands, in a sentence that is true.

import { when } from "../core/clock.js";
import { say } from "../core/words.js";

const KEYS = {
  sending: "state_sending",
  rejected: "state_attention",
  closed: "state_not_taken",
  conflict: "state_conflict",
  locked: "state_locked",
  withdrawn: "state_withdrawn",
  elsewhere: "state_elsewhere",
};

/** The state of a record as its leader reads it. */
export function stateWords(record) {
  if (record.state === "synced") return say("state_sent", { when: when(new Date(record.sent_at)) });
  if (record.state === "queued") return say(record.removing ? "state_withdrawal_queued" : "state_queued");
  return say(KEYS[record.state]);
}
