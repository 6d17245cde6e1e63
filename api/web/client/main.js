// Starts the client: opens what is kept on this phone, shows a screen, and begins to send.

import { replace } from "./core/dom.js";
import "./core/installing.js"; // a browser's offer to install comes early, and once
import * as router from "./core/router.js";
import { register } from "./core/updates.js";
import { useLanguage } from "./core/words.js";
import { frame } from "./screens/frame.js";
import { gate } from "./screens/gate.js";
import { failure } from "./screens/failure.js";
import { routes } from "./screens/register.js";
import * as account from "./store/account.js";
import * as db from "./store/db.js";
import * as engine from "./sync/engine.js";
import { keepStudyFresh } from "./sync/study.js";

async function start() {
  await db.open();
  const kept = await account.read();
  await useLanguage(kept?.preferences?.language ?? kept?.me?.languages?.[0] ?? "en").catch(() => useLanguage("en"));
  replace(document.body, frame());
  for (const [pattern, load] of Object.entries(routes)) {
    router.define(pattern, (params) => gate(pattern, params, load));
  }
  followInvitation();
  await router.start(document.getElementById("main"), failure);
  document.documentElement.dataset.ready = "true";
  register();
  if (kept?.me) {
    engine.start();
    keepStudyFresh();
  }
  listen();
  if (kept?.push) (await import("./sync/push.js")).resend();
}

/** Whoever taps a notification while this page is open is brought to what it is about. */
function listen() {
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.type === "open" && router.go(data.path));
}

/** A link or a QR code ends in #join=CODE: the code stands behind #, so that no server's log holds it. */
function followInvitation() {
  const found = /^#join=([A-Za-z0-9-]{8,40})$/.exec(location.hash);
  if (found) history.replaceState(null, "", `#/join/${found[1]}`);
}

start();
