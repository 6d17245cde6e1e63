"""The ledger follows from line to line: what was changed, taken away or put in is found."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.core import clock
from api.core.config import Settings
from api.core.ids import new_id
from api.core.ledger import Ledger, LedgerBroken, Line
from api.core.problems import Unavailable
from tests.databases import ROOT, make_settings

OTHER = """
import sys
from pathlib import Path
from api.core import clock
from api.core.ledger import Ledger, Line
from tests.databases import make_settings
ledger = Ledger(make_settings(Path(sys.argv[1])))
for number in range(50):
    ledger.append([Line(clock.now(), "entry.deleted", {"entry_id": f"{sys.argv[2]}-{number}"})])
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return make_settings(tmp_path)


def lines(count: int) -> list[Line]:
    return [Line(clock.now(), "entry.deleted", {"entry_id": str(new_id())}) for _ in range(count)]


def starts(whole: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield each line with its number and where it begins."""
    start = 0
    for index, line in enumerate(whole.splitlines(keepends=True)):
        yield index, start, line
        start += len(line)


def broken(settings: Settings, mark: str) -> str:
    with pytest.raises(LedgerBroken) as told:
        list(Ledger(settings).lines(mark))
    return str(told.value)


def test_what_was_noted_is_read_again_in_order(settings: Settings) -> None:
    ledger = Ledger(settings)
    before, after = lines(3), lines(4)
    ledger.append(before)
    mark = ledger.mark()
    ledger.append(after[:1])
    ledger.append(after[1:])
    found = list(ledger.lines(mark))
    assert found[:3] == before
    assert found[3].kind == "backup.made"
    assert found[4:] == after
    assert settings.ledger_path.stat().st_mode & 0o077 == 0


def test_every_changed_byte_is_found(settings: Settings) -> None:
    ledger = Ledger(settings)
    ledger.append(lines(2))
    mark = ledger.mark()
    ledger.append(lines(2))
    whole = settings.ledger_path.read_bytes()
    covered = [  # a line that the backup's own hash speaks for needs no code
        start + number
        for index, start, line in starts(whole)
        for number in range(len(line) if index > 2 else line.rindex(b"\t"))
    ]
    for place in covered[:-1]:  # without its very last byte a line is one that was cut: the test below
        changed = bytearray(whole)
        changed[place] ^= 1
        settings.ledger_path.write_bytes(changed)
        assert broken(settings, mark), place


def test_a_line_taken_away_or_put_in_is_found(settings: Settings, tmp_path: Path) -> None:
    ledger = Ledger(settings)
    ledger.append(lines(2))
    mark = ledger.mark()
    ledger.append(lines(3))
    whole = settings.ledger_path.read_bytes().splitlines(keepends=True)
    stranger = make_settings(tmp_path / "stranger", master_key=SecretStr("x" * 40), ledger=settings.ledger)
    stranger.ledger_path.parent.mkdir(parents=True)
    stranger.ledger_path.write_bytes(b"".join(whole))
    Ledger(stranger).append(lines(1))  # knows the way, but not the key
    forged = stranger.ledger_path.read_bytes()
    for spoiled in (
        whole[1:],
        [*whole[:4], *whole[5:]],
        [*whole[:3], whole[4], whole[3], whole[5]],
        [*whole, whole[5]],
        [forged],
        whole[:2],
        [b"hello\n"],
        [],
    ):
        settings.ledger_path.write_bytes(b"".join(spoiled))
        assert broken(settings, mark)
    settings.ledger_path.unlink()
    assert "There is no ledger" in broken(settings, mark)


def test_a_half_written_last_line_never_happened(settings: Settings) -> None:
    ledger = Ledger(settings)
    mark = ledger.mark()
    kept, cut, later = lines(3)
    ledger.append([kept])
    size = settings.ledger_path.stat().st_size
    ledger.append([cut])
    os.truncate(settings.ledger_path, size + 40)
    assert list(ledger.lines(mark))[1:] == [kept]
    ledger.append([later])
    assert list(ledger.lines(mark))[1:] == [kept, later]


def test_lines_under_the_key_before_a_rotation_still_count(settings: Settings) -> None:
    mark = Ledger(settings).mark()
    old, new = lines(2)
    Ledger(settings).append([old])
    turned = settings.model_copy(
        update={"master_key": SecretStr("n" * 40), "old_master_keys": settings.master_key}
    )
    Ledger(turned).append([new])
    assert list(Ledger(turned).lines(mark))[1:] == [old, new]
    assert broken(turned.model_copy(update={"old_master_keys": SecretStr("")}), mark)


def test_threads_and_processes_append_to_one_chain(settings: Settings, tmp_path: Path) -> None:
    ledger = Ledger(settings)
    mark = ledger.mark()
    others = [
        subprocess.Popen([sys.executable, "-c", OTHER, str(tmp_path), str(number)], cwd=ROOT)
        for number in range(2)
    ]
    threads = [
        threading.Thread(target=lambda: [ledger.append(lines(1)) for _ in range(20)]) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [other.wait(timeout=120) for other in others] == [0, 0]
    assert len(list(ledger.lines(mark))) == 1 + 2 * 50 + 4 * 20


def test_a_ledger_that_cannot_be_written_says_try_again(settings: Settings) -> None:
    settings.ledger_path.mkdir()
    with pytest.raises(Unavailable):
        Ledger(settings).append(lines(1))
