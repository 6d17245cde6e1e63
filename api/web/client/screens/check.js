// Check answers: everything that will be saved, each with a way to change it, and what may be added.

import { h } from "../core/dom.js";
import { go, refresh } from "../core/router.js";
import { say } from "../core/words.js";
import { formErrors } from "../form/checks.js";
import { renderer } from "../form/questions/register.js";
import * as account from "../store/account.js";
import * as drafts from "../store/drafts.js";
import { quoted } from "./asking.js";
import { filling } from "./filling.js";
import { finish } from "./finishing.js";
import { backLink, button, errorSummary, once } from "./parts.js";
import { happenedWords } from "./when.js";

const WRITERS = ["self", "assistant_on_behalf"];

/** Show a draft as it will be saved. */
export async function check({ id }) {
  const filled = await filling(id);
  if (!filled) return null;
  filled.draft.at = "check";
  filled.draft.checking = true;
  await filled.keep();
  const summary = h("div");
  const save = (event) => once(event, async () => {
    const errors = formErrors(filled.instrument, filled.draft.kind, filled.answers());
    if (errors.length) return complain(filled, summary, errors);
    await finish(filled);
    return go(`/saved/${id}`, { replace: true });
  });
  const { answered, open } = sorted(filled);
  const node = h("section", null,
    backLink("/"),
    summary,
    h("h1", null, say("check_title")),
    quoted(filled),
    h("dl", { class: "answers" },
      row(say("happened"), happenedWords(filled.draft), `/entry/${id}/when`),
      row(say("entered_by"), writerWords(filled.draft), null, () => nextWriter(filled)),
      answered.map((item) => answerRow(filled, item)),
    ),
    open.length > 0 && h("details", { class: "more" },
      h("summary", null, say("add_more")),
      h("ul", { class: "list" }, open.map((item) => openRow(filled, item))),
    ),
    h("p", null, button(say("draft_delete"), () => drop(filled), "button-link")),
    h("div", { class: "bar actions" }, button(say("check_save"), save)),
  );
  return { title: say("check_title"), node, leave: () => filled.kept() };
}

/** Who wrote it, as a person says it. */
export function writerWords({ entered_by: writer }) {
  return say(`entered_by_${writer}`);
}

function sorted(filled) {
  const items = filled.items(true).filter((one) => one.question.type !== "note");
  const has = ({ question }) => filled.isAnswered(question);
  return { answered: items.filter((one) => has(one) || one.required), open: items.filter((one) => !has(one) && !one.required) };
}

function answerRow(filled, { question }) {
  const answer = filled.sent(question);
  const words = filled.isAnswered(question) ? renderer(question.type).words(question, answer) : say("not_answered");
  return row(filled.text(question.label), words, `/entry/${filled.draft.id}/${question.key}`);
}

function openRow(filled, { question }) {
  return h("li", null, h("a", { class: "row", href: `#/entry/${filled.draft.id}/${question.key}` }, filled.text(question.label)));
}

function row(title, words, to, onclick) {
  const name = say("change_what", { what: title });
  const change = to
    ? h("a", { href: `#${to}`, "aria-label": name }, say("change"))
    : h("button", { class: "button-link", type: "button", "aria-label": name, onclick }, say("change"));
  return h("div", null, h("dt", null, title), h("dd", null, words), h("dd", { class: "change" }, change));
}

async function nextWriter(filled) {
  const at = WRITERS.indexOf(filled.draft.entered_by);
  filled.draft.entered_by = WRITERS[(at + 1) % WRITERS.length];
  const { preferences = {} } = (await account.read()) ?? {};
  await account.save({ preferences: { ...preferences, entered_by: filled.draft.entered_by } });
  await filled.keep();
  await refresh();
}

function complain(filled, summary, errors) {
  const line = ({ question, message }) => {
    const found = filled.find(question);
    return {
      text: found ? `${filled.text(found.label)} ${message}` : message,
      reach: () => found && go(`/entry/${filled.draft.id}/${question}`),
    };
  };
  const box = errorSummary(errors.map(line));
  summary.replaceChildren(box);
  box.focus();
}

async function drop(filled) {
  if (filled.draft.touched && !confirm(say("draft_delete_sure"))) return;
  await filled.kept();
  await drafts.drop(filled.draft.id);
  await go("/", { replace: true });
}
