"""The files of a release as they lie in its folder: sizes, hashes, and one zip of all."""

import hashlib
import zipfile
from collections.abc import Sequence
from pathlib import Path

from isal import isal_zlib

from schemas.release import ReleaseFileView

_PACKED = ".parquet"
_WITHOUT_HEADER = -15
"""How a zip wants its deflated bytes."""


def write_text(path: Path, text: str) -> ReleaseFileView:
    """Write one small file of text."""
    return write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes, rows: int | None = None) -> ReleaseFileView:
    """Write one small file."""
    path.write_bytes(content)
    return described(path, rows)


def described(path: Path, rows: int | None = None) -> ReleaseFileView:
    """Return a file's size and hash."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return ReleaseFileView(name=path.name, bytes=path.stat().st_size, sha256=digest.hexdigest(), rows=rows)


class Bundle:
    """One zip of all files, filled while others are still written; it says nothing of when they were."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._zip = zipfile.ZipFile(path, "w")

    @property
    def folder(self) -> Path:
        """Return where the files stand."""
        return self._path.parent

    def add(self, one: ReleaseFileView) -> ReleaseFileView:
        """Add a file that stands beside the bundle, and return what was added."""
        info = zipfile.ZipInfo(one.name)
        is_packed = one.name.endswith(_PACKED)
        info.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        with (
            (self.folder / one.name).open("rb") as source,
            self._zip.open(info, "w", force_zip64=True) as target,
        ):
            if not is_packed:  # zipfile offers no public way to say who packs
                target._compressor = isal_zlib.compressobj(wbits=_WITHOUT_HEADER)  # type: ignore[attr-defined] # there, and not in the stubs
            while piece := source.read(1 << 20):
                target.write(piece)
        return one

    def close(self) -> None:
        """Give the file back, finished or not."""
        self._zip.close()

    def sealed(self, files: Sequence[ReleaseFileView]) -> list[ReleaseFileView]:
        """Add the hashes of all files, as `sha256sum -c` reads them, and return their seal and the whole bundle."""
        lines = "".join(f"{one.sha256}  {one.name}\n" for one in files)
        sums = self.add(write_text(self.folder / "SHA256SUMS", lines))
        self.close()
        return [sums, described(self._path)]
