// Who is signed in on this phone. One leader's session never carries another's diary, whenever the phone is killed.

import { Problem, Unreachable, call } from "../core/api.js";
import { newId } from "../core/ids.js";
import { exclusively } from "../core/lock.js";
import * as account from "../store/account.js";
import * as db from "../store/db.js";
import * as drafts from "../store/drafts.js";
import * as outbox from "../store/outbox.js";
import * as engine from "./engine.js";
import { unsubscribe } from "./push.js";
import { keepStudyFresh, refreshStudy } from "./study.js";

const LOCK = "daybook-sync"; // the engine's: nothing is sent while the session changes hands

const PATIENCE = 5_000; // then the leader goes on, and the study is fetched behind them

/** The code is another leader's than whose diary this phone keeps. */
export class AnothersDiary extends Error {}

/** This device has joined: keep that at once, then fetch what the study is. */
export async function begin({ participant_id, study_id, session }, known) {
  const me = { participant_id, study_id, study_status: "open", status: "enrolled", prompts_stopped: false, ...known.me };
  const clean = { joining: null, signing: false, before: null, state: null };
  await account.save({ ...clean, me, device: session.device_id, documents: known.documents, consented: known.consented, arriving: true, reminders_offer: true });
  await awake();
}

/** Sign in by a code that another phone shows. Throws AnothersDiary, Problem or Unreachable. */
export async function byCode(code, device_name) {
  await recovered();
  await exclusively(LOCK, async () => {
    const { me = null, code_attempt: tried } = await account.read();
    const attempt = tried?.code === code ? tried.attempt : newId(); // a lost answer is asked for again
    // Nobody is at home until it is known whose session this is.
    await account.save({ me: null, before: me, signing: true, code_attempt: { code, attempt } });
    try {
      await call("POST", "/v1/session/code", { code, attempt, device_name, cookies: true });
    } catch (error) {
      if (error instanceof Problem) await restore(me);
      throw error;
    }
    await settle(me);
  });
  await awake();
}

/** The account, after a sign-in that was broken off is brought to its end; still `signing` where no server answers. */
export async function recovered() {
  if (!(await account.read()).signing) return account.read();
  try {
    await exclusively(LOCK, async () => {
      const { signing, before } = await account.read();
      if (signing) await settle(before);
    });
    await awake();
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof AnothersDiary)) throw error;
  }
  return account.read();
}

/** Sign this device out. Its copy of the diary goes, but what was never sent stays until its leader is back. */
export async function signOut() {
  await endSession();
  const { entries, drafts: begun } = await unsent();
  if (!entries && !begun) return forget();
  await account.wipe();
  await account.save({ state: "signed_out" });
  return engine.now();
}

/** Delete this phone's copy of everything, and begin anew. */
export async function forget() {
  await db.erase();
  history.replaceState(null, "", "#/join");
  location.reload();
}

/** Whether this phone's session is over. */
export function isSignedOut({ state }) {
  return state === "revoked" || state === "signed_out" || engine.state().phase === "signed_out";
}

/** End this device's session as far as the server can be reached; true when it is over. */
export async function endSession() {
  await unsubscribe();
  try {
    await call("DELETE", "/v1/session");
  } catch (error) {
    if (error.status !== 401) throw error;
  }
}

/** What this phone alone has: {entries, drafts}, counted. */
export async function unsent() {
  const begun = (await drafts.all()).filter((one) => one.touched || one.editing);
  return { entries: (await outbox.count()).unsent, drafts: begun.length };
}

async function settle(before) {
  let me;
  try {
    me = (await call("GET", "/v1/me")).body;
  } catch (error) {
    if (error.status === 401) return restore(before); // no session came of it
    throw error;
  }
  if (before && before.participant_id !== me.participant_id) {
    await endSession();
    await restore(before);
    throw new AnothersDiary();
  }
  return account.save({ me, before: null, signing: false, code_attempt: null, joining: null, state: null });
}

async function restore(me) {
  await account.save({ me: me ?? null, before: null, signing: false });
}

async function awake() {
  if (!(await account.read()).me) return;
  db.keepForGood();
  engine.start();
  await Promise.race([refreshStudy(), new Promise((done) => setTimeout(done, PATIENCE))]);
  keepStudyFresh();
}
