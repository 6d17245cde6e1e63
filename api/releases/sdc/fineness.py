"""Compare how finely two releases describe the same person, each by its own hierarchies."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.releases.sdc.hierarchy import MISSING, SUPPRESSED, Hierarchy, HierarchyError


@dataclass(frozen=True)
class Meaning:
    """Hold the values that one label stands for, and the lowest and highest level at which it stands."""

    values: frozenset[str]
    lowest: int
    highest: int


class Fineness:
    """Compare descriptions by the hierarchies of a new release with those by the ones of an earlier release."""

    def __init__(self, new: Sequence[Hierarchy], old: Sequence[Hierarchy]) -> None:
        places = {hierarchy.name: place for place, hierarchy in enumerate(old)}
        self._places = [places.get(hierarchy.name) for hierarchy in new]
        self._new, self._old = [_Labels(one) for one in new], [_Labels(one) for one in old]

    def is_finer(self, new: Sequence[str], old: Sequence[str]) -> bool:
        """Say whether any cell of `new` tells more of a person than their earlier description `old` did.

        A quasi-identifier that the earlier release did not have counts as `*` there; one that the new release
        does not have tells nothing. Raises `HierarchyError` for a label that its hierarchy does not know.
        """
        return any(self.cell_is_finer(place, label, old) for place, label in enumerate(new))

    def cell_is_finer(self, place: int, label: str, old: Sequence[str]) -> bool:
        """Say the same of one cell: the label in one place of the new description."""
        before = self._places[place]
        known = SUPPRESSED if before is None else old[before]
        if label == SUPPRESSED:
            return False
        if before is None or known == SUPPRESSED:
            return True
        return _tells_more(self._new[place].meaning(label), self._old[before].meaning(known))


class _Labels:
    """Hold what every label of a hierarchy means."""

    def __init__(self, hierarchy: Hierarchy) -> None:
        self._name = hierarchy.name
        self._found = _meanings(hierarchy)

    def meaning(self, label: str) -> Meaning:
        if label not in self._found:
            raise HierarchyError(f"Hierarchy {self._name!r} has no {label!r} at any level.")
        return self._found[label]


def _meanings(hierarchy: Hierarchy) -> Mapping[str, Meaning]:
    """Return the meaning of every label; `MISSING` stands for itself below the top and is under `*`."""
    values: defaultdict[str, set[str]] = defaultdict(set)
    levels: defaultdict[str, set[int]] = defaultdict(set)
    for value in (*hierarchy.levels, MISSING):
        for level in range(hierarchy.height + 1):
            label = hierarchy.generalise(value, level)
            values[label].add(value)
            levels[label].add(level)
    return {
        label: Meaning(frozenset(found), min(levels[label]), max(levels[label]))
        for label, found in values.items()
    }


def _tells_more(new: Meaning, old: Meaning) -> bool:
    """Say whether one cell, taken with the earlier one, narrows the person's value further than before.

    It does not where the new label stands for all values of the old one. It does where the two only overlap.
    Where they have nothing in common the person's value has changed: it does if it comes from a lower level.
    """
    if old.values <= new.values:
        return False
    return not old.values.isdisjoint(new.values) or new.highest < old.lowest
