"""People join, leave and change at random; holders of the releases compare all that they have."""

from collections import Counter, defaultdict
from itertools import chain, combinations
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from api.core import clock
from api.releases.describing import describe
from api.releases.gate.fitting import Known
from api.releases.gate.service import pass_gate
from api.releases.models import Release, ReleaseParticipant
from api.releases.people import People
from api.releases.policy import Policy, QuasiIdentifier
from api.releases.problems import NotReachable, ReleaseTellsPeopleApart, TooFewParticipants
from schemas.disclosure import Tier
from schemas.release import ReleaseStatus
from tests.personas import World
from tests.releases.gate.house import join

REGIONS = {"leeds": ["north"], "york": ["north"], "exeter": ["south"]}
SECTORS: dict[str, list[str]] = {"council": [], "university": []}
RECIPIENTS = ("Ana", "Ben")
SEEDS = range(12)
Given = tuple[Release, dict[UUID, tuple[str, ...]]]


def policy(chance: Random, tier: Tier) -> Policy:
    """Return a policy with some of the quasi-identifiers."""
    told = [
        QuasiIdentifier(key="region", ancestors=REGIONS),
        QuasiIdentifier(key="sector", ancestors=SECTORS),
    ]
    return Policy(
        tier=tier,
        quasi_identifiers=chance.sample(told, chance.choice([0, 1, 2, 2])),
        k=3 if tier is Tier.SAFEGUARDED else 5,
        suppression_limit=0.2,
        dates=tier.dates[0],
    )


def changed(chance: Random, everybody: list[UUID], present: dict[UUID, dict[str, str]]) -> None:
    """Let a few people join, leave or change."""
    for _ in range(chance.choice([0, 1, 1, 3, 8])):
        one = chance.choice(everybody)
        if one in present and chance.random() < 0.5:
            del present[one]
        else:
            present[one] = {"region": chance.choice([*REGIONS]), "sector": chance.choice([*SECTORS])}


def history(world: World, session: Session, seed: int, *, gated: bool) -> tuple[list[Given], Counter[str]]:
    """Publish up to ten releases while people come and go; nothing of it is committed."""
    chance, given, ended = Random(seed), [], Counter[str]()
    everybody = join(world, local_gov=40)
    present: dict[UUID, dict[str, str]] = {}
    for one in everybody[:30]:
        present[one] = {"region": chance.choice([*REGIONS]), "sector": chance.choice([*SECTORS])}
    for number in range(1, 11):
        tier = chance.choice([Tier.SAFEGUARDED, Tier.SAFEGUARDED, Tier.OPEN])
        asked = policy(chance, tier)
        release = Release(
            study_id=world.study_id,
            number=number,
            tier=tier,
            recipient=chance.choice(RECIPIENTS),
            purpose="",
            policy=asked.model_dump(mode="json"),
            cutoff=clock.now(),
            seed="",
            status=ReleaseStatus.PUBLISHED,
            fit_earlier=chance.random() < 0.7,
        )
        known = Known(dict(present), {})
        try:
            people = _people(session, release, asked, known, gated=gated)
        except (ReleaseTellsPeopleApart, TooFewParticipants, NotReachable) as refused:
            ended[refused.slug] += 1
        else:
            ended["published"] += 1
            _keep(session, release, asked, people)
            given.append((release, people.shown))
        changed(chance, everybody, present)
    return given, ended


def _people(session: Session, release: Release, asked: Policy, known: Known, *, gated: bool) -> People:
    if gated:
        return pass_gate(session, release, asked, known, lambda: None).people
    return describe(asked, known.attributes, known.sensitive)


def _keep(session: Session, release: Release, asked: Policy, people: People) -> None:
    session.add(release)
    session.flush()
    keys = [one.key for one in asked.quasi_identifiers]
    for who, told in people.shown.items():
        shown = dict(zip(keys, told, strict=True))
        session.add(ReleaseParticipant(release_id=release.id, participant_id=who, shown=shown))
    session.flush()


def smallest(given: list[Given]) -> float:
    """Return the smallest group that any holder singles out, as a share of what its people were promised.

    A holder sorts people by what any choice of their releases says of each, absence included.
    """
    least = float("inf")
    for recipient in (None, *RECIPIENTS):
        held = [one for one in given if one[0].tier == Tier.OPEN or one[0].recipient == recipient]
        for chosen in chain.from_iterable(combinations(held, n) for n in range(1, len(held) + 1)):
            groups: defaultdict[tuple[tuple[str, ...] | None, ...], int] = defaultdict(int)
            for who in {who for _, shown in chosen for who in shown}:
                groups[tuple(shown.get(who) for _, shown in chosen)] += 1
            for story, size in groups.items():
                stand = zip(story, chosen, strict=True)
                k = min(release.policy["k"] for told, (release, _) in stand if told is not None)
                least = min(least, size / k)
    return least


@pytest.mark.parametrize("gated", [True, False])
def test_nobody_stands_out_unless_the_gate_is_open(world: World, engine: Engine, gated: bool) -> None:
    found, ended = [], Counter[str]()
    for seed in SEEDS:
        with Session(engine) as session:
            given, how = history(world, session, seed, gated=gated)
            found.append(smallest(given))
            ended += how
    if gated:
        assert min(found) >= 1
        assert ended["published"] > 2 * len(SEEDS)  # not only the first of each
        assert ended["release-differs-too-little"] > len(SEEDS)
    else:
        assert min(found) < 1
