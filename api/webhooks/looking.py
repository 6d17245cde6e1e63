"""Looks into a stored delivery, and tries a map on it; nothing is changed."""

from pydantic import JsonValue
from sqlmodel import Session

from api.core.config import Settings
from api.core.problems import NotFound
from api.webhooks import claims, deliveries, making
from api.webhooks.models import WebhookDelivery, WebhookSource
from api.webhooks.normalised import Answer, Normalised
from api.webhooks.problems import NothingToReplay
from api.webhooks.processing import Work
from api.webhooks.proposing import propose
from api.webhooks.redaction import LEFT_OUT, is_telling, plain, shown
from api.webhooks.settling import End, quarantined
from schemas.inbox import DeliveryStatus, DeliveryView, Preview, ProposalRequest, ShownAnswer
from schemas.proposal import Proposal
from schemas.source import FieldMap

_MOST_TEXT = 4_000


def view(
    session: Session, settings: Settings, source: WebhookSource, delivery: WebhookDelivery
) -> DeliveryView:
    """Show what a delivery says, with what could name somebody replaced."""
    summary = deliveries.summary(delivery)
    try:
        found = _found(Work(session, settings, source, delivery))
    except End:
        text = plain((delivery.raw or b"")[:_MOST_TEXT].decode(errors="replace")).replace("\x00", "")
        return DeliveryView(
            delivery=summary, stage=None, form_id=None, answers=[], warnings=[], text=text or None
        )
    return DeliveryView(
        delivery=summary,
        stage=found.stage.value,
        form_id=found.form_id,
        answers=[_answer(one) for one in found.answers],
        warnings=[plain(one) for one in found.warnings],
    )


def preview(
    session: Session,
    settings: Settings,
    source: WebhookSource,
    delivery: WebhookDelivery,
    wanted: FieldMap | None,
) -> Preview:
    """Say what a map, or the one that is in force, would make of a delivery."""
    made, reason = making.Made(), None
    wanted = wanted or making.field_map(session, source)
    try:
        work = Work(session, settings, source, delivery)
        found = _found(work)
        if wanted is None:
            raise quarantined("This source has no field map yet.")
        instrument = making.published(session, source.study_id, wanted.instrument)
        if instrument is None:
            raise quarantined(f"The study has no instrument `{wanted.instrument}` in use.")
        made = making.make(found, wanted, instrument, work.options, delivery.received_at)
        claims.resolve(session, work.secret, source.id, work.options, found.claims)
        reason = made.sentence or None
    except claims.Unclaimed as unclaimed:
        reason = str(unclaimed)
    except End as end:
        reason = end.reason
    return Preview(
        status=DeliveryStatus.QUARANTINED if reason else DeliveryStatus.PROCESSED,
        reason=reason,
        instrument=wanted.instrument if wanted else None,
        kind=wanted.kind if wanted else None,
        answers=made.answers,
        errors=made.errors,
        findings=made.findings,
    )


def proposal(
    session: Session,
    settings: Settings,
    source: WebhookSource,
    delivery: WebhookDelivery,
    wanted: ProposalRequest,
) -> Proposal:
    """Build a first map of a delivery's answers, for a person to confirm, or raise NotFound."""
    instrument = making.published(session, source.study_id, wanted.instrument)
    if instrument is None or instrument.definition.form(wanted.kind) is None:
        raise NotFound
    try:
        found = _found(Work(session, settings, source, delivery))
    except End as end:
        raise NothingToReplay(end.reason) from None
    return propose(found, instrument.definition, wanted.kind)


def _found(work: Work) -> Normalised:
    document = work.delivery.raw if work.delivery.fetched is None else work.delivery.fetched
    return work.normalised(work.envelope(), document or b"")


def _answer(one: Answer) -> ShownAnswer:
    telling = is_telling(one.key) or is_telling(one.type) or is_telling(one.label)
    value: JsonValue = LEFT_OUT if telling else shown(one.value)
    return ShownAnswer(
        key=one.key,
        alt_key=one.alt_key,
        label=plain(one.label) if one.label else None,
        type=one.type,
        value=value,
        option_ids=[] if telling else list(one.option_ids),
        option_labels=[] if telling else [plain(label) for label in one.option_labels],
    )
