"""Writes the files of a release into a folder that nobody sees yet: stage, tabulate, write."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from api.releases import codebook, csvw, snapshot
from api.releases.ahead import AT_ONCE, ahead, awaited
from api.releases.beating import Beat
from api.releases.codebook import CODEBOOK
from api.releases.deidentify import Deidentifier
from api.releases.files import Bundle, described, write_bytes, write_text
from api.releases.formats import WHOLE, Whole, csv
from api.releases.growing import Finished, Growing, finished
from api.releases.layout import Layout
from api.releases.paging import Page
from api.releases.people import People
from api.releases.pseudonyms import Scope
from api.releases.review.reviewed import entries_reviewed
from api.releases.sensitive import SensitiveValues
from api.releases.snapshot import Frozen
from api.releases.staging import Stage
from api.releases.tabulate import TEXTS, tabulated
from schemas.release import ReleaseFileView

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
    for page, entries in ahead(partial(_read, made), snapshot.entries(view)):
        staged.entries.add(entries)
        staged.sensitive.add(entries)
        if reviewed:
            with_texts.append(page.join(cleared, on="id", how="semi"))
        beat(staged.entries.rows)
    for page in with_texts:  # now, as pages of entries leave the database no time for other questions
        staged.texts.add(made.texts(page))
    for page in snapshot.prompts(view):
        staged.prompts.add(made.prompts(page))
    return staged


def _read(made: Deidentifier, page: Page) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what a page tells of its entries beside their answers, and the entries as staged."""
    frame = page()
    return frame.drop("content"), made.entries(frame)


def write(
    layout: Layout,
    staged: Staged,
    people: pl.DataFrame,
    work: Path,
    bundle: Bundle,
    check: Callable[[], Checked],
    beat: Beat,
) -> tuple[list[ReleaseFileView], Checked]:
    """Write every table in every format, and put each file into the bundle; `check` is given the CSV files.

    Two at a time: the formats are written, and the CSV files checked, by libraries that let Python go on.
    """
    alive = partial(beat, staged.entries.rows)
    files = list(_descriptions(layout, bundle.folder))
    tables = _tabulated(layout, staged, people, work, bundle.folder, alive)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        checked = pool.submit(check)  # first, as it takes longest
        wholes = [
            [pool.submit(_written, write_table, one, bundle.folder) for write_table in WHOLE]
            for one in tables
        ]
        try:
            grown = [[bundle.add(file) for file in one.described()] for one in tables]
            for file in files:
                bundle.add(file)
            for first, more in zip(grown, wholes, strict=True):
                files += first
                files += [bundle.add(file) for future in more for file in awaited(future, alive)]
            return files, awaited(checked, alive)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _tabulated(
    layout: Layout, staged: Staged, people: pl.DataFrame, work: Path, folder: Path, alive: Callable[[], None]
) -> list[Growing]:
    """Return every table, all of its rows made and its files of lines closed."""
    with ExitStack() as stack:
        tables = {table.name: stack.enter_context(Growing(table, folder, work)) for table in layout.tables}
        pairs = zip(staged.entries.parts(), staged.texts.parts(), strict=True)
        for found in ahead(partial(_rows, layout), pairs):
            for name, made in found:
                tables[name].add(made)
            alive()
        for prompts in staged.prompts.parts():
            if prompts is not None:
                tables["prompts"].add(finished(layout.prompts, prompts))
        tables["participants"].add(finished(layout.participants, people))
    return list(tables.values())


def _rows(
    layout: Layout, part: tuple[pl.DataFrame | None, pl.DataFrame | None]
) -> list[tuple[str, Finished]]:
    """Return what one part of the staged entries, with its reviewed texts, adds to each table, by its name."""
    entries, texts = part
    if entries is None:
        return []
    told = tabulated(layout, entries, pl.DataFrame(schema=TEXTS) if texts is None else texts)
    return [(table.name, finished(table, frame)) for table, frame in told if frame.height]


def _written(write_table: Whole, table: Growing, folder: Path) -> list[ReleaseFileView]:
    """Write one table in a format that wants all of it."""
    return [described(path, rows=table.rows.rows) for path in write_table(table.rows, folder)]


def _descriptions(layout: Layout, folder: Path) -> Iterator[ReleaseFileView]:
    """Write what explains the tables."""
    rows = codebook.rows(layout.tables, layout.policy)
    yield write_bytes(folder / f"{CODEBOOK.name}.csv", csv.head(CODEBOOK) + csv.lines(rows), rows.height)
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
