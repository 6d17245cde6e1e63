"""Finds the records of a CSV file that have more or fewer cells than its header."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

_CHUNK = 1 << 20
_QUOTE, _COMMA, _END = b'",\n'


def uneven_records(path: Path, width: int) -> Iterator[int]:
    """Yield the numbers of records (the header is 1) without exactly `width` cells.

    A separator counts only outside quotes, as RFC 4180 has it; a doubled quote leaves and enters them again.
    """
    inside, commas, record, pending = np.uint8(0), 0, 0, False
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found = np.frombuffer(chunk, np.uint8)
            quotes = (np.cumsum(found == _QUOTE, dtype=np.uint8) + inside) & 1
            before = np.cumsum((found == _COMMA) & (quotes == 0), dtype=np.int64) + commas
            ends = np.flatnonzero((found == _END) & (quotes == 0))
            per_record = np.diff(before[ends], prepend=0)
            yield from (record + 1 + int(at) for at in np.flatnonzero(per_record != width - 1))
            record += len(ends)
            commas = int(before[-1] - (before[ends[-1]] if len(ends) else 0))
            inside, pending = quotes[-1], chunk[-1] != _END
    if pending and commas != width - 1:
        yield record + 1
