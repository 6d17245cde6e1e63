"""Brings the layers together: every candidate of a text, none on top of another."""

from collections.abc import Iterable

from api.releases.review.patterns import FINDERS, Candidate, Finder
from api.releases.review.roster import Roster
from schemas.review import Layer


def candidates(text: str, roster: Roster) -> list[Candidate]:
    """Return what may tell of somebody, from left to right.

    Where two overlap, what the study knows or what proves itself wins over what only looks so; of those the longer
    wins, of suggestions the earlier in the register; then the first.
    """
    found: list[tuple[int, Candidate]] = []
    finders: tuple[Roster | Finder, ...] = (roster, *FINDERS)
    for rank, finder in enumerate(finders, 1):
        found += [(rank if one.layer is Layer.SUGGESTION else 0, one) for one in finder.find(text)]
    return _apart(found, len(text))


def unmistakable(found: Iterable[Candidate]) -> list[Candidate]:
    """Return what no decision may pass over in silence: known names, and what proves itself by its form."""
    return [one for one in found if one.layer is not Layer.SUGGESTION]


def _apart(found: list[tuple[int, Candidate]], length: int) -> list[Candidate]:
    taken, kept = bytearray(length), []
    for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].start - pair[1].end, pair[1].start)):
        if taken.find(1, one.start, one.end) < 0:
            taken[one.start : one.end] = b"\x01" * (one.end - one.start)
            kept.append(one)
    return sorted(kept)
