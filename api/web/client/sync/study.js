// Keeps on this phone how the study stands: the leader's place in it, its instruments and documents, this app's age.

import { Problem, Unreachable, call } from "../core/api.js";
import { path, refresh } from "../core/router.js";
import * as account from "../store/account.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import * as engine from "./engine.js";
import { sendProfile } from "./profile.js";
import { keepPromptsFresh, refreshPrompts } from "./prompts.js";
import { readReminders } from "./reminders.js";

const SELDOM = 15 * 60_000;

let begun = false;
let answered = 0;
let running = null;
let known = null; // the phase of the sync that was seen last

/** Look now, whenever the app is looked at again, and when an entry names an instrument that is not here. */
export function keepStudyFresh() {
  refreshStudy();
  if (begun) return;
  begun = true;
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && lookAgain());
  addEventListener("online", lookAgain);
  engine.subscribe(follow);
}

/** Ask the server how the study stands; whether it answered. Who asks twice at once is answered once. */
export function refreshStudy() {
  running ??= fetched()
    .catch(unanswered)
    .finally(() => (running = null));
  return running;
}

/** What the sync finds out changes what may be shown; who writes is not interrupted. */
function follow({ phase }) {
  if (phase === "idle") fetchUnknown();
  if (phase === known) return;
  known = phase;
  if (phase === "blocked") refreshStudy();
  if (phase === "signed_out" && path() === "/") refresh();
}

function lookAgain() {
  keepPromptsFresh();
  if (Date.now() - answered >= SELDOM) refreshStudy();
}

async function fetched() {
  const before = await account.read();
  const client = await asked("/v1/client", before.client);
  await account.save({ client });
  const me = (await call("GET", "/v1/me")).body;
  if (me.participant_id !== (await account.read()).me?.participant_id) return false; // another leader's session
  await keepInstruments((await call("GET", "/v1/me/instruments")).body);
  const documents = await asked("/v1/me/documents", before.documents);
  await account.save({ me, documents });
  answered = Date.now();
  await sendProfile();
  await readReminders();
  await refreshPrompts();
  await fetchUnknown();
  if (isOtherwise(before, { me, documents, client }) && path() === "/") await refresh();
  return true;
}

/** What an address answers; where this service does not have it, what was known before. */
async function asked(address, known) {
  try {
    return (await call("GET", address)).body;
  } catch (error) {
    if (error.status === 404) return known;
    throw error;
  }
}

function unanswered(error) {
  if (error instanceof Problem || error instanceof Unreachable) return false; // the sync finds out what it means
  throw error;
}

/** New versions first, so that there is always one to offer; what the study retired stays, to read old entries with. */
async function keepInstruments(offered) {
  for (const { key, version } of offered) await keep(key, version, true);
  const named = new Set(offered.map((one) => `${one.key} ${one.version}`));
  for (const one of await instruments.all()) {
    const isOffered = named.has(`${one.key} ${one.version}`);
    if ((one.offered !== false) !== isOffered) await instruments.put({ ...one, offered: isOffered });
  }
}

/** The instruments of entries that were written on another phone, long ago. */
async function fetchUnknown() {
  try {
    for (const { entry } of await entries.all()) {
      if (entry && !(await instruments.get(entry.instrument, entry.version))) {
        await keep(entry.instrument, entry.version, false);
      }
    }
  } catch (error) {
    unanswered(error);
  }
}

async function keep(key, version, offered) {
  if (await instruments.get(key, version)) return; // a published version never changes
  const { body } = await call("GET", `/v1/me/instruments/${key}/${version}`);
  await instruments.put({ ...body, offered });
}

function isOtherwise(before, after) {
  return Object.entries(after).some(([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value));
}
