"""Serves a frozen file: whole or in part, with its hash as ETag."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from api.core.problems import RangeNotSatisfiable
from api.core.storage import Storage
from api.releases.problems import ReleaseFilesAway

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".jsonl": "application/x-ndjson",
    ".md": "text/markdown; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".sav": "application/x-spss-sav",
    ".svg": "image/svg+xml",
    ".zip": "application/zip",
    "": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Part:
    """What of a file is to be sent: bytes start..end, end excluded."""

    status: int
    start: int
    end: int
    headers: dict[str, str]


def part(asked: Mapping[str, str], size: int, etag: str) -> Part:
    """Return what a request's conditional and range headers ask for, or raise RangeNotSatisfiable.

    One range is understood (RFC 9110); several, or one for another version of the file, give the whole file.
    """
    headers = {"ETag": etag, "Accept-Ranges": "bytes"}
    if etag in {one.strip().removeprefix("W/") for one in asked.get("if-none-match", "").split(",")}:
        return Part(304, 0, 0, headers)
    found = _RANGE.fullmatch(asked.get("range", ""))
    if found is None or asked.get("if-range", etag) != etag or not any(found.groups()):
        return Part(200, 0, size, headers | {"Content-Length": str(size)})
    first, last = found.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= size or start >= end:
        raise RangeNotSatisfiable(f"The file has {size} bytes.")
    headers |= {"Content-Range": f"bytes {start}-{end - 1}/{size}", "Content-Length": str(end - start)}
    return Part(206, start, end, headers)


def opened(storage: Storage, path: str, asked: Part) -> Iterator[bytes]:
    """Open what is to be sent before anything is said of it, or raise ReleaseFilesAway."""
    try:
        return storage.chunks(path, asked.start, asked.end)
    except Exception as error:
        raise ReleaseFilesAway from error
