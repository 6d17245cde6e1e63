"""Verify a release from its written CSV files alone, with no code of what made them."""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from unicodedata import normalize

_LIMIT = 20
_CODEBOOK = "codebook.csv"  # the study's own wording: a participant called Will must not block every release
_SHORT_WORD = 8
_SHORT_CELL = 64
_REMEMBERED = 200_000
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63})+")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(-?)(?:[0-9a-f]{4}\1){3}[0-9a-f]{12}(?![0-9a-f])")
_STARTERS = frozenset("=+-@\t\r\n\0＝＋－＠")

People = Mapping[str, tuple[str, ...]]


def verify_files(
    files: Path | Mapping[str, Path],
    quasi_identifiers: Sequence[str],
    k: int,
    forbidden: Iterable[str],
    *,
    participant_column: str = "participant",
    entry_column: str = "entry",
) -> list[str]:
    """Return what is wrong with the written files, as sentences; an empty list means fit to publish.

    `files` is a release's folder, or its files by name. Every CSV is streamed once: UTF-8, a cell under every
    header, no cell or header that a spreadsheet would run, no e-mail address or UUID, no `forbidden` string
    outside the codebook
    (compared after NFKC, case and space folding; a forbidden word of under 8 letters only as a whole word),
    and no participant who is not in participants.csv. There each participant stands once and every class over
    `quasi_identifiers` (an empty cell and `*` are plain values) holds k people or more. In entries.csv entry
    ids are unique, and a quasi-identifier repeated there says what participants.csv says. Findings name
    places, never the text found; at most 20 per kind and file are spelled out.
    """
    found = _csv_files(files)
    missing = [name for name in ("participants.csv", "entries.csv") if name not in found]
    if missing:
        return [f"{name} is missing." for name in missing]
    scan, plain = _Scanner(forbidden), _Scanner(())
    tables = {
        name: _Table(name, path, plain if name == _CODEBOOK else scan) for name, path in sorted(found.items())
    }
    every = list(tables.values())
    people = _participants(tables.pop("participants.csv"), quasi_identifiers, k, participant_column)
    for name, table in tables.items():
        ids = entry_column if name == "entries.csv" else None
        _linked(table, people, quasi_identifiers, participant_column, ids)
    return [line for table in every for line in table.findings()]


class _Scanner:
    """Look for what no cell may hold; remembers clean cells, since coded answers repeat."""

    def __init__(self, forbidden: Iterable[str]) -> None:
        needles = {_folded(text) for text in forbidden} - {""}
        self._words = {text for text in needles if text.isalpha() and len(text) < _SHORT_WORD}
        self._anywhere = re.compile(_tree(sorted(needles - self._words))) if needles - self._words else None
        self._clean: set[str] = set()

    def problems(self, cell: str) -> list[str]:
        """Return the kinds of problem in one cell or header."""
        if cell in self._clean:
            return []
        text = _folded(cell)
        found = []
        if _runs(cell):
            found.append("a cell that a spreadsheet could run as a formula")
        if self._forbids(text):
            found.append("a forbidden string")
        if "@" in text and _EMAIL.search(text):
            found.append("an e-mail address")
        if len(text) >= 32 and _UUID.search(text):
            found.append("a UUID")
        if not found and len(cell) <= _SHORT_CELL and len(self._clean) < _REMEMBERED:
            self._clean.add(cell)
        return found

    def _forbids(self, text: str) -> bool:
        if self._anywhere and self._anywhere.search(text):
            return True
        return bool(self._words) and not self._words.isdisjoint(re.findall(r"\w+", text))


class _Table:
    """Stream one CSV file, reporting what is wrong with its shape and cells on the way."""

    def __init__(self, name: str, path: Path, scan: _Scanner) -> None:
        self.header: list[str] = []
        self._name, self._path, self._scan = name, path, scan
        self._lines: list[str] = []
        self._counts: Counter[str] = Counter()

    def add(self, record: int, kind: str, column: int = 0) -> None:
        """Report a problem of a record (the header is 1) or of the whole file (0); columns count from 1."""
        self._counts[kind] += 1
        if self._counts[kind] <= _LIMIT:
            place = (f" record {record}" if record else "") + (f" column {column}" if column else "")
            self._lines.append(f"{self._name}{place}: {kind}.")

    def findings(self) -> list[str]:
        """Return what was reported, and how many more of a kind there were."""
        more = {kind: count - _LIMIT for kind, count in self._counts.items() if count > _LIMIT}
        return self._lines + [f"{self._name}: {kind}: {count} more of these." for kind, count in more.items()]

    def rows(self, required: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        """Yield (number, cells) of each record as wide as the header; none if a required column is absent."""
        try:
            with self._path.open(encoding="utf-8", newline="") as file:
                reader = csv.reader(file, strict=True)
                self.header = next(reader, [])
                self._look(1, self.header)
                if self._lacks(required):
                    return
                for number, cells in enumerate(reader, start=2):
                    self._look(number, cells)
                    if len(cells) == len(self.header):
                        yield number, cells
                    else:
                        self.add(number, "more or fewer cells than the header")
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            self.add(0, f"cannot be read as UTF-8 CSV ({type(error).__name__})")

    def _lacks(self, required: Sequence[str]) -> bool:
        if not self.header or len(set(self.header)) != len(self.header):
            self.add(1, "the header is empty or names a column twice")
        absent = [name for name in required if name not in self.header]
        for name in absent:
            self.add(1, f"the column {name} is missing")
        return bool(absent)

    def _look(self, number: int, cells: list[str]) -> None:
        for column, cell in enumerate(cells, start=1):
            for kind in self._scan.problems(cell):
                self.add(number, kind, column)


def _csv_files(files: Path | Mapping[str, Path]) -> dict[str, Path]:
    named = files if isinstance(files, Mapping) else {path.name: path for path in files.iterdir()}
    return {name: path for name, path in named.items() if name.endswith(".csv")}


def _participants(table: _Table, names: Sequence[str], k: int, column: str) -> People:
    """Return each participant's attributes as written; report repeated participants and small classes."""
    people: dict[str, tuple[str, ...]] = {}
    for number, cells in table.rows([column, *names]):
        person, *values = (cells[table.header.index(name)] for name in (column, *names))
        if not person or person in people:
            table.add(number, "a participant without a pseudonym, or there already")
        people[person] = tuple(values)
    for size in sorted(Counter(people.values()).values()):
        if size < k:
            table.add(0, f"a class of {size} participants is below k = {k}")
    if not people:
        table.add(0, "there are no participants")
    return people


def _linked(table: _Table, people: People, names: Sequence[str], column: str, ids: str | None) -> None:
    """Report rows whose participant is unknown, whose entry id is repeated, or whose attributes differ."""
    seen: set[str] = set()
    for number, cells in table.rows([ids, column] if ids else []):
        row = dict(zip(table.header, cells, strict=True))
        if column in row and row[column] not in people:
            table.add(number, "a participant who is not in participants.csv")
        elif column in row:
            known = zip(names, people[row[column]], strict=True)
            if any(row.get(name, value) != value for name, value in known):
                table.add(number, "a quasi-identifier that differs from participants.csv")
        if ids:
            if not row[ids] or row[ids] in seen:
                table.add(number, "an entry without an id, or there already")
            seen.add(row[ids])


def _folded(text: str) -> str:
    plain = text if text.isascii() else normalize("NFKC", text)
    return " ".join(plain.casefold().split())


def _runs(cell: str) -> bool:
    return cell.lstrip(" \u3000")[:1] in _STARTERS and not _NUMBER.fullmatch(cell)


def _tree(words: Sequence[str]) -> str:
    """Return a pattern that finds any of the sorted words: a prefix tree, so that many cost little more."""
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0], []).append(word)
    parts = []
    for group in groups.values():
        first, last = group[0], group[-1]
        shared = max(i for i in range(1, len(first) + 1) if last.startswith(first[:i]))
        rest = [word[shared:] for word in group]
        parts.append(re.escape(first[:shared]) + (_tree(rest) if rest[0] else ""))
    return f"(?:{'|'.join(parts)})"
