// Begins an entry: a draft is on the phone before the first question is shown.

import * as clock from "../core/clock.js";
import { newId } from "../core/ids.js";
import { go } from "../core/router.js";
import { asked, defaults } from "../form/flow.js";
import * as account from "../store/account.js";
import * as drafts from "../store/drafts.js";
import * as instruments from "../store/instruments.js";
import { promptFor, tellOpened } from "../sync/prompts.js";

/** Begin an entry of a kind, a follow-up about an earlier one, and go to where it is filled in. */
export async function begin({ kind, about }) {
  return beginFor(kind, about, await promptFor(kind, about));
}

/** As above, as the answer to a prompt that the study made. */
export async function beginFor(kind, about, prompt) {
  const instrument = await instruments.current(kind);
  if (!instrument) return go("/", { replace: true }).then(() => null);
  const draft = (await untouched(instrument, kind, about)) ?? (await made(instrument, kind, about));
  if (draft.prompt_id !== (prompt?.id ?? null)) await drafts.keep(Object.assign(draft, { prompt_id: prompt?.id ?? null }));
  if (prompt) tellOpened(prompt.id);
  await go(await firstPage(draft, instrument), { replace: true });
  return null;
}

/** Where a draft is filled in, or goes on: the same question as before. */
export async function firstPage(draft, instrument) {
  const items = asked(instrument, draft.kind, draft.answers, { more: false });
  if (draft.at && items.some((one) => one.question.key === draft.at)) return `/entry/${draft.id}/${draft.at}`;
  if (draft.at === "check" || !items.length) return `/entry/${draft.id}/check`;
  const { preferences = {} } = (await account.read()) ?? {};
  const onePage = draft.at === "all" || (!draft.at && preferences.layout !== "pages" && isShort(items));
  return onePage ? `/entry/${draft.id}/all` : `/entry/${draft.id}/${items[0].question.key}`;
}

/** Whether the questions fit one page: a few, and none that holds others. */
export function isShort(items) {
  return items.length > 1 && items.length <= 12 && items.every((one) => one.question.type !== "repeat_group");
}

async function untouched(instrument, kind, about) {
  const fits = (one) =>
    one.kind === kind &&
    one.version === instrument.version &&
    one.follows === (about ?? null) &&
    !one.editing &&
    one.touched !== true;
  return (await drafts.all()).find(fits);
}

async function made(instrument, kind, about) {
  const { preferences = {} } = (await account.read()) ?? {};
  const draft = {
    id: newId(),
    instrument: instrument.key,
    version: instrument.version,
    kind,
    answers: defaults(instrument, kind),
    happened: { choice: "now", at: null },
    entered_by: preferences.entered_by ?? "self",
    follows: about ?? null,
    prompt_id: null,
    started_at: clock.instant(clock.now()),
    at: null,
    touched: false,
    editing: false,
  };
  await drafts.keep(draft);
  return draft;
}
