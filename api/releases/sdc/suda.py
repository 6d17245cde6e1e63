"""Find the special uniques of a sample: SUDA2 scores.

A minimal sample unique (MSU) of a person is a smallest set M of attributes on which nobody else is like them:
no proper part of M singles them out. With A attributes a person's score is the sum over their MSUs of
(A - |M|)!: small sets and many of them score high; 0: not unique. Units: none; scores are compared, not added
to other risks. An empty cell is a value of its own. Edges: a single person is unique on no attribute at all,
which counts as one MSU of size 0 and scores A!.
Source: Manning, Haglin and Keane 2008 (SUDA2), as sdcMicro scores it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

import numpy as np

from api.releases.sdc.risk import Row
from api.releases.sdc.rollup import group
from api.releases.sdc.safety import Flags, Ints

MOST_ATTRIBUTES = 8


@dataclass(frozen=True)
class Suda:
    """Hold the scores of all persons in order, how many are unique, and what each attribute contributes.

    `contributions`: per attribute the share of the summed score that comes from MSUs with that attribute;
    0 if nobody is unique. They do not add up to 1, as an MSU has several attributes.
    """

    scores: tuple[int, ...]
    uniques: int
    contributions: Mapping[str, float]


def suda2(rows: Sequence[Row], names: Sequence[str]) -> Suda:
    """Score every row, one per participant; every set of attributes is looked at, so there are at most 8."""
    width, length = len(names), len(rows)
    if width > MOST_ATTRIBUTES:
        raise ValueError(f"SUDA2 looks at {MOST_ATTRIBUTES} attributes at most, not {width}.")
    if any(len(row) != width for row in rows):
        raise ValueError(f"Every row needs {width} values, one per attribute.")
    columns = [_codes([row[j] for row in rows]) for j in range(width)]
    scores = np.zeros(length, np.int64)
    parts = [0] * width
    unique: dict[tuple[int, ...], Flags] = {}
    for size in range(width + 1):
        for chosen in combinations(range(width), size):
            minimal = unique[chosen] = _unique([columns[j] for j in chosen], length)
            for left_out in combinations(chosen, size - 1) if size else ():
                minimal = minimal & ~unique[left_out]
            scores += factorial(width - size) * minimal
            for j in chosen:
                parts[j] += factorial(width - size) * int(np.count_nonzero(minimal))
    total = int(scores.sum())
    shares = {name: part / total if total else 0.0 for name, part in zip(names, parts, strict=True)}
    return Suda(tuple(scores.tolist()), int(np.count_nonzero(scores)), shares)


def _codes(values: Sequence[str]) -> Ints:
    places = {value: code for code, value in enumerate(sorted(set(values)))}
    return np.array([places[value] for value in values], np.int64)


def _unique(columns: Sequence[Ints], length: int) -> Flags:
    """Say of every row whether no other is like it in these columns."""
    first, inverse = group(columns, length)
    alone: Flags = np.bincount(inverse, minlength=len(first)) == 1
    return alone[inverse]
