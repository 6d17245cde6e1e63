"""Tables whose files grow while their rows are still made."""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

from api.releases.files import described
from api.releases.formats import LINES
from api.releases.staging import Chunks
from api.releases.tables import Table
from schemas.release import ReleaseFileView


@dataclass(frozen=True)
class Finished:
    """Rows with exactly their table's columns, and as each format of lines writes them."""

    rows: pl.DataFrame
    lines: Mapping[str, bytes]


def finished(table: Table, frame: pl.DataFrame) -> Finished:
    """Make rows ready to be added; this is the work, and can be done for several at a time."""
    rows = table.conform(frame)
    return Finished(rows, {suffix: form.lines(rows) for suffix, form in LINES.items()})


class Growing:
    """One table: its files of lines, and its rows for the formats that want all of them."""

    def __init__(self, table: Table, folder: Path, work: Path) -> None:
        self.rows = Chunks(work / table.name, table)
        self._paths = {suffix: folder / f"{table.name}{suffix}" for suffix in LINES}
        self._open = ExitStack()
        self._files = {
            suffix: self._open.enter_context(path.open("wb")) for suffix, path in self._paths.items()
        }
        for suffix, file in self._files.items():
            file.write(LINES[suffix].head(table))

    def __enter__(self) -> Self:
        """Take rows until the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files of lines."""
        self._open.close()

    def add(self, made: Finished) -> None:
        """Add rows, in their order."""
        self.rows.add(made.rows)
        for suffix, lines in made.lines.items():
            self._files[suffix].write(lines)

    def described(self) -> list[ReleaseFileView]:
        """Return the closed files of lines."""
        return [described(path, rows=self.rows.rows) for path in self._paths.values()]
