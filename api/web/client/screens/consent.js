// What a leader reads and agrees to, or not: at joining, and again when the study has a new version.

import { h } from "../core/dom.js";
import { go, refresh } from "../core/router.js";
import { label, language, say, useLanguage } from "../core/words.js";
import * as account from "../store/account.js";
import { joining } from "./consent-joining.js";
import { renewing } from "./consent-renewing.js";
import { missing, statementsOf } from "./consent-statements.js";
import { newest } from "./consent-version.js";
import { backLink, errorSummary, once } from "./parts.js";

/** Show the study's documents, and take an answer to each statement. */
export async function consent() {
  const kept = await account.read();
  const asked = kept.me ? await renewing(kept) : kept.joining && joining(kept);
  if (!asked) return go(kept.me ? "/" : "/join", { replace: true }).then(() => null);
  const chosen = kept.preferences?.language;
  if (asked.languages.length > 1 && !asked.languages.includes(chosen)) return languages(asked, kept);
  return reading(asked);
}

function reading(asked) {
  const form = newest(asked.documents, "consent");
  const information = newest(asked.documents, "information");
  const fallback = asked.languages[0];
  const summary = h("div");
  const trouble = h("div");
  const submit = (event) => {
    event.preventDefault();
    once({ currentTarget: event.submitter ?? event.target }, () => agree(asked, form, summary, trouble));
  };
  const node = h("form", { novalidate: true, onsubmit: submit },
    asked.back && backLink(asked.back),
    summary,
    h("h1", null, asked.title),
    asked.notice && h("p", { class: "notice", role: "status" }, asked.notice),
    asked.languages.length > 1 && h("p", null, h("button", { class: "button-link", type: "button", onclick: () => askAgain() }, say("language_other"))),
    information && [h("h2", null, say("consent_information")), prose(information.text, fallback)],
    h("h2", null, say("consent_form")),
    h("p", { class: "meta" }, say("consent_version", { version: form.version })),
    prose(form.text, fallback),
    statementsOf(form, asked, fallback),
    h("h2", null, say("consent_next")),
    h("ul", null, asked.next.map((line) => h("li", null, line))),
    trouble,
    h("div", { class: "bar actions" }, h("button", { class: "button" }, asked.action)),
    asked.otherwise,
  );
  return { title: asked.title, node };
}

async function agree(asked, form, summary, trouble) {
  const wrong = missing(form, asked.given, asked.languages[0]);
  if (!wrong.length) return asked.agree(form, trouble);
  const box = errorSummary(wrong);
  summary.replaceChildren(box);
  box.focus();
}

/** The study's own text may be in another language than this app's words. */
function prose(labels, fallback) {
  const lang = [language(), fallback].find((one) => labels[one]);
  return h("div", { class: "document", lang }, label(labels, fallback).split(/\n{2,}/).map((one) => h("p", null, one)));
}

function languages(asked, kept) {
  const title = say("language_title");
  const choose = async (code) => {
    await useLanguage(code);
    await account.save({ preferences: { ...kept.preferences, language: code } });
    await go(asked.path, { replace: true });
  };
  const rows = asked.languages.map((code) => h("li", null,
    h("button", { class: "row", type: "button", lang: code, onclick: () => choose(code) }, nameOf(code))));
  return { title, node: h("section", null, h("h1", null, title), h("ul", { class: "list" }, rows)) };
}

async function askAgain() {
  const { preferences } = await account.read();
  await account.save({ preferences: { ...preferences, language: null } });
  await refresh();
}

function nameOf(code) {
  const name = new Intl.DisplayNames([code, language()], { type: "language" }).of(code);
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}
