// Saved on this phone; the line under it says truthfully whether it is sent.

import * as clock from "../core/clock.js";
import { h } from "../core/dom.js";
import { go } from "../core/router.js";
import { label, say } from "../core/words.js";
import * as entries from "../store/entries.js";
import * as instruments from "../store/instruments.js";
import * as engine from "../sync/engine.js";
import { stateWords } from "../sync/words.js";
import { nextReview } from "./due.js";
import { linkButton } from "./parts.js";

/** Show that an entry is saved. */
export async function saved({ id }) {
  const record = await entries.get(id);
  if (!record) return go("/", { replace: true }).then(() => null);
  const state = h("p", { class: "state", role: "status" });
  const tell = async () => {
    const now = (await entries.get(id)) ?? record;
    state.dataset.state = now.state;
    state.textContent = stateWords(now);
  };
  await tell();
  const stop = engine.subscribe(tell);
  const { kind, instrument, version } = record.entry;
  const form = (await instruments.get(instrument, version)).forms.find((one) => one.kind === kind);
  const node = h("section", null,
    h("h1", null, say("saved_title")),
    h("p", { class: "meta" }, label(form.label)),
    state,
    h("p", null, await followUp(record)),
    h("p", { class: "actions" },
      linkButton("/", say("to_today")),
      linkButton(`/past/${id}`, say("saved_see"), true),
    ),
  );
  return { title: say("saved_title"), node, leave: stop };
}

/** On which day the leader will be asked how it turned out. */
async function followUp(record) {
  const on = nextReview(record, await entries.all());
  return on && say("saved_asked_again", { day: clock.day(new Date(`${on}T12:00`)) });
}
