// Who may see a screen: joining needs no account, everything else does, and a blocked client shows why.

import { go } from "../core/router.js";
import * as account from "../store/account.js";
import { blocked } from "./blocked.js";

const OPEN = ["/join/:code?", "/sign-in/:mailed?", "/mail-code", "/install", "/help", "/accessibility"];
const ALWAYS = ["/help", "/accessibility", "/data", "/settings", "/reminders", "/devices", "/past", "/past/:id", "/insights", "/install", "/sign-in/:mailed?", "/mail-code", "/leave"];

/** Show a screen, or what stands before it. */
export async function gate(pattern, params, load) {
  const kept = await account.read();
  if (!kept?.me && !OPEN.includes(pattern)) {
    await go("/join", { replace: true });
    return null;
  }
  const reason = kept?.me && !ALWAYS.includes(pattern) && blocked(kept);
  return reason || (await load())(params);
}
