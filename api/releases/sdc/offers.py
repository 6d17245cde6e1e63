"""Say what could be released instead of what the ledger gate refuses: coarser, or with people left for later."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from api.releases.sdc.differences import Description, Published, Story, promised
from api.releases.sdc.fineness import Fineness


def coarser(new: Published, earlier: Sequence[Published]) -> Published:
    """Return `new` with every description raised just so far that no earlier release tells less of the person.

    Cells climb by the new release's own hierarchies and end at `*` at the latest, so this always succeeds; it
    may move people into small classes: judge the result with `differences.find` or `left_for_later`.
    """
    past = [(one.shown, Fineness(new.hierarchies, one.hierarchies)) for one in earlier]
    raised: dict[tuple[Description, Story], Description] = {}
    shown = {}
    for who, told in new.shown.items():
        known = tuple(before.get(who) for before, _ in past)
        if (told, known) not in raised:
            pairs = [
                (fineness, old) for (_, fineness), old in zip(past, known, strict=True) if old is not None
            ]
            raised[told, known] = _raised(new, told, pairs)
        shown[who] = raised[told, known]
    return replace(new, shown=shown)


def left_for_later(new: Published, earlier: Sequence[Published], k: int) -> frozenset[str] | None:
    """Return the fewest people to leave out of `new` so that no story of 1 to k - 1 people remains.

    `k` is that of `new`; an earlier release may have its own, and then the least of a story's counts.
    Joiners whose atom is small wait for a later release. People who share their past with 1 to k - 1 leavers
    are left out with them, so that at least k leave together. None: the earlier releases give people away
    already, and no release to their holder can mend that. Equal people are taken by their ids, last first.
    The result may be everybody. Descriptions that are finer than before are not looked at: see `coarser`.
    """
    stories: defaultdict[Story, defaultdict[Description | None, list[str]]]
    stories = defaultdict(lambda: defaultdict(list))
    for who in sorted({one for release in (*earlier, new) for one in release.shown}):
        past = tuple(release.shown.get(who) for release in earlier)
        stories[past][new.shown.get(who)].append(who)
    out: list[str] = []
    for past, groups in stories.items():
        before = promised(past, earlier, k)
        least = min(k, before) if before else k
        leavers = len(groups.pop(None, []))
        small = [who for group in groups.values() if len(group) < least for who in group]
        out += small
        leavers += len(small)
        if 0 < leavers < before:
            large = [group for group in groups.values() if len(group) >= least]
            company = _company(large, before - leavers, least)
            if company is None:
                return None
            out += company
    return frozenset(out)


def _company(groups: Sequence[list[str]], missing: int, k: int) -> list[str] | None:
    """Return the fewest people to take from classes of k and more, at least `missing`, leaving 0 or k in each.

    Where more than k are missing, whole classes go, smallest first: perhaps more people than need be.
    """
    spare = [who for group in groups for who in group[k:]]
    if len(spare) >= missing:
        return spare[-missing:]
    taken: list[str] = []
    for group in sorted(groups, key=len):
        taken += group
        if len(taken) >= missing:
            return taken
    return None


def _raised(new: Published, told: Description, past: Sequence[tuple[Fineness, Description]]) -> Description:
    """Raise one description, cell by cell, until it is not finer than any earlier one."""
    cells = list(told)
    for place in range(len(cells)):
        for label in _above(new, place, told[place]):
            cells[place] = label
            if not any(fineness.cell_is_finer(place, label, old) for fineness, old in past):
                break
    return tuple(cells)


def _above(new: Published, place: int, label: str) -> list[str]:
    """Return a label and the labels above it, finest first; the last is `*`."""
    hierarchy = new.hierarchies[place]
    value = hierarchy.value_under(label)
    path = [hierarchy.generalise(value, level) for level in range(hierarchy.height + 1)]
    return path[path.index(label) :]
