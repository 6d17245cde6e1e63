"""Measure the re-identification risk of a release, counted on people; print the name with the figure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Row = Sequence[str]
Key = TypeVar("Key", bound=Hashable)


SYMBOLS = (
    "f: people of a class in the release, F: in the population (f itself, where no population is known),"
    " J: classes in the release, n: people in the release."
)
DEFINITIONS = {
    "prosecutor": "Someone knows that their target is in the release."
    " Highest: 1 / min f. Average: J / n. At risk: sum of f where f < k, over n.",
    "journalist": "Someone knows only that their target is in the population."
    " Highest: 1 / min F over the classes in the release. Average: max(J / sum F, (1/n) sum f / F)."
    " At risk: sum of f where F < k, over n.",
    "marketer": "Someone links the whole release and counts the links that are right."
    " Average: (1/n) sum f / F. Highest: 1 / min F. At risk: sum of f where F < k, over n.",
}


@dataclass(frozen=True)
class Risk:
    """Hold the risk of one attacker model: probabilities in 0..1, all 0 where there is nobody.

    `highest`: of the person most at risk. `average`: as the model defines it. `at_risk`: the share of
    released people whose own probability is above 1/k. `definition` says so in words, to be printed with them.
    """

    model: str
    highest: float
    average: float
    at_risk: float
    definition: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "definition", f"{DEFINITIONS[self.model]} {SYMBOLS}")


def class_sizes(rows: Iterable[Row]) -> Counter[tuple[str, ...]]:
    """Count people per equivalence class; `rows` has one row per participant, quasi-identifiers only.

    An empty cell and `*` are values like any other, never wildcards.
    """
    return Counter(tuple(row) for row in rows)


def k_anonymity(rows: Iterable[Row]) -> int:
    """Return the number of people in the smallest class (0 without people)."""
    return min(class_sizes(rows).values(), default=0)


def k_map(sample_sizes: Mapping[Key, int], population_sizes: Mapping[Key, int]) -> int:
    """Return min F over the classes present in the release: k counted in the population (0 without people)."""
    return min((big for _, big in _matched(sample_sizes, population_sizes)), default=0)


def prosecutor(sizes: Iterable[int], k: int) -> Risk:
    """Measure the risk from someone who knows that their target is in the release.

    With f_j people in class j, J classes and n people: highest 1/min f, average J/n, at risk
    sum{f_j : f_j < k} / n.
    """
    found = _positive(sizes)
    n = sum(found)
    if n == 0:
        return Risk("prosecutor", 0.0, 0.0, 0.0)
    return Risk("prosecutor", 1 / min(found), len(found) / n, sum(f for f in found if f < k) / n)


def journalist(sample_sizes: Mapping[Key, int], population_sizes: Mapping[Key, int] | None, k: int) -> Risk:
    """Measure the risk from someone who knows only that their target is in the population.

    With F_j people of the population in class j, over the J classes present in the release: highest 1/min F,
    average max(J / sum F, (1/n) sum f/F), at risk sum{f_j : F_j < k} / n. Without a population F = f.
    """
    pairs = _matched(sample_sizes, population_sizes)
    n = sum(f for f, _ in pairs)
    if n == 0:
        return Risk("journalist", 0.0, 0.0, 0.0)
    average = max(len(pairs) / sum(big for _, big in pairs), sum(f / big for f, big in pairs) / n)
    highest = 1 / min(big for _, big in pairs)
    return Risk("journalist", highest, average, sum(f for f, big in pairs if big < k) / n)


def marketer(sample_sizes: Mapping[Key, int], population_sizes: Mapping[Key, int] | None, k: int) -> Risk:
    """Measure the share of people that someone who links the whole release may expect to get right.

    Average (1/n) sum f/F, the marketer risk itself; highest and at risk are those of the single links, which
    succeed with 1/F, as for the journalist. Without a population F = f, and the average is J/n.
    """
    pairs = _matched(sample_sizes, population_sizes)
    n = sum(f for f, _ in pairs)
    if n == 0:
        return Risk("marketer", 0.0, 0.0, 0.0)
    highest = 1 / min(big for _, big in pairs)
    at_risk = sum(f for f, big in pairs if big < k) / n
    return Risk("marketer", highest, sum(f / big for f, big in pairs) / n, at_risk)


def _positive(sizes: Iterable[int]) -> list[int]:
    found = list(sizes)
    if any(size < 1 for size in found):
        raise ValueError("A class holds at least one person.")
    return found


def _matched(sample: Mapping[Key, int], population: Mapping[Key, int] | None) -> list[tuple[int, int]]:
    """Pair f and F per class of the release; refuse a population smaller than its own sample."""
    _positive(sample.values())
    pairs = [(f, f if population is None else population.get(key, 0)) for key, f in sample.items()]
    if any(big < f for f, big in pairs):
        raise ValueError(
            "The population has fewer people in a class than the release; it is not its population."
        )
    return pairs
