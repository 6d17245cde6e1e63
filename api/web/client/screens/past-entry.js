// One past entry: what was written, how it stands, and what can still be done with it.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import * as drafts from "../store/drafts.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import * as engine from "../sync/engine.js";
import { stateWords } from "../sync/words.js";
import { answersOf } from "./answers.js";
import { live } from "./live.js";
import { backLink, button, once } from "./parts.js";
import { entryTitle } from "./today.js";

/** Show one entry. */
export async function pastEntry({ id }) {
  const record = await entries.get(id);
  if (!record || record.state === "withdrawn") return go("/past", { replace: true }).then(() => null);
  const { entry, state } = record;
  const instrument = await instruments.get(entry.instrument, entry.version);
  const title = entryTitle(entry, instrument);
  const node = h("section", null,
    backLink("/past"),
    h("h1", null, title),
    h("p", { class: "meta" }, clock.when(new Date(entry.happened_at)), " · ", say(`entered_by_${entry.entered_by ?? "self"}`)),
    h("p", { class: "state", role: "status", dataset: { state } }, stateWords(record)),
    trouble(record),
    answersOf(instrument, entry),
    canChange(record) && h("p", { class: "meta" }, record.editable_until && say("editable_until", { when: clock.when(new Date(record.editable_until)) })),
    h("p", { class: "actions" }, actions(record, instrument)),
  );
  const leave = await live(async () => [(await entries.get(id))?.state]);
  return { title, node, leave };
}

function canChange({ state, editable_until: until }) {
  return ["queued", "synced", "rejected", "closed"].includes(state) && (!until || new Date(until) > clock.now());
}

function trouble(record) {
  const text = { rejected: "entry_rejected", closed: "entry_closed", locked: "entry_locked", elsewhere: "entry_elsewhere" }[record.state];
  if (!text) return null;
  const told = [record.problem?.title, ...(record.problem?.errors ?? []).map((one) => one.message)];
  return h("div", { class: "notice notice-alarm" }, h("p", null, say(text)), h("ul", null, told.filter(Boolean).map((one) => h("li", null, one))));
}

function actions(record, instrument) {
  const { id, state } = record;
  const doing = (work) => (event) => once(event, async () => {
    await work();
    engine.now();
  });
  const settled = (work) => doing(() => work(id).then(() => go("/past", { replace: true })));
  return [
    canChange(record) && button(say("change"), doing(() => edit(record, instrument))),
    ["rejected", "closed"].includes(state) && button(say("entry_retry"), settled(entries.retry), "button-quiet"),
    state === "elsewhere" && button(say("entry_send_new"), settled(entries.sendAsNew)),
    state === "elsewhere" && button(say("entry_discard"), settled(entries.discard), "button-alarm"),
    state === "locked" && button(say("entry_locked_drop"), settled(entries.discard)),
    canChange(record) && button(say("entry_delete"), doing(() => remove(id)), "button-alarm"),
  ];
}

async function edit({ id, entry, receipt }, instrument) {
  const known = (await drafts.get(id)) ?? {
    id,
    instrument: instrument.key,
    version: instrument.version,
    kind: entry.kind,
    answers: structuredClone(entry.answers),
    happened: { choice: "kept", at: entry.happened_at },
    entered_by: entry.entered_by ?? "self",
    follows: entry.follows ?? null,
    prompt_id: entry.prompt_id ?? null,
    started_at: entry.started_at ?? entry.made_at,
    original: entry,
    base: receipt?.version ?? null,
    at: "check",
    touched: false,
    editing: true,
  };
  await drafts.keep(known);
  await go(`/entry/${id}/check`);
}

async function remove(id) {
  if (!confirm(say("entry_delete_sure"))) return;
  await entries.remove(id);
  await go("/past", { replace: true });
}
