// A profile that was saved without a connection goes to the server with the next one.

import { Unreachable, call } from "../core/api.js";
import * as account from "../store/account.js";

/** Keep the profile as it shall be, and try to send it: true once the server has it, false when it did not answer. */
export async function saveProfile(answers) {
  await account.save({ profile_waiting: answers });
  return sendProfile();
}

/** Send what waits; throws Problem where the server refuses it, which then stays as it was typed. */
export async function sendProfile() {
  const { profile_waiting: answers } = await account.read();
  if (!answers) return true;
  try {
    await call("PUT", "/v1/me/profile", { answers });
  } catch (error) {
    if (error instanceof Unreachable) return false;
    await account.save({ profile_typed: answers, profile_waiting: null });
    throw error;
  }
  await account.save({ profile: answers, profile_typed: null, profile_waiting: null });
  return true;
}
