"""Estimate a person's re-identification risk from the class in the sample and the weight of its people.

f: people of the class in the sample; F: their summed sampling weights, which estimate the class in the
population. Given f, the class in the population is taken to be negative binomial with probability pi = f/F of
being sampled; the risk is the expected 1/F. Edge: F = f is a whole population, and the risk 1/f.
Sources: Benedetti and Franconi 1998, Polettini 2003; as in sdcMicro (indivRisk).
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import log

from api.releases.sdc.risk import Row


def weighted_sizes(rows: Sequence[Row], weights: Sequence[float]) -> list[tuple[int, float]]:
    """Return f and F of each person's class; an empty cell is a category of its own, never a wildcard."""
    people: Counter[Hashable] = Counter()
    total: dict[Hashable, float] = {}
    for row, weight in zip(rows, weights, strict=True):
        people[tuple(row)] += 1
        total[tuple(row)] = total.get(tuple(row), 0.0) + weight
    return [(people[tuple(row)], total[tuple(row)]) for row in rows]


def exact_risk(f: int, big: float) -> float:
    """Return the expected 1/F: pi times the integral over v in 0..1 of v^(f-1) / (pi + (1-pi) v).

    By recursion over f where pi < 1/2, else by a series in 1 - pi: each is stable where it is used.
    """
    pi = _sampled(f, big)
    q = 1 - pi
    if pi < 0.5:
        integral = -log(pi) / q
        for n in range(1, f):
            integral = (1 / n - pi * integral) / q
        return pi * integral
    term = total = 1 / f
    i = 0
    while term > total * 1e-17:
        i += 1
        term *= q * i / (f + i)
        total += term
    return pi * total


def approximate_risk(f: int, big: float) -> float:
    """Return sdcMicro's approximation: exact for f of 1 and 2, from 3 on pi / (f - (1 - pi))."""
    if f < 3:
        return exact_risk(f, big)
    pi = _sampled(f, big)
    return pi / (f - (1 - pi))


def _sampled(f: int, big: float) -> float:
    if f < 1 or big < f:
        raise ValueError("A class holds at least one person, and its people stand for no fewer.")
    return f / big
