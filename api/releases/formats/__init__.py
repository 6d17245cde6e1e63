"""The register of export formats: a format is one file here and one line in the list.

A format is given finished rows under pseudonyms: it holds no identifier, so it cannot leak one.
"""

from collections.abc import Callable
from pathlib import Path

from api.releases.formats.csv import write_csv
from api.releases.staging import Chunks

Format = Callable[[Chunks, Path], list[Path]]

FORMATS: tuple[Format, ...] = (write_csv,)
"""Each writes one table into a folder and returns the files that it made."""
