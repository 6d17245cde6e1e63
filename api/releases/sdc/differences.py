"""The ledger gate: what someone who holds several releases can tell apart must be nobody or k people.

The attacker holds the new release and every earlier one given to them, and can follow each person from one
to the next (pseudonyms may be stable, answers repeat). So they sort people by their whole story: how each
release describes them, absence included. People of one story form an *atom*. Whatever the attacker computes
with classes - unions, intersections, differences, over any of the releases, at any common coarsening - is a
union of atoms. Hence THE rule: every atom of the joint partition, but that of people in no release, holds 0
or at least k people; where releases differ in their k, the least k of those in which the atom's people stand.
Comparing releases two by two is not enough: of three releases over groups of k people,
each in two of them, all pairs may pass while a single person stands in all three. A holder of fewer of the
releases sees unions of these atoms, so passing for all earlier releases is passing for any of them.

Source: the definitions of this project (differencing over releases); the lone withdrawal 6 -> 5 is its check.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from api.releases.sdc.fineness import Fineness
from api.releases.sdc.hierarchy import Hierarchy

Description = tuple[str, ...]
Story = tuple[Description | None, ...]
Kind = Literal["added", "removed", "shared", "joint", "before", "finer"]


@dataclass(frozen=True)
class Published:
    """Hold what one release shows: participant -> description as written, one cell per hierarchy, in order.

    The hierarchies are those that this release was made with; their names are the quasi-identifiers. `k` is
    what its people were promised; None: the k that is asked of the comparison.
    """

    number: int
    hierarchies: tuple[Hierarchy, ...]
    shown: Mapping[str, Description]
    k: int | None = None

    def __post_init__(self) -> None:
        width = len(self.hierarchies)
        if any(len(cells) != width for cells in self.shown.values()):
            raise ValueError(f"Release {self.number} has {width} quasi-identifiers; a description has not.")


@dataclass(frozen=True)
class Finding:
    """Say which people a release would give away, and against which earlier releases.

    `added`, `removed`, `shared`: fewer than k people joined, left, or stayed between one class of the earlier
    release and one of the new. `joint`: they stand out only when several earlier releases are combined.
    `before`: they stand out among the earlier releases already, whatever the new one says. `finer`: people
    whom the new release describes more finely than the earlier one did.
    `classes`: how the people are described in each of `earlier` and, last, in the new release; None: absent.
    """

    kind: Kind
    earlier: tuple[int, ...]
    classes: Story
    participants: frozenset[str]

    @property
    def size(self) -> int:
        """Return how many people are concerned."""
        return len(self.participants)


@dataclass(frozen=True)
class Difference:
    """Count what changed against one earlier release, for the report; people, 0 where there are none.

    `added`, `removed`, `shared`: all such people. `smallest_*`: the fewest of them in one class of the
    earlier release and one of the new.
    """

    earlier: int
    added: int
    removed: int
    shared: int
    smallest_added: int
    smallest_removed: int
    smallest_shared: int


def find(new: Published, earlier: Sequence[Published], k: int) -> list[Finding]:
    """Return why `new` may not be given to someone who may hold `earlier`; an empty list means that it may.

    Ask once per recipient, with everything they may hold; `k` is that of `new`, and of the earlier releases that
    have none of their own. Without earlier releases nothing is found: the classes of `new` itself are judged
    elsewhere. Too few people of one story are reported for the first of: the earlier releases alone, each earlier
    release with the new one, all together; each person at most once per earlier release. `finer` is found per
    earlier release, pair of classes. The order is fixed.
    """
    if not earlier:
        return []
    ordered = sorted(earlier, key=lambda one: one.number)
    old = _small(ordered, k)
    found = [Finding("before", _numbers(ordered), (*story, None), who) for story, who in old]
    told = {one for _, who in old for one in who}
    for one in ordered:
        for story, who in _small([one, new], k):
            if not who <= told:
                found.append(Finding(_kind(story), (one.number,), story, who))
    told |= {one for finding in found for one in finding.participants}
    for story, who in _small([*ordered, new], k):
        if not who <= told:
            found.append(Finding("joint", _numbers(ordered), story, who))
    return found + [finding for one in ordered for finding in _finer(new, one)]


def atoms(releases: Sequence[Published]) -> dict[Story, frozenset[str]]:
    """Return the people of each story told by the releases, in the order given; nobody's is left out."""
    people = sorted({one for release in releases for one in release.shown})
    found: defaultdict[Story, list[str]] = defaultdict(list)
    stories = zip(*(map(release.shown.get, people) for release in releases), strict=True)
    for one, story in zip(people, stories, strict=True):
        found[story].append(one)
    return {story: frozenset(who) for story, who in found.items()}


def difference(new: Published, earlier: Published) -> Difference:
    """Count what changed between two releases."""
    total: Counter[Kind] = Counter()
    least: dict[Kind, int] = {}
    for story, who in atoms([earlier, new]).items():
        kind = _kind(story)
        total[kind] += len(who)
        least[kind] = min(len(who), least.get(kind, len(who)))
    return Difference(
        earlier.number,
        total["added"],
        total["removed"],
        total["shared"],
        least.get("added", 0),
        least.get("removed", 0),
        least.get("shared", 0),
    )


def _small(releases: Sequence[Published], k: int) -> list[tuple[Story, frozenset[str]]]:
    """Return the atoms of fewer people than they were promised, the first person's id deciding the order."""
    return [(story, who) for story, who in atoms(releases).items() if len(who) < promised(story, releases, k)]


def promised(story: Story, releases: Sequence[Published], k: int) -> int:
    """Return the least k of the releases in which the people of a story stand; 0 for a story of none."""
    stands = (one for one, told in zip(releases, story, strict=True) if told is not None)
    return min((k if one.k is None else one.k for one in stands), default=0)


def _kind(story: Story) -> Kind:
    old, new = story
    return "added" if old is None else "removed" if new is None else "shared"


def _numbers(releases: Sequence[Published]) -> tuple[int, ...]:
    return tuple(release.number for release in releases)


def _finer(new: Published, earlier: Published) -> Iterator[Finding]:
    """Yield the pairs of classes in which people are described more finely than before."""
    fineness = Fineness(new.hierarchies, earlier.hierarchies)
    for story, who in atoms([earlier, new]).items():
        old, now = story
        if old is not None and now is not None and fineness.is_finer(now, old):
            yield Finding("finer", (earlier.number,), story, who)
