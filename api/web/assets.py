"""Reads the client's files once: what they are, how large, and a hash of all of them, which names the build."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from api.core import crypto

CLIENT = Path(__file__).parent / "client"
MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
}


class UnknownMediaType(Exception):
    """A file of the client whose media type is not listed."""


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    media_type: str

    @cached_property
    def etag(self) -> str:
        """Return the strong validator of the content."""
        return f'"{crypto.content_hash(self.content)[:32]}"'

    @cached_property
    def gzipped(self) -> bytes | None:
        """Return the content compressed, or None where that gains nothing."""
        made = gzip.compress(self.content, 9, mtime=0)
        return made if len(made) < len(self.content) else None


def asset(name: str, content: bytes) -> Asset:
    """Return a file by the media type of its name, or raise UnknownMediaType."""
    try:
        return Asset(content, MEDIA_TYPES[Path(name).suffix])
    except KeyError:
        raise UnknownMediaType(f"Say in api/web/assets.py what {name} is.") from None


def read(folder: Path) -> dict[str, Asset]:
    """Read every file of a folder, by its path below it."""
    names = sorted(path for path in folder.rglob("*") if path.is_file() and path.name[0] != ".")
    return {path.relative_to(folder).as_posix(): asset(path.name, path.read_bytes()) for path in names}


def build_of(assets: Mapping[str, Asset]) -> str:
    """Name a build after the content of all its files."""
    lines = "".join(f"{name} {assets[name].etag}\n" for name in sorted(assets))
    return crypto.content_hash(lines.encode())[:16]
