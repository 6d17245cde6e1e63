"""Where release files are kept: a folder by default, any fsspec URL otherwise."""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

import fsspec
from fsspec.implementations.local import LocalFileSystem

CHUNK = 1 << 18


class Readable(Protocol):
    """Something that gives bytes."""

    def read(self, count: int, /) -> bytes:
        """Return up to `count` bytes; b"" at the end."""


class Storage:
    """A tree of immutable files below one URL."""

    def __init__(self, url: str) -> None:
        self._files, self._root = fsspec.core.url_to_fs(url)

    def publish(self, folder: Path, name: str) -> None:
        """Take the files of a finished local folder into the store under a name; they may be moved there."""
        is_local = isinstance(self._files, LocalFileSystem)
        for path in sorted(folder.iterdir()):
            target = f"{self._root}/{name}/{path.name}"
            self._files.makedirs(f"{self._root}/{name}", exist_ok=True)
            if is_local:
                shutil.move(path, target)  # a rename, on one file system
            else:
                self._files.put_file(str(path), target)

    def remove(self, name: str) -> None:
        """Remove what an unpublished attempt left under a name."""
        if self._files.exists(f"{self._root}/{name}"):
            self._files.rm(f"{self._root}/{name}", recursive=True)

    def save(self, name: str, source: Readable) -> None:
        """Copy one file into the store; it has its name only when it is whole."""
        path = f"{self._root}/{name}"
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        with self._files.open(f"{path}.partial", "wb") as handle:
            while piece := source.read(CHUNK):
                handle.write(piece)
        self._files.mv(f"{path}.partial", path)

    def holds(self, name: str, sha256: str) -> bool:
        """Say whether a file is there, with this content."""
        try:
            with self.open(name) as handle:
                return hashlib.file_digest(handle, "sha256").hexdigest() == sha256  # type: ignore[arg-type] # it reads into buffers
        except FileNotFoundError:
            return False

    def open(self, name: str) -> BinaryIO:
        """Open one file for reading."""
        handle: BinaryIO = self._files.open(f"{self._root}/{name}", "rb")
        return handle

    def chunks(self, name: str, start: int, end: int) -> Iterator[bytes]:
        """Open one file at once; then yield its bytes start..end (end excluded), in pieces of bounded size."""
        return _pieces(self.open(name), start, end)


def _pieces(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = end - start
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece
