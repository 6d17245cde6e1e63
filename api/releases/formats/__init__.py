"""The register of export formats: a format is one file here and one line in the list.

A format is given finished rows under pseudonyms: it holds no identifier, so it cannot leak one.
"""

from collections.abc import Callable
from pathlib import Path

from api.releases.formats.csv import write_csv
from api.releases.formats.jsonl import write_jsonl
from api.releases.formats.parquet import write_parquet
from api.releases.formats.sav import write_sav
from api.releases.staging import Chunks

Format = Callable[[Chunks, Path], list[Path]]

FORMATS: tuple[Format, ...] = (write_csv, write_parquet, write_jsonl, write_sav)
"""Each writes one table into a folder and returns the files that it made; the same rows give the same bytes.

The first is what the verification reads, while the others are written.
"""
