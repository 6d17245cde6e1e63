"""Decides on one operation: the rules of exactly-once, in their order."""

from dataclasses import replace
from datetime import datetime

from api.auth.problems import SessionEnded
from api.core.problems import Invalid, NotFound
from api.diary.known import Known, KnownEntry, receipt
from api.diary.operations import Applied, Delete, Operation, Put
from api.diary.problems import EditWindowOver, EntryConflict, EntryGone
from api.diary.store import Changes
from api.diary.views import stored_view
from api.participants.problems import ParticipantWithdrawn
from api.studies.problems import StudyClosed
from schemas.base import FieldError
from schemas.participant import ParticipantStatus


def decide(known: Known, changes: Changes, operation: Operation) -> Applied:
    """Accept one operation and note what to write, or raise the problem that it meets."""
    who = operation.principal
    if known.devices.get(who.device_id) != who.participant_id:
        raise SessionEnded
    if operation.id in known.tombstones:
        if known.tombstones[operation.id] != who.participant_id:
            raise NotFound
        if isinstance(operation, Delete):
            return Applied(204)  # a second click, or a lost answer
        raise EntryGone
    entry = known.entries.get(operation.id)
    if entry is not None and entry.participant_id != who.participant_id:
        raise NotFound
    if isinstance(operation, Delete):
        return _delete(known, changes, operation, entry)
    return _put(known, changes, operation, entry)


def _put(known: Known, changes: Changes, put: Put, entry: KnownEntry | None) -> Applied:
    if entry is not None:
        for given in entry.receipts:
            if given.content_hash == put.content_hash:
                return Applied(200, given)
    _refuse_unwelcome(known, put)
    _refuse_foreign_prompt(known, put)
    put = _without_foreign_link(known, put)
    if entry is None:
        return _create(known, changes, put)
    if put.entry.base_version != entry.version:
        raise EntryConflict(stored=stored_view(entry.receipts[-1], entry.content).model_dump(mode="json"))
    if known.now - entry.created_at > known.gates[put.principal.study_id].edit_window:
        raise EditWindowOver
    entry.version += 1
    changes.edit(put, entry.version, known.next_change(put.principal.participant_id))
    return _accept(known, changes, put, entry, status=200)


def _create(known: Known, changes: Changes, put: Put) -> Applied:
    # With a base_version it is an edit whose first version never came: taken as the first, so that nothing is lost.
    if known.quota:
        known.quota.admit(put.principal.participant_id, put.id, known.now)
    entry = KnownEntry(put.principal.participant_id, 1, known.now)
    known.entries[put.id] = entry
    changes.create(put, known.now, known.next_change(put.principal.participant_id))
    return _accept(known, changes, put, entry, status=201)


def _accept(known: Known, changes: Changes, put: Put, entry: KnownEntry, status: int) -> Applied:
    given = receipt(put.id, entry.version, put.content_hash, known.now, _skew_ms(put, known.now))
    entry.receipts.append(given)
    entry.content = put.content
    changes.revise(put, given)
    if put.entry.kind in known.gates[put.principal.study_id].followed:
        changes.follow(put)
    return Applied(status, given)


def _delete(known: Known, changes: Changes, operation: Delete, entry: KnownEntry | None) -> Applied:
    if entry is None:
        raise NotFound
    if known.now - entry.created_at > known.gates[operation.principal.study_id].edit_window:
        raise EditWindowOver
    del known.entries[operation.id]
    known.tombstones[operation.id] = operation.principal.participant_id
    changes.delete(operation, known.now, known.next_change(operation.principal.participant_id))
    if known.gates[operation.principal.study_id].followed:
        changes.follow(operation)
    return Applied(204)


def _refuse_unwelcome(known: Known, put: Put) -> None:
    if known.statuses.get(put.principal.participant_id) != ParticipantStatus.ENROLLED:
        raise ParticipantWithdrawn
    closed_at = known.gates[put.principal.study_id].closed_at
    if closed_at is not None and put.entry.made_at > closed_at:
        raise StudyClosed


def _refuse_foreign_prompt(known: Known, put: Put) -> None:
    if put.entry.prompt_id and known.prompt_owners.get(put.entry.prompt_id) != put.principal.participant_id:
        raise Invalid(
            errors=[FieldError(pointer="/prompt_id", code="unknown", message="There is no such prompt.")]
        )


def _without_foreign_link(known: Known, put: Put) -> Put:
    """Let a link to what is another's link nothing: to refuse it would tell that it exists."""
    if put.entry.follows is None:
        return put
    followed = known.entries.get(put.entry.follows)
    owner = followed.participant_id if followed else known.tombstones.get(put.entry.follows)
    if owner in {None, put.principal.participant_id}:
        return put
    return replace(put, entry=put.entry.model_copy(update={"follows": None}))


def _skew_ms(put: Put, now: datetime) -> int | None:
    sent_at = put.sent_at or (put.entry.made_at if put.entry.made_at > now else None)
    return None if sent_at is None else round((sent_at - now).total_seconds() * 1000)
