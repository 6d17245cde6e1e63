// Settings: how this phone asks, in which language, and the way to everything about the leader's part in the study.

import * as clock from "../core/clock.js";
import { announce, h } from "../core/dom.js";
import { refresh } from "../core/router.js";
import { build } from "../core/updates.js";
import { language, say, useLanguage } from "../core/words.js";
import * as account from "../store/account.js";
import * as instruments from "../store/instruments.js";
import * as engine from "../sync/engine.js";
import { hasOwnWords, languageName, offeredLanguages } from "./languages.js";
import { linkList } from "./parts.js";

const LINKS = {
  settings_you: ["/reminders", "/profile", "/devices", "/data", "/read"],
  settings_app: ["/install", "/help", "/accessibility"],
  settings_ending: ["/leave"],
};

/** Show the settings; each change is kept at once. */
export async function settings() {
  const { me, preferences = {} } = (await account.read()) ?? {};
  const languages = offeredLanguages(me, await instruments.all());
  const reached = h("p", { class: "meta" });
  const tell = () => (reached.textContent = reachedWords(engine.state()));
  tell();
  const node = h("section", null,
    h("h1", null, say("settings_title")),
    languages.length > 1 && choices("language", languages.map(languageChoice), language(), speak),
    choices("layout", options("layout", ["page", "pages"]), preferences.layout ?? "page", (value) => keep({ layout: value })),
    choices("writer", options("writer", ["self", "assistant_on_behalf"]), preferences.entered_by ?? "self",
      (value) => keep({ entered_by: value })),
    Object.entries(LINKS).map(([key, paths]) => [h("h2", null, say(key)), linkList(paths.map(link))]),
    h("p", { class: "meta" }, say("settings_version", { version: build().slice(0, 8) })),
    reached,
  );
  return { title: say("settings_title"), node, leave: engine.subscribe(tell) };
}

/** When the server last answered, in words. */
export function reachedWords({ last_answer: at }) {
  return at ? say("settings_reached", { when: clock.when(new Date(at)) }) : say("settings_not_reached");
}

function options(name, values) {
  return values.map((value) => ({ value, text: say(`settings_${name}_${value}`) }));
}

function languageChoice(code) {
  return { value: code, text: languageName(code), lang: code, hint: hasOwnWords(code) ? null : say("settings_language_part") };
}

function choices(name, offered, chosen, change) {
  return h("fieldset", null,
    h("legend", null, h("h2", null, say(`settings_${name}`))),
    h("div", { class: "choices" }, offered.map((one) => choice(name, one, one.value === chosen, change))),
  );
}

function choice(name, { value, text, hint, lang }, checked, change) {
  const id = `${name}-${value}`;
  const chosen = async () => {
    await change(value, id);
    announce(say("settings_kept", { what: text }));
  };
  return h("label", { class: "choice", for: id },
    h("input", { type: "radio", id, name, value, checked, onchange: chosen, "aria-describedby": hint && `${id}-hint` }),
    h("span", null,
      h("span", { lang }, text),
      hint && h("span", { class: "hint choice-hint", id: `${id}-hint` }, hint),
    ),
  );
}

let keeping = Promise.resolve();

/** Keep changes, one after the other: the second must not begin with what was there before the first. */
function keep(changes) {
  keeping = keeping.catch(() => {}).then(async () => {
    const { preferences = {} } = (await account.read()) ?? {};
    await account.save({ preferences: { ...preferences, ...changes } });
  });
  return keeping;
}

async function speak(code, id) {
  await keep({ language: code });
  await useLanguage(code);
  await refresh();
  document.getElementById(id)?.focus();
}

function link(to) {
  return { to, title: say(`settings_to_${to.slice(1)}`) };
}
