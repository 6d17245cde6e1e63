// The occasions on which the study asks for an entry, as the server last told them: kept for when there is no network.

import { Problem, Unreachable, call } from "../core/api.js";
import * as clock from "../core/clock.js";
import * as account from "../store/account.js";
import * as drafts from "../store/drafts.js";
import * as entries from "../store/entries.js";

const SELDOM = 60_000;

let fetched = 0;

/** Ask which prompts are open now or soon; an older service has none. */
export async function refreshPrompts() {
  const { me, prompts: before } = await account.read();
  const prompts = await asked("/v1/me/prompts?open=true");
  fetched = Date.now();
  if (!prompts || JSON.stringify(prompts) === JSON.stringify(before)) return;
  if ((await account.read()).me?.participant_id === me?.participant_id) await account.save({ prompts });
}

/** As above, where it was not asked for a minute; whoever is offline keeps what is known. */
export async function keepPromptsFresh() {
  if (Date.now() - fetched < SELDOM) return;
  await quietly(refreshPrompts);
}

/** One prompt as the server has it, or as it is kept here; undefined where neither knows it. */
export async function promptOf(id) {
  const { prompts = [] } = await account.read();
  const known = prompts?.find((one) => one.id === id);
  const told = await quietly(() => asked("/v1/me/prompts"));
  return told?.find((one) => one.id === id) ?? known;
}

/** What waits for an answer now, the latest first; what was answered on this phone does not, sent or not. */
export async function openPrompts() {
  const { prompts } = await account.read();
  const now = clock.now();
  const found = (prompts ?? []).filter((one) => new Date(one.planned_at) <= now && lasts(one, now));
  if (!found.length) return found;
  const mine = await entries.all();
  return found.filter((one) => !mine.some((record) => answers(record.entry, one))).reverse();
}

/** When the next one comes; null where nothing is planned, or reminders are stopped. */
export async function nextPrompt() {
  const { prompts, reminders } = await account.read();
  const now = clock.now();
  const coming = (prompts ?? []).map((one) => new Date(one.planned_at)).filter((at) => at > now);
  return reminders?.stopped ? null : coming.sort((one, other) => one - other)[0] ?? null;
}

/** The open prompt that an entry of this kind answers, if there is one. */
export async function promptFor(kind, about) {
  return (await openPrompts()).find((one) => one.kind === kind && one.follows === (about ?? null));
}

/** The draft that was begun for a prompt. */
export async function begunFor(prompt) {
  return (await drafts.all()).find((one) => one.prompt_id === prompt.id && one.touched);
}

/** Tell the server that a prompt was opened: as well as it can be, and nobody waits for it. */
export function tellOpened(id) {
  quietly(() => call("POST", `/v1/me/prompts/${id}/opened`));
}

/** Whether a prompt can still be answered. */
export function lasts({ status, expires_at: until }, now = clock.now()) {
  return !["answered", "expired", "skipped"].includes(status) && (!until || new Date(until) > now);
}

/** An entry that names the prompt, or a follow-up of the same decision that was made since it was asked for. */
function answers(entry, prompt) {
  if (!entry) return false;
  const same = prompt.follows && entry.follows === prompt.follows && new Date(entry.made_at) >= new Date(prompt.planned_at);
  return entry.prompt_id === prompt.id || Boolean(same);
}

async function asked(address) {
  try {
    return (await call("GET", address)).body;
  } catch (error) {
    if (error.status === 404) return null;
    throw error;
  }
}

async function quietly(work) {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    return undefined;
  }
}
