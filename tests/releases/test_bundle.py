"""The zip of a release: packed quickly, and what is packed already is not packed again."""

import zipfile
from pathlib import Path

from isal import isal_zlib

from api.releases.files import Bundle, described

CONTENT = b"".join(b"%d,%d\r\n" % (number, number**3) for number in range(20_000))


def test_files_are_packed_by_the_quick_library_and_parquet_is_not(tmp_path: Path) -> None:
    bundle = Bundle(tmp_path / "bundle.zip")
    for name in ("entries.csv", "entries.parquet"):
        (tmp_path / name).write_bytes(CONTENT)
        bundle.add(described(tmp_path / name))
    bundle.close()
    packed = len(isal_zlib.compress(CONTENT, wbits=-15))
    assert packed < len(CONTENT) / 2
    with zipfile.ZipFile(tmp_path / "bundle.zip") as found:
        assert [one.compress_size for one in found.infolist()] == [packed, len(CONTENT)]
        assert {found.read(one) for one in found.infolist()} == {CONTENT}
