// The one list of screens. What a leader needs for an entry is loaded at the start, the rest when it is first shown.

import { moreWords } from "../core/words.js";
import { check } from "./check.js";
import { compact } from "./compact.js";
import { begin } from "./new.js";
import { question } from "./question.js";
import { saved } from "./saved.js";
import { today } from "./today.js";
import { when, whenTime } from "./when.js";

const now = (screen) => async () => screen;
const later = (module, name) => async () => (await import(module))[name];
const worded = (module, name) => async () => (await moreWords(), (await import(module))[name]);

export const routes = {
  "/": now(today),
  "/new/:kind/:about?": now(begin),
  "/entry/:id/all": now(compact),
  "/entry/:id/check": now(check),
  "/entry/:id/when": now(when),
  "/entry/:id/when/:choice": now(whenTime),
  "/entry/:id/:key": now(question),
  "/saved/:id": now(saved),
  "/prompt/:id": worded("./prompt.js", "prompt"),
  "/join/:code?": later("./join.js", "join"),
  "/read": later("./consent.js", "consent"),
  "/sign-in/:mailed?": later("./sign-in.js", "signIn"),
  "/mail-code": worded("./mail-code.js", "mailCode"),
  "/profile": later("./profile.js", "profile"),
  "/past": later("./past.js", "past"),
  "/past/:id": later("./past-entry.js", "pastEntry"),
  "/conflict/:id": later("./conflict.js", "conflict"),
  "/insights": later("./insights.js", "insights"),
  "/settings": later("./settings.js", "settings"),
  "/reminders": worded("./reminders.js", "reminders"),
  "/devices": later("./devices.js", "devices"),
  "/data": later("./data.js", "data"),
  "/leave": later("./leave.js", "leave"),
  "/install": later("./install.js", "install"),
  "/help": later("./help.js", "help"),
  "/accessibility": later("./accessibility.js", "accessibility"),
};
