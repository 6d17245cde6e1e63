"""Processes one delivery in one transaction: envelope, normalise, claim, map, entry; or an end that says why not."""

import contextlib
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from sqlmodel import Session

from api.auth import sessions
from api.auth.principals import ParticipantPrincipal
from api.core import clock
from api.core.config import Settings
from api.core.problems import Problem, Unavailable
from api.diary import service as diary
from api.diary import sync
from api.diary.operations import Applied, Put, prepare
from api.diary.problems import EditWindowOver, EntryConflict, EntryGone
from api.instruments.catalogue import Published
from api.participants import service as participants
from api.participants.problems import ParticipantWithdrawn
from api.studies.problems import StudyClosed
from api.studies.secrets import study_secret
from api.webhooks import claims, making
from api.webhooks.adapters import ADAPTERS
from api.webhooks.adapters.base import Adapter
from api.webhooks.models import WebhookDelivery, WebhookSource, WebhookSubmission
from api.webhooks.normalised import Envelope, Normalised, Post, Stage, Unreadable
from api.webhooks.settling import End, forget_submission, gone, ignored, quarantined
from schemas.inbox import DeliveryStatus, SourceStatus
from schemas.participant import ParticipantStatus
from schemas.source import SourceOptions

DEVICE = "Survey tool"
_LONGEST_ID = 200
_NOT_ENTRIES = {
    Stage.TEST: "The tool sent a test: it becomes no entry.",
    Stage.PARTIAL: "The form was not finished: only what is complete becomes an entry.",
    Stage.OTHER: "This tells of something else than an answered form.",
}
_REFUSED: dict[type[Problem], str] = {
    StudyClosed: "The study had ended when this was answered.",
    EditWindowOver: "The tool changed the answers, but the entry is too old to be changed.",
    EntryConflict: "The tool changed the answers, but the participant has changed the entry in the diary since.",
}


@dataclass
class Work:
    """One delivery on its way, and what its steps need."""

    session: Session
    settings: Settings
    source: WebhookSource
    delivery: WebhookDelivery
    is_misread: bool = False
    """Whether the submission could not be read out of what there is."""

    @cached_property
    def options(self) -> SourceOptions:
        """Return what the researcher set."""
        return SourceOptions.model_validate(self.source.options)

    @property
    def adapter(self) -> Adapter:
        """Return what reads this source's tool."""
        return ADAPTERS[self.source.tool]

    @cached_property
    def secret(self) -> str:
        """Return the study's own secret."""
        return study_secret(self.session, self.settings, self.source.study_id)

    @cached_property
    def post(self) -> Post:
        """Return the post as it came, or raise End."""
        if self.delivery.raw is None:
            raise End(DeliveryStatus.DEAD, "What was sent has been erased: there is nothing left to read.")
        encoding = self.delivery.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in {"", "identity"}:
            raise quarantined("It was sent compressed. Turn compression off in the tool.")
        return Post(self.delivery.raw, self.delivery.content_type, self.delivery.headers)

    def envelopes(self) -> list[Envelope]:
        """Return what the post tells of, or raise End."""
        try:
            return self.adapter.envelopes(self.post, self.options)
        except Unreadable as unreadable:
            raise quarantined(unreadable.reason) from None

    def envelope(self) -> Envelope:
        """Return the one submission that the post tells of, or raise End."""
        found = self.envelopes()
        if not found:
            raise ignored("This tells of no answered form.")
        if len(found) > 1:  # a page of a tool that is asked was cut before it was stored
            raise quarantined("It holds several submissions, where one is expected.")
        return found[0]

    def normalised(self, envelope: Envelope, document: bytes) -> Normalised:
        """Return the submission, or raise End."""
        try:
            return self.adapter.normalise(envelope, document, self.options)
        except Unreadable as unreadable:
            self.is_misread = True
            raise quarantined(unreadable.reason) from None


def open_envelope(work: Work, envelope: Envelope) -> None:
    """Note what a delivery is about, or raise the End of one that becomes no entry."""
    delivery = work.delivery
    delivery.event_type = _short(envelope.event_type, 100)
    delivery.submission_id = _identifier(envelope.submission_id) or None
    delivery.revision_time = envelope.revision_time
    if envelope.stage in _NOT_ENTRIES:
        raise ignored(_NOT_ENTRIES[envelope.stage])
    if work.options.forms and envelope.form_id not in work.options.forms:
        raise quarantined("It comes from a form that this source does not take.")
    if work.source.status is SourceStatus.TEST:
        raise ignored("The source is in test mode: nothing becomes an entry.")
    if not delivery.submission_id:
        raise quarantined("It does not say which submission it is.")


def complete(work: Work, envelope: Envelope, document: bytes) -> End:
    """Make, change or take back the entry of a submission; return how that ended or raise it."""
    if envelope.stage is Stage.DELETED:
        return _take_back(work)
    found = work.normalised(envelope, document)
    work.delivery.revision_time = found.revision_time or work.delivery.revision_time
    if work.delivery.revision_time is None and work.adapter.repeats_are_news:
        work.delivery.revision_time = work.delivery.received_at  # it was looked up because something changed
    if found.stage in _NOT_ENTRIES:
        raise ignored(_NOT_ENTRIES[found.stage])
    if found.stage is Stage.DELETED:
        return _take_back(work)
    if found.submission_id != work.delivery.submission_id:
        work.delivery.submission_id = _identifier(found.submission_id)
    participant_id = _whose(work, found)
    known = _known(work, participant_id)
    return _store(work, found, participant_id, known)


def attribute(work: Work) -> bool:
    """Note whose code a delivery names that became no entry; say whether they have left, so that it is erased."""
    delivery = work.delivery
    if delivery.participant_id is None and delivery.raw is not None:
        with contextlib.suppress(End):
            for envelope in work.envelopes():
                found = work.normalised(envelope, delivery.fetched or delivery.raw)
                delivery.participant_id = claims.named(
                    work.session, work.source.id, work.options, found.claims
                )
    if delivery.participant_id is None:
        return False
    standing = participants.lock_statuses(work.session.connection(), [delivery.participant_id])
    if standing.get(delivery.participant_id) is ParticipantStatus.ENROLLED:
        return False
    delivery.participant_id = None
    return True


def _whose(work: Work, found: Normalised) -> UUID:
    """Return the participant, locked and welcome, or raise End."""
    try:
        participant_id = claims.resolve(work.session, work.secret, work.source.id, work.options, found.claims)
    except claims.Unclaimed as unclaimed:
        raise quarantined(str(unclaimed)) from None
    standing = participants.lock_statuses(work.session.connection(), [participant_id])
    if standing.get(participant_id) is not ParticipantStatus.ENROLLED:
        raise gone()
    work.delivery.participant_id = participant_id
    return participant_id


def _known(work: Work, participant_id: UUID) -> WebhookSubmission | None:
    """Return what the submission became before, or raise the End of one that is not newer."""
    delivery = work.delivery
    known = _submission(work)
    if known is None:
        return None
    if known.deleted_at is not None:
        raise ignored("The tool deleted this submission; it becomes no entry again.")
    if known.participant_id != participant_id:
        raise quarantined("This submission named another participant before.")
    if known.delivery_id == delivery.id:
        return known  # processed again, with another map
    if known.revision_time is None or delivery.revision_time is None:
        raise End(
            DeliveryStatus.DUPLICATE,
            "The submission is an entry already, and this does not say when it changed.",
        )
    if delivery.revision_time <= known.revision_time:
        raise End(
            DeliveryStatus.DUPLICATE, "A version of this submission that is as new or newer came before."
        )
    return known


def _store(work: Work, found: Normalised, participant_id: UUID, known: WebhookSubmission | None) -> End:
    made, instrument = _made(work, found)
    if made.entry is None:
        raise quarantined(made.sentence)
    principal = _principal(work, participant_id)
    entry_id = making.entry_id(work.secret, work.source, work.delivery.submission_id or "")
    put = prepare(principal, entry_id, made.entry, made.content, instrument, None)
    applied = _apply(work, put, known)
    assert applied.receipt is not None  # noqa: S101 - a put that was applied has a receipt
    work.delivery.entry_id = entry_id
    work.session.merge(
        WebhookSubmission(
            source_id=work.source.id,
            submission_id=work.delivery.submission_id or "",
            entry_id=entry_id,
            participant_id=participant_id,
            entry_version=applied.receipt.version,
            revision_time=work.delivery.revision_time,
            delivery_id=work.delivery.id,
        )
    )
    return End(DeliveryStatus.PROCESSED)


def _made(work: Work, found: Normalised) -> tuple[making.Made, Published]:
    wanted = making.field_map(work.session, work.source)
    if wanted is None:
        raise quarantined("This source has no field map yet.")
    instrument = making.published(work.session, work.source.study_id, wanted.instrument)
    if instrument is None:
        raise quarantined(f"The study has no instrument `{wanted.instrument}` in use.")
    made = making.make(found, wanted, instrument, work.options, work.delivery.received_at)
    work.delivery.map_version, work.delivery.findings = work.source.map_version, made.findings
    return made, instrument


def _apply(work: Work, put: Put, known: WebhookSubmission | None) -> Applied:
    """Put the entry as a phone does; an edit names the version that this submission made last."""
    if known is not None:
        put = replace(put, entry=put.entry.model_copy(update={"base_version": known.entry_version}))
    (outcome,) = sync.apply(work.session.connection(), [put])
    match outcome:
        case Applied():
            return outcome
        case ParticipantWithdrawn():
            raise gone()
        case EntryGone():
            raise ignored("The entry was deleted in the diary; it is not made again.")
        case Unavailable():
            raise outcome
    raise quarantined(_REFUSED.get(type(outcome), outcome.title))


def _take_back(work: Work) -> End:
    """Withdraw a submission's entry because the tool deleted the submission; one that comes later is too late."""
    known = _submission(work)
    if known is not None and known.participant_id:
        participants.lock_statuses(work.session.connection(), [known.participant_id])
        known = _submission(work)
    if known is not None and known.deleted_at is not None:
        raise End(DeliveryStatus.DUPLICATE, "The submission was deleted before.")
    removed = False
    if known is None:
        known = WebhookSubmission(
            source_id=work.source.id,
            submission_id=work.delivery.submission_id or "",
            entry_id=making.entry_id(work.secret, work.source, work.delivery.submission_id or ""),
            delivery_id=work.delivery.id,
        )
        work.session.add(known)
    elif known.participant_id:
        removed = diary.withdraw_entry(work.session, known.participant_id, known.entry_id)
    known.deleted_at = clock.now()
    forget_submission(work.session, work.delivery)
    said = "its entry is deleted" if removed else "it had no entry"
    return End(DeliveryStatus.PROCESSED, f"The submission was deleted in the tool; {said}.")


def _submission(work: Work) -> WebhookSubmission | None:
    key = (work.source.id, work.delivery.submission_id)
    return work.session.get(WebhookSubmission, key, populate_existing=True)


def _principal(work: Work, participant_id: UUID) -> ParticipantPrincipal:
    """Return the device from which a participant's surveys come; made once."""
    study_id = work.source.study_id
    mine = (one.id for one in sessions.devices(work.session, participant_id) if one.name == DEVICE)
    device_id = next(mine, None)
    if device_id is None:
        tokens = sessions.start(work.session, work.settings, participant_id, study_id, DEVICE)
        device_id = tokens.device_id
    return ParticipantPrincipal(participant_id, study_id, device_id)


def _identifier(text: str) -> str:
    """Return what names a submission, or raise the End of one that cannot be kept."""
    if len(text) > _LONGEST_ID or "\x00" in text or not _encodes(text):
        raise quarantined("What names the submission cannot be stored.")
    return text


def _short(text: str, length: int) -> str | None:
    return text.replace("\x00", "").encode(errors="replace").decode()[:length] or None


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
