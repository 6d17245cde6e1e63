"""Who may hold which releases, and what those show of each person."""

import json
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from api.core import plain
from api.core.ids import dashed
from api.releases.models import LOST, Release, ReleaseParticipant
from api.releases.policy import Policy
from api.releases.sdc.differences import Description, Published
from schemas.disclosure import Tier
from schemas.release import ReleaseStatus


@dataclass(frozen=True)
class Held:
    """An earlier release: its policy, and what it shows of whom."""

    policy: Policy
    published: Published


@dataclass(frozen=True)
class Past:
    """What each kind of holder of a new release may hold already: `ids` of all, `unknown` of which nothing is kept."""

    audiences: tuple[tuple[Held, ...], ...]
    ids: frozenset[UUID] = frozenset()
    unknown: tuple[int, ...] = ()

    @property
    def releases(self) -> list[Held]:
        """Return every earlier release once, by number."""
        found = {held.published.number: held for audience in self.audiences for held in audience}
        return [found[number] for number in sorted(found)]


def audiences(new: Release, earlier: Sequence[Release]) -> list[list[Release]]:
    """Return what each kind of holder of a new release may hold already.

    Everybody may hold every open release. The recipient of a safeguarded release may hold, besides, every earlier
    safeguarded release to the same recipient, whatever the purpose; recipients do not pass releases on. So a
    safeguarded release is judged for its recipient, and an open one for the world and for each recipient.
    """
    everybody = [one for one in earlier if one.tier == Tier.OPEN]
    theirs: defaultdict[str, list[Release]] = defaultdict(list)
    for one in earlier:
        if one.tier != Tier.OPEN:
            theirs[folded(one.recipient)].append(one)
    if new.tier != Tier.OPEN:
        return [everybody + theirs[folded(new.recipient)]]
    return [everybody, *(everybody + mine for mine in theirs.values())]


def folded(name: str) -> str:
    """Return a recipient's name as names are compared: forms, case and spaces do not count."""
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


def past_of(session: Session, new: Release) -> Past:
    """Return what may be held beside a new release."""
    of_holders = audiences(new, _published(session, new))
    found = {one.id: _held(session, one) for audience in of_holders for one in audience}
    lost = select(Release.number).where(Release.study_id == new.study_id, Release.refusal == LOST)
    not_kept = [one.number for audience in of_holders for one in audience if found[one.id] is None]
    return Past(
        audiences=tuple(
            tuple(held for one in audience if (held := found[one.id]) is not None) for audience in of_holders
        ),
        ids=frozenset(found),
        unknown=tuple(sorted({*session.exec(lost), *not_kept})),
    )


def ids_beside(session: Session, new: Release) -> frozenset[UUID]:
    """Return the ids of the releases that may be held beside a new one."""
    of_holders = audiences(new, _published(session, new))
    return frozenset(one.id for audience in of_holders for one in audience)


def _published(session: Session, new: Release) -> Sequence[Release]:
    mine = (
        Release.study_id == new.study_id,
        Release.status == ReleaseStatus.PUBLISHED,
        Release.id != new.id,  # made again after it was published, a release has no earlier one in itself
    )
    return session.exec(select(Release).where(*mine).order_by(col(Release.number))).all()


def _held(session: Session, release: Release) -> Held | None:
    """Return what a release shows; None if that was not kept when it was published."""
    policy = Policy.model_validate(release.policy)
    keys = [identifier.key for identifier in policy.quasi_identifiers]
    read: dict[str, Description] = {}
    shown: dict[str, Description] = {}
    row = ReleaseParticipant
    rows = core_select(plain.hex_of(session, col(row.participant_id)), plain.json_of(session, col(row.shown)))
    for who, text in session.execute(rows.where(col(row.release_id) == release.id)):
        if text in (None, "null"):
            return None
        if text not in read:
            told = json.loads(text)
            read[text] = tuple(told[key] for key in keys)
        shown[dashed(who)] = read[text]
    hierarchies = tuple(identifier.hierarchy() for identifier in policy.quasi_identifiers)
    return Held(policy, Published(release.number, hierarchies, shown, policy.k))
