"""The files of a release as they lie in its folder: sizes, hashes, and one zip of all."""

import hashlib
import zipfile
from collections.abc import Iterable
from pathlib import Path

from schemas.release import ReleaseFileView


def write_text(path: Path, text: str) -> ReleaseFileView:
    """Write one small file."""
    path.write_bytes(text.encode())
    return described(path)


def described(path: Path, rows: int | None = None) -> ReleaseFileView:
    """Return a file's size and hash."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return ReleaseFileView(name=path.name, bytes=path.stat().st_size, sha256=digest.hexdigest(), rows=rows)


def zip_all(path: Path, files: Iterable[Path]) -> ReleaseFileView:
    """Put files into one zip, without the times at which they were written."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for one in files:
            info = zipfile.ZipInfo(one.name)
            info.compress_type = zipfile.ZIP_DEFLATED
            with one.open("rb") as source, bundle.open(info, "w", force_zip64=True) as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
    return described(path)
