"""Writes the files of a release into a folder that nobody sees yet: stage, tabulate, write."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from api.releases import codebook, csvw, snapshot
from api.releases.ahead import AT_ONCE, ahead
from api.releases.codebook import CODEBOOK
from api.releases.deidentify import Deidentifier
from api.releases.files import Bundle, described, write_text
from api.releases.formats import FORMATS, Format
from api.releases.formats.csv import write_csv
from api.releases.layout import Layout
from api.releases.people import People
from api.releases.pseudonyms import Scope
from api.releases.review.reviewed import entries_reviewed
from api.releases.sensitive import SensitiveValues
from api.releases.snapshot import Frozen
from api.releases.staging import Chunks, Stage
from api.releases.tables import Table
from api.releases.tabulate import TEXTS, tabulated
from schemas.release import ReleaseFileView

Beat = Callable[[int], None]
Checked = TypeVar("Checked")


@dataclass(frozen=True)
class Staged:
    """What a release shows of entries and prompts, on disk and under pseudonyms."""

    entries: Stage
    texts: Stage
    prompts: Stage
    sensitive: SensitiveValues


def stage(view: Frozen, layout: Layout, scope: Scope, work: Path, beat: Beat) -> Staged:
    """Read everything that the release may show, coarse as it will be written, in one pass."""
    made = Deidentifier(view, layout, scope)
    many = snapshot.count(view)
    reviewed = entries_reviewed(view.session, view.study_id) if layout.policy.texts else []
    cleared = pl.DataFrame({"id": reviewed}, schema={"id": pl.String})
    with_texts = []
    staged = Staged(
        Stage(work / "staged-entries", "entry", many),
        Stage(work / "staged-texts", "entry", many),
        Stage(work / "staged-prompts", "prompt", many),
        SensitiveValues(layout),
    )
    for page, entries in ahead(made.entries, snapshot.entries(view)):
        staged.entries.add(entries)
        staged.sensitive.add(entries)
        if reviewed:
            with_texts.append(page.drop("content").join(cleared, on="id", how="semi"))
        beat(staged.entries.rows)
    for page in with_texts:  # now, as pages of entries leave the database no time for other questions
        staged.texts.add(made.texts(page))
    for page in snapshot.prompts(view):
        staged.prompts.add(made.prompts(page))
    return staged


def write(
    layout: Layout,
    staged: Staged,
    people: pl.DataFrame,
    work: Path,
    bundle: Bundle,
    check: Callable[[], Checked],
) -> tuple[list[ReleaseFileView], Checked]:
    """Write every table in every format, and put each file into the bundle; `check` is given the CSV files.

    Two at a time: the formats are written, and the CSV files checked, by libraries that let Python go on.
    """
    folder, tables = bundle.folder, _tabulated(layout, staged, people, work)
    explained = list(_descriptions(layout, work, folder))
    write_first, *write_others = FORMATS
    with ThreadPoolExecutor(AT_ONCE) as pool:
        csv = list(pool.map(lambda one: _written(write_first, one, folder), tables))
        checked = pool.submit(check)  # first, as it takes longest
        others = [
            [pool.submit(_written, write_table, one, folder) for write_table in write_others]
            for one in tables
        ]
        files = list(map(bundle.add, explained))
        try:
            for first, formats in zip(csv, others, strict=True):
                files += map(bundle.add, first)
                files += [bundle.add(file) for future in formats for file in future.result()]
            return files, checked.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _tabulated(layout: Layout, staged: Staged, people: pl.DataFrame, work: Path) -> list[Chunks]:
    """Return the finished rows of every table."""
    chunks = {table.name: Chunks(work / table.name, table) for table in layout.tables}
    pairs = zip(staged.entries.parts(), staged.texts.parts(), strict=True)
    for _, found in ahead(partial(_rows, layout), pairs):
        for table, frame in found:
            chunks[table.name].add(frame)
    for prompts in staged.prompts.parts():
        if prompts is not None:
            chunks["prompts"].add(prompts)
    chunks["participants"].add(people)
    return list(chunks.values())


def _rows(
    layout: Layout, part: tuple[pl.DataFrame | None, pl.DataFrame | None]
) -> list[tuple[Table, pl.DataFrame]]:
    """Return what one part of the staged entries, with its reviewed texts, adds to each table."""
    entries, texts = part
    if entries is None:
        return []
    return list(tabulated(layout, entries, pl.DataFrame(schema=TEXTS) if texts is None else texts))


def _written(write_table: Format, rows: Chunks, folder: Path) -> list[ReleaseFileView]:
    """Write one table in one format."""
    return [described(path, rows=rows.rows) for path in write_table(rows, folder)]


def _descriptions(layout: Layout, work: Path, folder: Path) -> Iterator[ReleaseFileView]:
    """Write what explains the tables."""
    rows = Chunks(work / CODEBOOK.name, CODEBOOK)
    codebook.fill(rows, layout.tables, layout.policy)
    yield from _written(write_csv, rows, folder)
    yield write_text(folder / "codebook.json", codebook.text(layout.tables, layout.policy))
    yield write_text(folder / csvw.NAME, csvw.text([*layout.tables, CODEBOOK]))


def described_people(layout: Layout, people: People, scope: Scope) -> pl.DataFrame:
    """Return participants in the order of their pseudonyms, which tells nothing."""
    columns = [scope.participants(people.shown).values(), *zip(*people.shown.values(), strict=True)]
    schema = layout.participants.schema
    cells = zip(schema.items(), columns, strict=True)
    return pl.DataFrame([pl.Series(name, list(one), dtype) for (name, dtype), one in cells]).sort(
        "participant"
    )
