// Today: begin an entry, go on with one, and see what waits.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { label, say } from "../core/words.js";
import * as account from "../store/account.js";
import * as db from "../store/db.js";
import * as drafts from "../store/drafts.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import { openPrompts } from "../sync/prompts.js";
import { stateWords } from "../sync/words.js";
import { clockNotice } from "./clock-notice.js";
import { consentNotice } from "./consent-notice.js";
import { due } from "./due.js";
import { updateNotice } from "./updating.js";
import { live } from "./live.js";
import { firstPage } from "./new.js";
import { askedNow, comesNext } from "./open-prompts.js";
import { linkButton, linkList } from "./parts.js";
import { reminderNotice } from "./reminder-notice.js";

const ATTENTION = new Set(["rejected", "closed", "conflict", "locked", "elsewhere"]);
const BY_THEMSELVES = new Set(["followup", "nothing_to_report"]);

/** Show what can be done now. */
export async function today() {
  const prompts = await openPrompts();
  const [forms, open, records, reviews, asked] = await Promise.all([offered(), begun(), entries.all(), due(prompts), askedNow(prompts)]);
  const kept = await account.read();
  const [first, ...others] = forms.filter((one) => !BY_THEMSELVES.has(one.kind));
  const nothing = forms.find((one) => one.kind === "nothing_to_report");
  const troubled = records.filter((one) => ATTENTION.has(one.state));
  const node = h("section", null,
    updateNotice(),
    consentNotice(kept),
    reminderNotice(kept),
    clockNotice(),
    !db.isKept() && h("p", { class: "notice notice-wait" }, say("memory_only")),
    h("h1", null, say("today_title")),
    h("p", { class: "meta" }, clock.day(clock.now())),
    await comesNext(),
    troubled.length > 0 && section("today_attention", linkList(troubled.map(trouble))),
    open.length > 0 && section("drafts_title", linkList(open)),
    asked && section("asked_title", asked),
    reviews.length > 0 && section("due_title", linkList(reviews.map(review))),
    first && section("record_title", h("p", null, h("a", { class: "button wide", href: `#/new/${first.kind}` }, label(first.label)))),
    !records.length && !open.length && h("p", { class: "hint" }, say("today_empty")),
    others.length > 0 && linkList(others.map((one) => ({ to: `/new/${one.kind}`, title: label(one.label) }))),
    nothing && h("p", { class: "actions" }, linkButton("/new/nothing_to_report", say("nothing_to_report"), true)),
  );
  return { title: say("today_title"), node, leave: await live(facts) };
}

/** What Today depends on. An entry that is merely sent changes nothing that is shown here. */
async function facts() {
  const [records, open, offered] = await Promise.all([entries.all(), drafts.all(), instruments.all()]);
  const { prompts } = await account.read();
  return [
    prompts,
    records.map((one) => [one.id, ATTENTION.has(one.state) && one.state, one.changed_at]),
    open.map((one) => [one.id, one.touched]),
    offered.map((one) => [one.key, one.version, one.offered]),
  ];
}

/** What an entry is called in a list: the first thing that was written in it, else its kind. */
export function entryTitle(entry, instrument) {
  const form = instrument?.forms.find((one) => one.kind === entry.kind);
  const written = form?.items
    .map((item) => instrument.questions.find((one) => one.key === item.question))
    .find((one) => ["short_text", "long_text"].includes(one.type) && entry.answers[one.key]);
  return written ? entry.answers[written.key] : label(form?.label);
}

function section(key, content) {
  return [h("h2", null, say(key)), content];
}

async function offered() {
  const current = (await instruments.all()).filter((one) => one.offered !== false);
  const forms = current.flatMap((one) => one.forms).filter((one) => one.contingency !== "once");
  return [...new Map(forms.reverse().map((one) => [one.kind, one])).values()].reverse(); // the newest version's of each kind
}

async function begun() {
  const all = (await drafts.all()).filter((one) => one.touched || one.editing);
  return Promise.all(all.map(async (draft) => {
    const instrument = await instruments.get(draft.instrument, draft.version);
    const form = instrument.forms.find((one) => one.kind === draft.kind);
    return {
      to: await firstPage(draft, instrument),
      title: say("draft_continue", { what: entryTitle(draft, instrument) || label(form.label) }),
      meta: say("draft_begun", { when: clock.when(new Date(draft.started_at)) }),
    };
  }));
}

/** An entry that another phone made may not be here yet: it is asked about all the same. */
function review({ id, entry, prompt }) {
  const to = prompt ? `/prompt/${prompt.id}` : `/new/followup/${id}`;
  return { to, title: entry?.answers.headline ?? say("due_ask"), meta: entry && clock.when(new Date(entry.happened_at)) };
}

function trouble(record) {
  const to = record.state === "conflict" ? `/conflict/${record.id}` : `/past/${record.id}`;
  return { to, title: entryTitle(record.entry) || record.entry.answers.headline || record.entry.kind, state: { name: record.state, text: stateWords(record) } };
}
