// The same store in memory, for browsers that keep nothing (private mode): gone when the page is closed.

import { KEYS } from "./layout.js";

/** A store with nothing in it. */
export function memoryStore() {
  const shelves = new Map(Object.keys(KEYS).map((name) => [name, new Map()]));
  let last = Promise.resolve();
  return {
    run(stores, mode, work) {
      const mine = last.then(() => attempt(shelves, stores, work));
      last = mine.catch(() => undefined);
      return mine;
    },
    clear: () => shelves.forEach((rows) => rows.clear()),
  };
}

async function attempt(shelves, stores, work) {
  const copies = stores.map((name) => [name, new Map(shelves.get(name))]);
  const result = await work(Object.fromEntries(copies.map(([name, rows]) => [name, shelf(name, rows)])));
  for (const [name, rows] of copies) shelves.set(name, rows);
  return result;
}

function shelf(name, rows) {
  const copy = (row) => (row === undefined ? undefined : structuredClone(row));
  return {
    get: async (key) => copy(rows.get(JSON.stringify(key))),
    all: async () => Array.from(rows.values(), copy),
    count: async () => rows.size,
    put: async (row) => void rows.set(keyOf(name, row), copy(row)),
    drop: async (key) => void rows.delete(JSON.stringify(key)),
  };
}

function keyOf(name, row) {
  const path = KEYS[name];
  return JSON.stringify(Array.isArray(path) ? path.map((part) => row[part]) : row[path]);
}
