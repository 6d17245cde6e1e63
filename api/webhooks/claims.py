"""Whose a submission is: an opaque code per source and participant, which is a claim and no proof.

A link can be passed on and its fields can be changed by whoever answers, so an unknown, contradictory or badly signed
code makes no entry. Nobody is ever found by an e-mail address, and nobody is ever made.
"""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlmodel import Session, select

from api.core import crypto
from api.webhooks.models import WebhookCode
from schemas.source import ClaimMode, SourceOptions

_MARK = 12
_LONGEST = 100


class Unclaimed(Exception):
    """A submission that cannot be said to be anybody's; the sentence says why."""


def link_code(secret: str, source_id: UUID, code: str, options: SourceOptions) -> str:
    """Return what a participant's link carries."""
    if options.claim_mode is ClaimMode.PLAIN:
        return code
    return f"{code}.{_signature(secret, source_id, code)}"


def resolve(
    session: Session, secret: str, source_id: UUID, options: SourceOptions, claims: Mapping[str, str]
) -> UUID:
    """Return the participant whom a submission names, or raise Unclaimed."""
    claimed = _claimed(claims, options.claim_name)
    code, _, signature = claimed.partition(".")
    code = crypto.normalise_code(code)
    if options.claim_mode is ClaimMode.SIGNED:
        signed = _signature(secret, source_id, code)
        if not crypto.same(signed, signature.strip().lower()):
            raise Unclaimed("The participant's code is not signed by us: its link was changed.")
    found = _holder(session, source_id, code)
    if found is None:
        raise Unclaimed("The participant's code is not known to this source.")
    return found


def named(
    session: Session, source_id: UUID, options: SourceOptions, claims: Mapping[str, str]
) -> UUID | None:
    """Return whose code is named, signed or not: whoever it is may ask what is held, and have it erased."""
    try:
        code = crypto.normalise_code(_claimed(claims, options.claim_name).partition(".")[0])
    except Unclaimed:
        return None
    return _holder(session, source_id, code)


def _holder(session: Session, source_id: UUID, code: str) -> UUID | None:
    held = (WebhookCode.source_id == source_id, WebhookCode.code_hash == crypto.digest(code))
    return session.exec(select(WebhookCode.participant_id).where(*held)).one_or_none()


def _claimed(claims: Mapping[str, str], name: str) -> str:
    said = {value.strip() for key, value in claims.items() if key.lower() == name.lower() and value.strip()}
    if not said:
        raise Unclaimed(f"It carries no participant's code: `{name}` is missing.")
    if len(said) > 1:
        raise Unclaimed("It names two participants.")
    claimed = said.pop()
    if len(claimed) > _LONGEST or not claimed.isascii():
        raise Unclaimed("The participant's code is not known to this source.")
    return claimed


def make(session: Session, secret: str, source_id: UUID, participant_ids: Collection[UUID]) -> int:
    """Give a code to everybody who has none for this source; return how many are new."""
    have = set(session.exec(select(WebhookCode.participant_id).where(WebhookCode.source_id == source_id)))
    new = [one for one in participant_ids if one not in have]
    for participant_id in new:
        code = crypto.new_code()
        session.add(
            WebhookCode(
                source_id=source_id,
                participant_id=participant_id,
                code_hash=crypto.digest(code),
                sealed=crypto.seal_under(secret, code),
            )
        )
    return len(new)


def _signature(secret: str, source_id: UUID, code: str) -> str:
    return crypto.derive(secret, "participant code", str(source_id), code).hex()[:_MARK]
