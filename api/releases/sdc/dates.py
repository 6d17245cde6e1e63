"""Measure what dates give away: the share of people whom someone finds by knowing a few dates of their entries.

The attacker knows the true dates of some of a person's entries, and sees of every entry in the release when it
was written, as the release shows it (day, study week, phase: nothing). Whoever has as many entries at each of
those times, or more, may be the one; a person is singled out when nobody else may be. Known dates are drawn at
random, with a given seed; somebody with fewer entries is known by all of them, which needs no drawing, somebody
without any by none and never singled out. Units: a share of people, the mean over the draws. Source: the
definitions of this project.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_
from typing import TypeVar

import numpy as np

Moment = TypeVar("Moment", bound=date | str)


def singled_out(
    entries: Sequence[Sequence[Moment]],
    shown_as: Callable[[Moment], str],
    known: int = 8,
    draws: int = 20,
    seed: int = 0,
) -> float:
    """Return the share of people (one sequence of entry dates each) singled out by `known` of their dates.

    `shown_as` says how the release writes a date; `str` takes times that it has written already.
    0 without people. Equal input gives an equal result.
    """
    return singled_out_of([Counter(map(shown_as, dates)) for dates in entries], known, draws, seed)


def singled_out_of(
    counts: Sequence[Mapping[str, int]], known: int = 8, draws: int = 20, seed: int = 0
) -> float:
    """Return the same of how many entries each person has at each time, as the release writes it."""
    if known < 1 or draws < 1:
        raise ValueError("At least one date is known, in at least one draw.")
    having = _having(counts)
    random = np.random.default_rng(seed)
    found = 0
    for person, mine in enumerate(counts):
        many = sum(mine.values())
        if many <= known:
            found += draws * _is_found(person, mine, having)
            continue
        times = sorted(mine)
        ends = np.cumsum([mine[time] for time in times])
        for _ in range(draws):
            drawn = np.searchsorted(ends, random.choice(many, known, replace=False), side="right")
            found += _is_found(person, Counter(times[at] for at in drawn), having)
    return found / (draws * len(counts)) if counts else 0.0


def _is_found(person: int, dates: Mapping[str, int], having: Mapping[str, Sequence[int]]) -> bool:
    """Say whether nobody else has as many entries at each of these times, which this person has."""
    everybody = (having[time][count - 1] for time, count in dates.items())
    return bool(dates) and reduce(and_, everybody) == 1 << person


def _having(counts: Sequence[Mapping[str, int]]) -> dict[str, list[int]]:
    """Return, for each time, the people with at least 1, 2, ... entries then, as the bits of a number."""
    who: dict[str, list[list[int]]] = {}
    for person, mine in enumerate(counts):
        for time, count in mine.items():
            people = who.setdefault(time, [])
            people += [[] for _ in range(count - len(people))]
            for least in range(count):
                people[least].append(person)
    return {time: [_bits(one, len(counts)) for one in people] for time, people in who.items()}


def _bits(who: Sequence[int], people: int) -> int:
    """Return a number with a bit for each of so many people, set for some."""
    chosen = np.zeros(people, bool)
    chosen[who] = True
    return int.from_bytes(np.packbits(chosen, bitorder="little").tobytes(), "little")
