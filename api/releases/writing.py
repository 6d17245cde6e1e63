"""Writes the files of a release into a folder that nobody sees yet."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from api.releases.cells import csv_line, guarded_header, text_cell
from api.releases.columns import FIXED, Column
from api.releases.people import People
from api.releases.rows import Scope
from schemas.release import ReleaseFileView

CODEBOOK = (
    "file",
    "column",
    "instrument",
    "versions",
    "question",
    "type",
    "label",
    "values",
    "unit",
    "class",
    "rule",
)
FIXED_LABELS = {
    "entry": "pseudonym of the entry, fresh in each release",
    "participant": "pseudonym of the participant, the same in every release to this recipient for this purpose",
    "instrument": "instrument that was filled in",
    "instrument_version": "version of that instrument",
    "kind": "kind of entry",
    "study_week": "week of the study, from 1; before: earlier than the study",
    "time_of_day": "early 5-8, morning 8-12, midday 12-14, afternoon 14-18, evening 18-22, night",
    "entered_by": "who filled it in",
    "follows": "the entry that this one follows up",
}


def write_table(path: Path, header: Sequence[str], lines: Iterable[list[str]]) -> ReleaseFileView:
    """Write one CSV file and return its size, hash and number of rows."""
    digest, size, rows = hashlib.sha256(), 0, -1
    with path.open("wb") as file:
        for some in _headed(header, lines):
            data = "".join(some).encode()
            file.write(data)
            digest.update(data)
            size += len(data)
            rows += len(some)
    return ReleaseFileView(name=path.name, bytes=size, sha256=digest.hexdigest(), rows=rows)


def write_text(path: Path, text: str) -> ReleaseFileView:
    """Write one small file."""
    path.write_bytes(text.encode())
    return described(path)


def described(path: Path) -> ReleaseFileView:
    """Return a file's size and hash."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return ReleaseFileView(name=path.name, bytes=path.stat().st_size, sha256=digest.hexdigest())


def participant_lines(people: People, scope: Scope) -> list[str]:
    """Write participants in the order of their pseudonyms, which tells nothing."""
    rows = [[scope.participant(who), *map(text_cell, shown)] for who, shown in people.shown.items()]
    return [csv_line(row) for row in sorted(rows)]


def codebook_lines(columns: Sequence[Column], quasi_identifiers: Sequence[str], language: str) -> list[str]:
    """Write one line per column of every table."""
    rows = [["entries.csv", name, "", "", "", "", FIXED_LABELS[name], "", "", "", ""] for name in FIXED]
    rows += [_codebook_row(column, language) for column in columns]
    rows += [["participants.csv", "participant", "", "", "", "", FIXED_LABELS["participant"], "", "", "", ""]]
    rows += [
        [
            "participants.csv",
            key,
            "",
            "",
            key,
            "",
            "quasi-identifier",
            "",
            "",
            "generalise",
            "generalised until k people share it; *: suppressed",
        ]
        for key in quasi_identifiers
    ]
    return [csv_line(map(text_cell, row)) for row in rows]


def zip_all(path: Path, files: Iterable[Path]) -> ReleaseFileView:
    """Put files into one zip, without the times at which they were written."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for one in files:
            info = zipfile.ZipInfo(one.name)
            info.compress_type = zipfile.ZIP_DEFLATED
            with one.open("rb") as source, bundle.open(info, "w", force_zip64=True) as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
    return described(path)


def _headed(header: Sequence[str], lines: Iterable[list[str]]) -> Iterator[list[str]]:
    yield [csv_line(map(guarded_header, header))]
    yield from lines


def _codebook_row(column: Column, language: str) -> list[str]:
    row = column.described
    values = "; ".join(f"{value} = {_in(labels, language)}" for value, labels in row.values.items())
    return [
        "entries.csv",
        column.name,
        column.instrument,
        " ".join(map(str, column.versions)),
        row.question,
        row.type,
        _in(row.label, language),
        values,
        row.unit or "",
        column.disclosure.value,
        column.rule,
    ]


def _in(labels: dict[str, str], language: str) -> str:
    return labels.get(language) or next(iter(labels.values()), "")
