// What the client says in English. Each file of this folder has the same keys.

export const words = {
  app: "Daybook",

  // sync
  state_attention: "Needs your attention",
  state_conflict: "Changed on another device",
  state_elsewhere: "Deleted on another device",
  state_locked: "Can no longer be changed",
  state_not_taken: "Kept on this phone: the study takes no more entries",
  state_queued: "Saved on this phone, not sent yet",
  state_sending: "Sending",
  state_sent: "Sent {when}",
  state_withdrawal_queued: "Withdrawn on this phone, not sent yet",
  state_withdrawn: "Withdrawn",
  yesterday_at: "yesterday {time}",
};
