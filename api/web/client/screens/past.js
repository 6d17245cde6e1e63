// Past entries, newest first, also without a connection.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { say } from "../core/words.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import { stateWords } from "../sync/words.js";
import { live } from "./live.js";
import { button, linkList } from "./parts.js";
import { entryTitle } from "./today.js";

const PAGE = 30;

/** List what was recorded. */
export async function past() {
  const records = (await entries.all())
    .filter((one) => one.state !== "withdrawn")
    .sort((one, other) => Date.parse(other.entry.happened_at) - Date.parse(one.entry.happened_at));
  const place = h("div");
  let shown = 0;
  const more = async () => {
    const rows = await Promise.all(records.slice(shown, shown + PAGE).map(row));
    shown += rows.length;
    place.append(linkList(rows));
    if (shown >= records.length) older.hidden = true;
  };
  const older = button(say("past_more"), more, "button-quiet");
  await more();
  const node = h("section", null,
    h("h1", null, say("past_title")),
    records.length ? place : h("p", { class: "hint" }, say("past_empty")),
    records.length > 0 && h("p", { class: "actions" }, older),
  );
  const leave = await live(async () => (await entries.all()).map((one) => [one.id, one.state, one.changed_at]));
  return { title: say("past_title"), node, leave };
}

async function row(record) {
  const { entry, state } = record;
  const instrument = await instruments.get(entry.instrument, entry.version);
  return {
    to: state === "conflict" ? `/conflict/${record.id}` : `/past/${record.id}`,
    title: entryTitle(entry, instrument),
    meta: clock.when(new Date(entry.happened_at)),
    state: { name: state, text: stateWords(record) },
  };
}
