// How the leader wants to be reminded: what the server said last is kept here, and what was changed without a network.

import { Problem, Unreachable, call } from "../core/api.js";
import * as account from "../store/account.js";

const CHOICES = ["channels", "time_zone", "weekdays", "at", "quiet", "paused_until", "absences", "stopped"];

/** The choices alone, as the server takes them. */
export function choicesOf(view) {
  return Object.fromEntries(CHOICES.map((name) => [name, view[name]]));
}

/** {view, waits, fresh}: as the leader chose, sent or not; `view` is null where nothing was ever heard. */
export async function readReminders() {
  const fresh = await heard();
  const { reminders = null, reminders_waiting: waiting } = await account.read();
  return { view: reminders && { ...reminders, ...waiting }, waits: Boolean(waiting), fresh };
}

/** Keep the choices as they shall be, and try to send them: true once the server has them. */
export async function saveReminders(choices) {
  await account.save({ reminders_waiting: choicesOf(choices) });
  return sendReminders();
}

/** Send what waits; throws Problem where the server refuses it, which is then forgotten. */
export async function sendReminders() {
  const { reminders_waiting: waiting } = await account.read();
  if (!waiting) return true;
  try {
    const { body } = await call("PUT", "/v1/me/reminders", waiting);
    await settle(waiting, { reminders: body });
  } catch (error) {
    if (error instanceof Unreachable) return false;
    await settle(waiting, {});
    throw error;
  }
  return true;
}

/** What was changed again meanwhile still waits. */
async function settle(sent, changes) {
  const { reminders_waiting: now } = await account.read();
  const same = JSON.stringify(now) === JSON.stringify(sent);
  await account.save(same ? { ...changes, reminders_waiting: null } : changes);
}

async function heard() {
  try {
    await sendReminders();
    await account.save({ reminders: (await call("GET", "/v1/me/reminders")).body });
    return true;
  } catch (error) {
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    return false;
  }
}
