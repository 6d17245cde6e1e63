// One IndexedDB transaction, with promises for its requests.

/** Run the work in one transaction: a promise of what it returns, once that is on the disk. */
export function inTransaction(db, stores, mode, work) {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(stores, mode, mode === "readwrite" ? { durability: "strict" } : {});
    const at = Object.fromEntries(stores.map((name) => [name, shelf(transaction.objectStore(name))]));
    let failure = null;
    const done = (async () => work(at))();
    done.catch((error) => {
      failure = error;
      abort(transaction);
      reject(error);
    });
    transaction.oncomplete = () => resolve(done);
    transaction.onabort = () => reject(failure ?? transaction.error ?? new DOMException("closed", "AbortError"));
  });
}

/** A promise of a request's result. */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function shelf(store) {
  return {
    get: (key) => asked(store.get(key)),
    all: () => asked(store.getAll()),
    count: () => asked(store.count()),
    put: (row) => asked(store.put(row)),
    drop: (key) => asked(store.delete(key)),
  };
}

function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It had ended by itself.
  }
}
