// How the entries stand, in one truthful line.

import { say } from "../core/words.js";

/** The line and its kind, sent | waiting | attention, for a state of the sync. */
export function standing({ phase, unsent, attention = 0 }) {
  if (phase === "signed_out" || phase === "blocked") return { kind: "attention", text: say("standing_signed_out") };
  if (attention) return { kind: "attention", text: say.n("standing_attention", attention) };
  if (unsent && phase === "sending") return { kind: "waiting", text: say("standing_sending") };
  if (unsent) return { kind: "waiting", text: say.n("standing_unsent", unsent) };
  if (phase === "offline" || phase === "down") return { kind: "sent", text: say("standing_offline") };
  return { kind: "sent", text: say("standing_sent") };
}
