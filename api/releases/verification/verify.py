"""Verifies a release from its written CSV files alone: k, l, links, and cells that nobody may see."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from api.releases.verification.ids import Ids, repetitions
from api.releases.verification.reading import WrittenTable
from api.releases.verification.scanner import Scanner

PARTICIPANTS, ENTRIES = "participants.csv", "entries.csv"
_CODEBOOK = "codebook.csv"  # the study's own wording: a participant called Will must not block every release
_NO_ENTRY = "an entry without an id, or there already"
_UNKNOWN = "a participant who is not in participants.csv"

People = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Expected:
    """What the written files must hold: at least k people per class, l values of every sensitive question.

    `sensitive` names, for each question, its columns in entries.csv and its l; a column that is true is one
    of an option, and a 1 in it is a value.
    """

    quasi_identifiers: Sequence[str]
    k: int
    forbidden: Iterable[str] = ()
    sensitive: Mapping[str, tuple[Mapping[str, bool], int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What was found: `findings` are sentences, none if the files are fit to publish; the rest is recounted."""

    findings: tuple[str, ...]
    class_sizes: tuple[int, ...]
    distinct_l: Mapping[str, int]

    @property
    def k(self) -> int:
        """Return the number of people in the smallest class."""
        return min(self.class_sizes, default=0)


def verify_files(
    files: Path | Mapping[str, Path],
    expected: Expected,
    seen: Callable[[pl.DataFrame], None] = lambda _: None,
) -> Verdict:
    """Recount the written files, a release's folder or its files by name; `seen` is given entries.csv as it is read.

    Every CSV is streamed once: UTF-8, a cell under every header, no cell or header that a spreadsheet would
    run, no e-mail address or UUID, no forbidden string outside the codebook (compared after NFKC, case and
    space folding; a forbidden word of under 8 letters only as a whole word), and no participant who is not in
    participants.csv. There each participant stands once and every class over the quasi-identifiers (an empty
    cell and `*` are plain values) holds k people or more. Entry ids are unique in entries.csv and known
    wherever else they stand, and a quasi-identifier that is repeated says what participants.csv says.
    Findings name places, never the text found; at most 20 per kind and file are spelled out.
    """
    found = _csv_files(files)
    if missing := [name for name in (PARTICIPANTS, ENTRIES) if name not in found]:
        return Verdict(tuple(f"{name} is missing." for name in missing), (), {})
    scan, plain = Scanner(expected.forbidden), Scanner(())
    tables = {
        name: WrittenTable(name, path, plain if name == _CODEBOOK else scan)
        for name, path in sorted(found.items())
    }
    people = _participants(tables[PARTICIPANTS], expected)
    entries = _Entries(people, expected)
    entries.read(tables[ENTRIES], seen)
    for name, table in tables.items():
        if name not in (PARTICIPANTS, ENTRIES):
            entries.compare(table)
    diversity = entries.diversity(tables[ENTRIES])
    findings = tuple(line for table in tables.values() for line in table.findings())
    return Verdict(findings, tuple(sorted(Counter(people.values()).values())), diversity)


def _csv_files(files: Path | Mapping[str, Path]) -> dict[str, Path]:
    named = files if isinstance(files, Mapping) else {path.name: path for path in files.iterdir()}
    return {name: path for name, path in named.items() if name.endswith(".csv")}


def _participants(table: WrittenTable, expected: Expected) -> People:
    """Return each participant's attributes as written; report repeated participants and small classes."""
    people: dict[str, tuple[str, ...]] = {}
    names = ["participant", *expected.quasi_identifiers]
    for first, frame in table.frames(names):
        for number, (person, *values) in enumerate(frame.select(names).iter_rows(), start=first):
            if not person or person in people:
                table.add(number, "a participant without a pseudonym, or there already")
            people[person] = tuple(values)
    for size in sorted(Counter(people.values()).values()):
        if size < expected.k:
            table.add(0, f"a class of {size} participants is below k = {expected.k}")
    if not people:
        table.add(0, "there are no participants")
    return people


class _Entries:
    """Remembers, of entries.csv, what the other tables are compared with: hashes of ids, values per class."""

    def __init__(self, people: People, expected: Expected) -> None:
        self._people, self._expected = people, expected
        self._ids = Ids()
        self._values: dict[str, defaultdict[tuple[str, ...], set[str]]] = {
            key: defaultdict(set) for key in expected.sensitive
        }
        rows = [(person, *values) for person, values in people.items()]
        schema = {
            "participant": pl.String,
            **dict.fromkeys(map(_known, expected.quasi_identifiers), pl.String),
        }
        self._described = pl.DataFrame(rows, schema=schema, orient="row")

    def read(self, table: WrittenTable, seen: Callable[[pl.DataFrame], None]) -> None:
        """Look at entries.csv."""
        needed = [name for columns, _ in self._expected.sensitive.values() for name in columns]
        for first, frame in table.frames(["entry", "participant", *needed]):
            self._people_of(table, first, frame)
            self._ids.add(frame["entry"])
            table.add_where(frame["entry"] == "", first, _NO_ENTRY)
            self._remember(frame)
            seen(frame)
        self._ids.sort()
        for record in repetitions(table.read_again(), "entry", self._ids.repeated()):
            table.add(record, _NO_ENTRY)

    def compare(self, table: WrittenTable) -> None:
        """Look at another table: whoever and whatever it names must be known."""
        for first, frame in table.frames([]):
            if "participant" in frame.columns:
                self._people_of(table, first, frame)
            if "entry" in frame.columns:
                stray = ~self._ids.know(frame["entry"]) & (frame["entry"] != "")
                table.add_where(stray, first, "an entry that is not in entries.csv")

    def diversity(self, table: WrittenTable) -> dict[str, int]:
        """Return l of each sensitive question; report the classes in which too few values stand."""
        found = {}
        for key, (_, least) in self._expected.sensitive.items():
            sizes = [len(values) for values in self._values[key].values()]
            for size in sizes:
                if size < least:
                    table.add(0, f"a class with {size} values of {key} is below l = {least}")
            found[key] = min(sizes, default=0)
        return found

    def _people_of(self, table: WrittenTable, first: int, frame: pl.DataFrame) -> None:
        names = [name for name in self._expected.quasi_identifiers if name in frame.columns]
        known = frame.select("participant", *names).join(
            self._described.with_columns(_here=True), on="participant", how="left", maintain_order="left"
        )
        table.add_where(known["_here"].is_null(), first, _UNKNOWN)
        if names:
            differs = known.select(
                pl.any_horizontal(pl.col(name) != pl.col(_known(name)) for name in names)
            ).to_series()
            table.add_where(differs, first, "a quasi-identifier that differs from participants.csv")

    def _remember(self, frame: pl.DataFrame) -> None:
        for key, (columns, _) in self._expected.sensitive.items():
            for column, is_option in columns.items():
                given = frame.filter(pl.col(column) == "1" if is_option else pl.col(column) != "")
                for person, value in given.select("participant", column).unique().iter_rows():
                    if person in self._people:
                        self._values[key][self._people[person]].add(column if is_option else value)


def _known(name: str) -> str:
    return f"_known_{name}"
