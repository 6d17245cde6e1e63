"""Judge whether a class of people is safe to release: enough people, enough different sensitive values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Flags = NDArray[np.bool_]
_WORD = 64


@dataclass(frozen=True)
class Sensitive:
    """Hold one sensitive attribute: for each participant the set of its values (it may be empty), l and t.

    A class is safe when the sets of its people have at least l different values together, or none at all.
    This is distinct l-diversity carried over to sets: it does not keep one value from being shared by all.
    A finished table is close when no class is farther than t from everybody (None: however far), by the
    ordered distance if `order` lists all values that there may be.
    """

    name: str
    values: Sequence[frozenset[str]]
    l: int  # noqa: E741 - the name of the criterion
    t: float | None = None
    order: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if self.l < 1:
            raise ValueError(f"l counts values and is at least 1, not {self.l}.")

    @property
    def distinct(self) -> int:
        """Return how many different values all participants have together."""
        return len(frozenset().union(*self.values))


@dataclass(frozen=True)
class Rule:
    """Say what every class needs: k people and, per sensitive attribute, l different values or none.

    Values are bits: `needs` gives, per attribute, its rows of the bit matrix (words of 64 values) and its l.
    """

    k: int
    needs: tuple[tuple[slice, int], ...] = ()

    def safe(self, people: Ints, bits: Bits) -> Flags:
        """Say for each class whether it is safe; `bits` has a column per class."""
        found: Flags = people >= self.k
        for words, least in self.needs:
            distinct = np.bitwise_count(bits[words]).sum(axis=0)
            found &= (distinct == 0) | (distinct >= least)
        return found

    def safe_together(self, people: Ints, bits: Bits) -> bool:
        """Say whether all these classes would be safe as one."""
        whole = np.array([people.sum()], np.int64)
        return bool(self.safe(whole, np.bitwise_or.reduce(bits, axis=1, keepdims=True))[0])

    def remainder(self, people: Ints, bits: Bits, first: Callable[[Ints], int]) -> Flags:
        """Mark the classes that are given up: all unsafe ones, and one more if they need it.

        The remainder may end as `*` rows, which are a class like any other; so it is empty or safe. If it is
        neither, it takes with it the smallest safe class that mends it; among equals the one that `first`
        chooses. Where none can, all classes are given up. (With k alone the first one always can.)
        """
        out: Flags = ~self.safe(people, bits)
        if not out.any() or out.all() or self.safe_together(people[out], bits[:, out]):
            return out
        rest = np.bitwise_or.reduce(bits[:, out], axis=1, keepdims=True)
        able = ~out & self.safe(people + people[out].sum(), bits | rest)
        if not able.any():
            return np.ones_like(out)
        smallest = people[able].min()
        out[first(np.flatnonzero(able & (people == smallest)))] = True
        return out


def rule_of(k: int, sensitive: Sequence[Sensitive]) -> Rule:
    """Return the rule for k and these sensitive attributes."""
    needs, start = [], 0
    for one in sensitive:
        stop = start + _words(one)
        needs.append((slice(start, stop), one.l))
        start = stop
    return Rule(k, tuple(needs))


def bits_of(people: int, sensitive: Sequence[Sensitive]) -> Bits:
    """Return the values of every participant as bits, a column each; no row without sensitive attributes."""
    bits = np.zeros((sum(map(_words, sensitive)), people), np.uint64)
    start = 0
    for one in sensitive:
        place = {value: number for number, value in enumerate(sorted(frozenset().union(*one.values)))}
        for column, values in enumerate(one.values):
            for value in values:
                word, bit = divmod(place[value], _WORD)
                bits[start + word, column] |= np.uint64(1 << bit)
        start += _words(one)
    return bits


def _words(sensitive: Sensitive) -> int:
    return -(-sensitive.distinct // _WORD)
