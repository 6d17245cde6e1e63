"""Plans the look back at decisions, and tells reminders which of the day's entries are written already."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from api.core import clock, db
from api.core.config import Settings
from api.core.jobs import chore
from api.diary.models import Entry, EntryRevision
from api.prompts import following, schedules, triggers
from api.prompts.following import Followed, Rule
from api.prompts.people import people
from api.prompts.planning.days import Person
from api.prompts.slots import Filled, Slot, fills
from api.prompts.triggers import Trigger
from schemas.schedule import EntryTiming


@chore
def plan_followups(engine: Engine, _: Settings) -> None:
    """Plan what follows the entries that came, changed or went, in each turn of the sweep."""
    while True:
        with db.transaction(engine) as session:
            waiting = triggers.take(session)
            if not waiting:
                return
            _plan(session, waiting)
            triggers.done(session, [one.entry_id for one in waiting])


@fills
def _entries_of_the_day(session: Session, slots: Sequence[Slot]) -> Filled:
    wanted = {(one.participant_id, one.kind, one.day): one.prompt_id for one in slots}
    participant_id, kind, day = col(Entry.participant_id), col(Entry.kind), col(Entry.local_date)
    # Each by itself, and what belongs together below: else SQLite reads all entries of all studies.
    rows = session.execute(
        select(participant_id, kind, day, col(Entry.id), col(Entry.created_at)).where(
            participant_id.in_({one.participant_id for one in slots}),
            kind.in_({one.kind for one in slots}),
            day.in_({one.day for one in slots}),
        )
    )
    return {
        wanted[who, what, when]: (entry, at)
        for who, what, when, entry, at in rows
        if (who, what, when) in wanted
    }


def _plan(session: Session, waiting: Sequence[Trigger]) -> None:
    rules: dict[UUID, list[Rule]] = {one.study_id: [] for one in waiting}
    for study_id, found in rules.items():
        live = schedules.live(session, study_id)
        found += [(row, schedule) for row, schedule in live if isinstance(schedule.timing, EntryTiming)]
    who = people(session, {one.participant_id for one in waiting})
    entries = _followed(session, [one.entry_id for one in waiting])
    for one in waiting:
        person = who.get(one.participant_id)
        if person is not None:
            _plan_one(session, rules[one.study_id], person, one, entries.get(one.entry_id))


def _plan_one(
    session: Session, rules: Sequence[Rule], who: Person, one: Trigger, entry: Followed | None
) -> None:
    now = clock.now()
    if entry is not None:
        following.plan(session, rules, who, one.study_id, entry, now)
        return
    following.forget(session, rules, who, one.entry_id, now)
    following.forget_subject(session, rules, who, one.entry_id, now)


def _followed(session: Session, entry_ids: Sequence[UUID]) -> dict[UUID, Followed]:
    rows = session.execute(
        select(Entry, col(EntryRevision.content))
        .join(
            EntryRevision,
            (col(EntryRevision.entry_id) == col(Entry.id))
            & (col(EntryRevision.version) == col(Entry.version)),
        )
        .where(col(Entry.id).in_(entry_ids))
    )
    return {
        entry.id: Followed(
            entry.id,
            entry.kind,
            entry.local_date,
            entry.follows,
            json.loads(content)["answers"],
            entry.created_at,
        )
        for entry, content in rows
    }
