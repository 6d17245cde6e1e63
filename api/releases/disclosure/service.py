"""Keeps a study's policy for each tier, and says what stands in the way of one."""

from sqlmodel import Session

from api.audit import service as audit
from api.audit.events import Event
from api.audit.service import Actor
from api.core import clock
from api.releases.disclosure.models import StoredPolicy
from api.releases.disclosure.questions import Asked
from api.releases.disclosure.resolving import resolved
from api.releases.policy import Policy
from api.releases.problems import PolicyNotPossible
from api.studies import service as studies
from api.studies.models import Study
from schemas.base import FieldError
from schemas.disclosure import DisclosurePolicy, Tier
from schemas.release import ReleaseCreate


def policy_of(session: Session, study: Study, tier: Tier) -> DisclosurePolicy:
    """Return a study's policy for a tier: its own, or what holds until it has one."""
    row = session.get(StoredPolicy, (study.id, tier))
    return DisclosurePolicy.model_validate(row.policy) if row else _default(session, study, tier)


def replace(
    session: Session, actor: Actor, study: Study, tier: Tier, wanted: DisclosurePolicy
) -> DisclosurePolicy:
    """Replace a study's policy for a tier, or raise PolicyNotPossible; the same again changes nothing."""
    resolved(session, study, tier, wanted)
    studies.lock(session, study.id)
    row = session.get(StoredPolicy, (study.id, tier))
    stored = wanted.model_dump(mode="json")
    if row is None or row.policy != stored:
        row = row or StoredPolicy(study_id=study.id, tier=tier, policy={})
        row.policy, row.changed_at = stored, clock.now()
        session.add(row)
        audit.record(
            session,
            Event.DISCLOSURE_CHANGED,
            actor,
            study_id=study.id,
            object_id=study.id,
            tier=tier.value,
        )
    return wanted


def for_release(
    session: Session, study: Study, wanted: ReleaseCreate, tried: DisclosurePolicy | None = None
) -> Policy:
    """Return the policy of a release that is asked for; it may raise the k of the study's policy, never lower it.

    A preview may try another policy than the study's.
    """
    own = tried or policy_of(session, study, wanted.tier)
    if wanted.k is not None and wanted.k < own.k:
        message = f"k is {own.k} by the study's disclosure policy; a release may only raise it."
        raise PolicyNotPossible(errors=[FieldError(pointer="/k", code="lower", message=message)])
    changed = own.model_copy(
        update={
            "quasi_identifiers": own.quasi_identifiers
            if wanted.quasi_identifiers is None
            else wanted.quasi_identifiers,
            "k": wanted.k or own.k,
            "k_reason": own.k_reason if (wanted.k or own.k) < wanted.tier.own_k else None,
        }
    )
    return resolved(session, study, wanted.tier, changed)


def _default(session: Session, study: Study, tier: Tier) -> DisclosurePolicy:
    return DisclosurePolicy(
        quasi_identifiers=Asked.of(session, study).default_attributes(), k=tier.own_k, dates=tier.dates[0]
    )
