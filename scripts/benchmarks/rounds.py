"""Interleaved rounds against every server, with raw driver inserts beside them; medians and ratios of those."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field

from scripts.benchmarks import raw
from scripts.benchmarks.lab import CONNECTIONS, Run, Subject, subjects
from scripts.benchmarks.report import middle, ratio

COLUMNS = ("entries_per_second", "p50", "p99", "cpu", "to_twin", "to_raw", "to_executemany", "peak_mib")
Told = dict[str, dict[str, float | None]]


@dataclass
class Measured:
    """Every round of every server, the raw inserts beside them, and the most memory each server held.

    Raw inserts are measured twice: a statement per row, and all rows of a commit in one executemany.
    """

    entries_per_request: int
    runs: dict[str, list[Run]] = field(default_factory=dict)
    raw: dict[str, list[float]] = field(default_factory=dict)
    executemany: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)

    def told(self) -> Told:
        """Return the medians and ratios of each server."""
        return {name: self._told(name) for name in self.runs}

    def _told(self, name: str) -> dict[str, float | None]:
        rates = [run.rate * self.entries_per_request for run in self.runs[name]]
        twin = [run.rate * self.entries_per_request for run in self.runs["twin"]]
        found = middle(self.runs[name])
        return asdict(found) | {
            "entries_per_second": found.rate * self.entries_per_request,
            "to_twin": ratio(rates, twin),
            "to_raw": ratio(rates, self.raw[name]) if name in self.raw else None,
            "to_executemany": ratio(rates, self.executemany[name]) if name in self.executemany else None,
            "peak_mib": self.memory[name],
        }


def measure(
    requests: Callable[[Subject, int], list[list[str]]], entries_per_request: int, rounds: int, count: int
) -> Measured:
    """Run the same requests against every server in turn, and as many raw inserts, round after round."""
    made = Measured(entries_per_request)
    expect = {"200", "201"}
    with subjects() as found:
        for subject in found.values():  # the first fill caches, and leave the rows that raw inserts copy
            subject.measure(requests(subject, 10 * CONNECTIONS // entries_per_request + CONNECTIONS), expect)
        for _ in range(rounds):
            for name, subject in found.items():
                made.runs.setdefault(name, []).append(subject.measure(requests(subject, count), expect))
                if name != "twin":
                    given = (subject.settings, count * entries_per_request, entries_per_request)
                    made.raw.setdefault(name, []).append(raw.inserted_per_second(*given))
                    rate = raw.inserted_per_second(*given, together=True)
                    made.executemany.setdefault(name, []).append(rate)
        made.memory = {name: subject.peak_memory() for name, subject in found.items()}
    return made


def table(told: Told, bars: Mapping[str, str], judged: str) -> tuple[list[str], list[list[str]]]:
    """Return the columns and rows to show."""
    rows = [[name, *(_number(one[key]) for key in COLUMNS), bars.get(name, "")] for name, one in told.items()]
    return ["", *COLUMNS, f"floor / goal of {judged}"], rows


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"
