// What can go wrong with a phone's store, by name.

/** The phone has no room left: nothing of what was to be kept is kept. */
export class StorageFull extends Error {
  slug = "storage-full";
}

/** A newer version of this app has changed the store: the page must be loaded again. */
export class StoreOutdated extends Error {
  slug = "store-outdated";
}

/** An older page holds the store open and does not let go: it must be closed. */
export class StoreBusy extends Error {
  slug = "store-busy";
}

const GONE = new Set(["InvalidStateError", "AbortError", "UnknownError"]);

/** Whether the system closed the store under us, as iOS does in the background. */
export function closedBySystem(error) {
  return error instanceof DOMException && GONE.has(error.name);
}

/** The failure as the app knows it. */
export function named(error) {
  if (error?.name === "QuotaExceededError") return new StorageFull(error.message);
  if (error?.name === "VersionError") return new StoreOutdated(error.message);
  return error;
}
