// One exchange with the server: what waits is sent, what changed is fetched, and both are kept in one transaction.

import { Problem, call } from "../core/api.js";
import { contentHash } from "../core/canonical.js";
import { ownerOf, read } from "../store/account.js";
import { takeIn } from "../store/answers.js";
import { StorageFull } from "../store/db.js";
import { begin, next } from "../store/outbox.js";
import { arrive, depart } from "../store/underway.js";
import { firstThatFit, wire } from "./batch.js";

const ROUNDS = 200;
const SPLIT = new Set([413, 422]);

/**
 * Send everything that is due and fetch everything new; throws Problem or Unreachable, and then nothing is sending.
 * Returns {server_time}. `most` bounds the operations of one request.
 */
export async function exchange(most = 50) {
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const answer = await once(most);
      if (!answer.more && !(await next(1)).length) return answer;
    }
    throw new Error("The server and this phone do not come to an end.");
  } finally {
    arrive();
  }
}

async function once(most) {
  const account = await read();
  const sendings = await marked(await hashed(firstThatFit(await next(most), most)));
  depart(sendings.map(({ op }) => op.id));
  const parts = sendings.flatMap(({ op }) => wire(op));
  const body = JSON.stringify({ cursor: account.cursor ?? null, ops: parts });
  let answer;
  try {
    answer = (await call("POST", "/v1/sync", body)).body;
  } catch (error) {
    if (!(error instanceof Problem) || !SPLIT.has(error.status) || !sendings.length) throw error;
    return apart(sendings, most, error, account);
  }
  await takeIn(ownerOf(account), results(sendings, answer), answer);
  arrive();
  return answer;
}

/** The whole request was refused, for its size or for one operation: halves are sent, down to the one that it was. */
async function apart(sendings, most, problem, account) {
  if (sendings.length > 1) return once(Math.max(1, Math.floor(Math.min(most, sendings.length) / 2)));
  await call("POST", "/v1/sync", { cursor: account.cursor ?? null, ops: [] }); // throws if it was not the operation
  const refusal = { type: problem.slug, title: problem.title, status: problem.status, errors: problem.errors };
  const alone = [{ ...sendings[0], result: { status: problem.status, receipt: null, problem: refusal } }];
  await takeIn(ownerOf(account), alone, { changes: [], cursor: account.cursor ?? null });
  return { more: true };
}

/** A phone without room to note what it sends still sends it: what is there is worth more than a note of it. */
async function marked(sendings) {
  try {
    return await begin(sendings);
  } catch (error) {
    if (error instanceof StorageFull) return sendings;
    throw error;
  }
}

async function hashed(ops) {
  return Promise.all(ops.map(async (op) => ({ op, hash: op.entry ? await contentHash(op.entry) : null })));
}

/** Each operation with its result: where a put goes before a delete, the delete's. */
function results(sendings, answer) {
  let place = 0;
  return sendings.map((sending) => {
    place += wire(sending.op).length;
    return { ...sending, result: answer.results[place - 1] };
  });
}
