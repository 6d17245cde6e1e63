// Turns a draft into an entry and puts it into the outbox, in one step of the phone's store.

import * as clock from "../core/clock.js";
import * as entries from "../store/entries.js";
import * as engine from "../sync/engine.js";

const BUILD = /\/app\/([^/]+)\//.exec(import.meta.url)?.[1] ?? "unbuilt";

/** Save a draft as an entry; it is on the phone when this returns, and on its way. */
export async function finish(filled) {
  await filled.kept();
  await entries.submit(filled.draft, entryOf(filled));
  engine.now();
}

/** The entry that a draft makes. An edited one keeps when it was made, and when and where it happened. */
export function entryOf(filled) {
  const { draft } = filled;
  const { base_version: _, ...original } = draft.original ?? {};
  const now = clock.now();
  return present({
    made_at: clock.instant(now),
    started_at: draft.started_at,
    ...happened(draft),
    ...original,
    ...(draft.happened.choice === "kept" ? {} : happened(draft)),
    instrument: draft.instrument,
    version: draft.version,
    kind: draft.kind,
    answers: filled.answers(),
    finished_at: clock.instant(now),
    entered_by: draft.entered_by,
    follows: draft.follows,
    prompt_id: draft.prompt_id,
    client: { name: "daybook-web", version: BUILD },
  });
}

function happened(draft) {
  const at = new Date(draft.happened.at ?? draft.started_at);
  return {
    happened_at: clock.instant(at),
    time_zone: clock.zone(),
    utc_offset: clock.offsetMinutes(at),
    local_date: clock.localDate(at),
  };
}

function present(entry) {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => value !== undefined && value !== null));
}
