"""What a released table is: its columns, their kinds, and what the codebook says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

Labels = Mapping[str, str]


PSEUDONYM = "pseudonym"
QUASI_IDENTIFIER = "quasi-identifier"


class Kind(StrEnum):
    """What the cells of a column hold."""

    CODE = "code"  # a pseudonym, an option, a band: words that no participant wrote
    TEXT = "text"  # what a participant wrote, as a person has reviewed it
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"  # 1 or 0


DTYPES: dict[Kind, pl.DataType] = {
    Kind.CODE: pl.String(),
    Kind.TEXT: pl.String(),
    Kind.INTEGER: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.FLAG: pl.Int8(),
}


@dataclass(frozen=True)
class Wording:
    """How one version of an instrument put a column's question, and its answers."""

    version: int
    label: Labels
    values: Mapping[str, Labels]


@dataclass(frozen=True)
class Column:
    """One column of a released table; an empty cell is a null.

    `comparable` says how far the answers to two versions that follow each other may be pooled.
    """

    name: str
    kind: Kind
    label: Labels
    values: Mapping[str, Labels] = field(default_factory=dict)
    unit: str = ""
    instrument: str = ""
    question: str = ""
    type: str = ""
    theme: str = ""
    history: tuple[Wording, ...] = ()
    comparable: Mapping[tuple[int, int], str] = field(default_factory=dict)
    disclosure: str = ""
    rule: str = ""
    role: str = ""

    @property
    def versions(self) -> tuple[int, ...]:
        """Return the versions of the instrument that have the column."""
        return tuple(one.version for one in self.history)


@dataclass(frozen=True)
class Table:
    """One table of a release; `key` names the columns that tell its rows apart."""

    name: str
    label: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def header(self) -> list[str]:
        """Return the names of the columns, in order."""
        return [column.name for column in self.columns]

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Return the type of each column."""
        return {column.name: DTYPES[column.kind] for column in self.columns}

    def conform(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the frame with exactly this table's columns, in order; a column that it lacks is empty."""
        here = set(frame.columns)
        return frame.select(
            (pl.col(name) if name in here else pl.lit(None)).cast(dtype).alias(name)
            for name, dtype in self.schema.items()
        )
