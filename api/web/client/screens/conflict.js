// Two versions of one entry: the leader says which one stays.

import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { say } from "../core/words.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import * as engine from "../sync/engine.js";
import { answersOf } from "./answers.js";
import { backLink, button, once } from "./parts.js";
import { entryTitle } from "./today.js";

/** Show both versions, where they differ. */
export async function conflict({ id }) {
  const record = await entries.get(id);
  if (record?.state !== "conflict") return go(`/past/${id}`, { replace: true }).then(() => null);
  const mine = record.entry;
  const stored = record.stored.entry;
  const instrument = await instruments.get(mine.instrument, mine.version);
  const differing = new Set([...Object.keys(mine.answers), ...Object.keys(stored.answers)].filter(
    (key) => JSON.stringify(mine.answers[key]) !== JSON.stringify(stored.answers[key]),
  ));
  const choose = (work) => (event) => once(event, async () => {
    await work(id);
    engine.now();
    await go(`/past/${id}`, { replace: true });
  });
  const side = (title, entry, key, work) => h("section", { class: "card" },
    h("h2", null, title),
    answersOf(instrument, entry, differing),
    h("p", { class: "actions" }, button(say(key), choose(work), "button-quiet wide")),
  );
  const node = h("section", null,
    backLink("/past"),
    h("h1", null, say("conflict_title")),
    h("p", null, entryTitle(stored, instrument)),
    h("p", null, say("conflict_text")),
    side(say("conflict_mine"), mine, "conflict_keep_mine", entries.keepMine),
    side(say("conflict_stored"), stored, "conflict_keep_stored", entries.keepStored),
  );
  return { title: say("conflict_title"), node };
}
