// Lets one tab of this phone do something at a time.

const queues = new Map();

/**
 * Do the work when no other tab does work of that name. A holder that the system has frozen is waited for `patience`
 * seconds and then passed over: what is guarded is only wasteful when done twice, never wrong.
 */
export async function exclusively(name, work, patience = 60) {
  if (!navigator.locks) return inThisTab(name, work);
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), patience * 1000);
  let mine = null;
  const started = () => {
    clearTimeout(timer);
    mine = work();
    return mine;
  };
  try {
    return await navigator.locks.request(name, { signal: waiting.signal }, started);
  } catch (error) {
    if (mine) return mine; // another tab has passed this one over: the work goes on all the same
    if (error.name !== "AbortError") throw error;
    return navigator.locks.request(name, { steal: true }, started);
  } finally {
    clearTimeout(timer);
  }
}

function inThisTab(name, work) {
  const before = queues.get(name) ?? Promise.resolve();
  const mine = before.then(work, work);
  queues.set(name, mine.catch(() => undefined));
  return mine;
}
