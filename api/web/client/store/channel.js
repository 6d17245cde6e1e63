// Tells this tab and every other what changed in the store: {stores: [...]} or {submitted: id} or {erased: true}.

const listeners = new Set();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("daybook");
if (channel) channel.onmessage = ({ data }) => hear({ ...data, elsewhere: true });

/** Hear of each change; `elsewhere` is true for another tab's. Returns what ends it. */
export function changed(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Tell all tabs. */
export function tell(news) {
  channel?.postMessage(news);
  hear(news);
}

function hear(news) {
  for (const listener of [...listeners]) listener(news);
}
