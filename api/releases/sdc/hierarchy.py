"""Say how the values of one quasi-identifier become coarser, level by level, up to `*`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

SUPPRESSED = "*"
MISSING = ""


class HierarchyError(ValueError):
    """Refuse a hierarchy, a value or a level, in a sentence that a researcher can act on."""


@dataclass(frozen=True)
class Hierarchy:
    """Hold, for each value, its generalisations from level 0 (itself) to the top (`*`).

    Every value has the same number of levels, and every label names one and the same set of values wherever
    it stands: a class read from a release therefore has one meaning. `MISSING` (no answer) is never listed:
    it is its own category, equal to itself below the top and `*` at the top; it matches nothing else.
    """

    name: str
    levels: Mapping[str, tuple[str, ...]] = field(hash=False)
    _leaves: tuple[Counter[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        levels = {value: tuple(path) for value, path in self.levels.items()}
        _check_paths(self.name, levels)
        leaves = tuple(Counter(column) for column in zip(*levels.values(), strict=True))
        _check_parents(self.name, levels)
        _check_labels(self.name, levels)
        object.__setattr__(self, "levels", levels)
        object.__setattr__(self, "_leaves", leaves)

    @classmethod
    def from_ancestors(cls, name: str, ancestors: Mapping[str, Sequence[str]]) -> Self:
        """Build a hierarchy from each value's ancestors, finest first, without the final `*`."""
        return cls(name, {value: (value, *above, SUPPRESSED) for value, above in ancestors.items()})

    @classmethod
    def flat(cls, name: str, values: Iterable[str]) -> Self:
        """Build a hierarchy of two levels: the value as it is, and `*`."""
        return cls(name, {value: (value, SUPPRESSED) for value in values})

    @property
    def height(self) -> int:
        """Return the number of the top level; levels run from 0 to this."""
        return len(self._leaves) - 1

    def generalise(self, value: str, level: int) -> str:
        """Return what `value` is called at `level`; refuse an unknown value or level."""
        self._check_level(level)
        if value == MISSING:
            return SUPPRESSED if level == self.height else MISSING
        if value not in self.levels:
            raise HierarchyError(f"Hierarchy {self.name!r} does not know the value {value!r}.")
        return self.levels[value][level]

    def leaves_under(self, level_value: str, level: int) -> int:
        """Count the listed values that are called `level_value` at `level` (`MISSING` below the top: 1)."""
        self._check_level(level)
        if level_value == MISSING and level < self.height:
            return 1
        if level_value not in self._leaves[level]:
            raise HierarchyError(f"Hierarchy {self.name!r} has no {level_value!r} at level {level}.")
        return self._leaves[level][level_value]

    def value_under(self, label: str) -> str:
        """Return one value that is called `label` at some level: all of them climb from there the same way."""
        if label in (MISSING, SUPPRESSED):
            return MISSING
        found = next((value for value, path in self.levels.items() if label in path), None)
        if found is None:
            raise HierarchyError(f"Hierarchy {self.name!r} has no {label!r} at any level.")
        return found

    def loss(self, label: str) -> float:
        """Return the Loss of one cell: (values under the label - 1) / (values - 1); `*`: 1, `MISSING`: 0."""
        if label in (MISSING, SUPPRESSED):
            return float(label == SUPPRESSED)
        under = sum(label in path for path in self.levels.values())
        if not under:
            raise HierarchyError(f"Hierarchy {self.name!r} has no {label!r} at any level.")
        return (under - 1) / max(len(self.levels) - 1, 1)

    def contains(self, value: str) -> bool:
        """Say whether a participant may have this value: a listed one, or `MISSING`."""
        return value == MISSING or value in self.levels

    def _check_level(self, level: int) -> None:
        if not 0 <= level <= self.height:
            raise HierarchyError(f"Hierarchy {self.name!r} has levels 0 to {self.height}, not {level}.")


def _check_paths(name: str, levels: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse no values, reserved words, a wrong first or last level, differing lengths and cycles."""
    if not levels:
        raise HierarchyError(f"Hierarchy {name!r} lists no values.")
    lengths = {len(path) for path in levels.values()}
    if len(lengths) > 1:
        counts = ", ".join(str(length) for length in sorted(lengths))
        raise HierarchyError(f"Hierarchy {name!r} must give every value as many levels; it has {counts}.")
    for value, path in levels.items():
        if len(path) < 2 or path[0] != value or path[-1] != SUPPRESSED:
            raise HierarchyError(f"In hierarchy {name!r}, {value!r} must run from itself to {SUPPRESSED!r}.")
        if MISSING in path or SUPPRESSED in path[:-1]:
            raise HierarchyError(
                f"In hierarchy {name!r}, {value!r} uses an empty label or {SUPPRESSED!r} below the top."
            )
        if any(path[i] != path[i - 1] and path[i] in path[: i - 1] for i in range(2, len(path))):
            raise HierarchyError(f"In hierarchy {name!r}, {value!r} comes back to an earlier label: a cycle.")


def _check_parents(name: str, levels: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a label that has two parents at the next level."""
    parents: dict[tuple[int, str], str] = {}
    for path in levels.values():
        for level, (child, parent) in enumerate(pairwise(path)):
            known = parents.setdefault((level, child), parent)
            if known != parent:
                raise HierarchyError(
                    f"In hierarchy {name!r}, {child!r} has two parents: {known!r} and {parent!r}."
                )


def _check_labels(name: str, levels: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a label that names different sets of values at different levels, such as a reused value."""
    sets: dict[str, frozenset[str]] = {}
    for level in range(len(next(iter(levels.values()))) - 1):
        under: dict[str, set[str]] = {}
        for value, path in levels.items():
            under.setdefault(path[level], set()).add(value)
        for label, values in under.items():
            if sets.setdefault(label, frozenset(values)) != values:
                raise HierarchyError(
                    f"In hierarchy {name!r}, {label!r} names different values at different levels;"
                    " give the coarser one its own label."
                )
