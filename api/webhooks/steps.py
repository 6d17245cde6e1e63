"""The steps of a delivery before its submission is read: what it is about, and what must be fetched first."""

from datetime import UTC, datetime, time, timedelta

from api.core import clock, crypto
from api.webhooks import budget
from api.webhooks.fetching import Errand
from api.webhooks.normalised import Envelope, Fetch, Unreadable
from api.webhooks.processing import Work, complete, open_envelope
from api.webhooks.settling import End, free_key, quarantined
from schemas.inbox import DeliveryStatus

LEASE = timedelta(minutes=2)


def take_steps(work: Work) -> End | Errand | None:
    """Return how a delivery ended, what to fetch first, or None if it has to wait for that; or raise End."""
    envelope = work.envelope()
    open_envelope(work, envelope)
    if work.delivery.fetched is None and (wanted := _wanted(work, envelope)):
        return _errand(work, wanted)
    document = work.delivery.raw if work.delivery.fetched is None else work.delivery.fetched
    return complete(work, envelope, document or b"")


def _wanted(work: Work, envelope: Envelope) -> Fetch | None:
    sealed = work.source.fetch_token
    token = crypto.open_under(work.secret, sealed) if sealed else ""
    try:
        return work.adapter.fetch(envelope, token, work.options)
    except Unreadable as unreadable:
        raise quarantined(unreadable.reason) from None


def _errand(work: Work, wanted: Fetch) -> Errand | None:
    """Note that a delivery is on its way to be fetched, or put it off to the next day's budget."""
    delivery, source, now = work.delivery, work.source, clock.now()
    work.session.refresh(source, with_for_update={"key_share": True})  # so that nothing is asked uncounted
    if not budget.left(work.session, work.settings, work.adapter, source):
        delivery.next_attempt_at = datetime.combine(now.date() + timedelta(days=1), time(), UTC)
        delivery.reason = "The tool may be asked no more today; it is asked tomorrow."
        return None
    budget.spend(source, now)
    delivery.status, delivery.next_attempt_at = DeliveryStatus.FETCHING, now + LEASE
    if work.adapter.repeats_are_news:
        free_key(delivery)
    return Errand(delivery.id, work.options.fetch_base or "", wanted)
