"""The encrypted file opens whole and unchanged, or not at all."""

import io
import random

import pytest

from scripts.backup.archive import add, members, pieces
from scripts.backup.container import CHUNK, MAGIC, Reader, Writer
from scripts.backup.refusals import NotDone

WORDS = "correct horse battery staple"
WORK = 2  # so that ten thousand tries take no time; a backup's own work factor is in its header
TAG = 16


def sealed(content: bytes, passphrase: str = WORDS) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, passphrase, {"daybook": "1"}, WORK)
    for start in range(0, len(content), 100_000):
        writer.write(content[start : start + 100_000])
    writer.finish()
    return file.getvalue()


def opened(sealed_bytes: bytes, passphrase: str = WORDS) -> bytes:
    return b"".join(pieces(Reader(io.BytesIO(sealed_bytes), passphrase)))


def body_of(whole: bytes) -> int:
    """Return where the first chunk begins."""
    return len(MAGIC) + 4 + int.from_bytes(whole[len(MAGIC) : len(MAGIC) + 4], "big") + TAG


def refused(whole: bytes) -> str:
    with pytest.raises(NotDone) as told:
        opened(whole)
    return str(told.value)


@pytest.fixture(scope="module")
def content() -> bytes:
    return random.Random(1).randbytes(3 * CHUNK + 1000)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7])
def test_what_goes_in_comes_out(size: int) -> None:
    content = random.Random(size).randbytes(size)
    whole = sealed(content)
    assert opened(whole) == content
    assert size < 100 or content[:100] not in whole


def test_it_can_be_read_twice(content: bytes) -> None:
    reader = Reader(io.BytesIO(sealed(content)), WORDS)
    assert b"".join(pieces(reader)) == content
    reader.rewind()
    assert b"".join(pieces(reader)) == content
    assert reader.facts["daybook"] == "1"


def test_a_file_cut_short_is_refused_wherever_it_was_cut(content: bytes) -> None:
    whole = sealed(content)
    chance = random.Random(3)
    body = body_of(whole)
    edges = [body, *(body + number * (CHUNK + TAG) for number in (1, 2, 3)), len(whole) - 1]
    for cut in [0, 1, len(MAGIC), body - 1, *edges, *(chance.randrange(len(whole)) for _ in range(50))]:
        assert refused(whole[:cut]), cut


def test_one_changed_bit_is_found_wherever_it_is(content: bytes) -> None:
    whole = sealed(content)
    chance = random.Random(4)
    body = body_of(whole)
    for place in [*range(body), *(chance.randrange(body, len(whole)) for _ in range(50))]:
        changed = bytearray(whole)
        changed[place] ^= 1 << chance.randrange(8)
        assert refused(bytes(changed)), place


def test_every_single_byte_of_a_short_backup_counts() -> None:
    whole = sealed(b"a short diary")
    for place in range(len(whole)):
        changed = bytearray(whole)
        changed[place] ^= 0x40
        assert refused(bytes(changed)), place


def test_chunks_cannot_be_moved_repeated_dropped_or_added(content: bytes) -> None:
    whole = sealed(content)
    body, size = body_of(whole), CHUNK + TAG
    head, chunks = whole[:body], [whole[at : at + size] for at in range(body, len(whole), size)]
    assert len(chunks) == 4
    other = sealed(content)
    foreign = other[body_of(other) :][:size]
    for spoiled in (
        [chunks[1], chunks[0], *chunks[2:]],
        [chunks[0], *chunks],
        [chunks[0], *chunks[2:]],
        chunks[:3],
        [*chunks, chunks[3]],
        [*chunks, b"more"],
        [foreign, *chunks[1:]],
        [],
    ):
        assert "damaged" in refused(head + b"".join(spoiled))


def test_a_wrong_passphrase_is_told_from_damage(content: bytes) -> None:
    whole = sealed(content)
    with pytest.raises(NotDone, match="passphrase"):
        opened(whole, WORDS + " ")
    assert "damaged" in refused(whole[:-1])
    assert "not a Daybook backup" in refused(b"PK" + whole)


def test_a_header_cannot_ask_for_endless_work() -> None:
    for wrong in (0, 1, 3, -2, 2**40, 2.5, "2", None, [2]):
        header = f'{{"format": 1, "salt": "{"00" * 16}", "work": {repr(wrong).replace("None", "null")}}}'
        refused(MAGIC + len(header).to_bytes(4, "big") + header.replace("'", '"').encode() + bytes(64))


def test_two_backups_of_the_same_share_nothing_but_their_headers(content: bytes) -> None:
    one, two = sealed(content), sealed(content)
    at = body_of(one)
    assert sum(a == b for a, b in zip(one[at:], two[at:], strict=True)) < len(one) / 100


def test_members_keep_their_names_and_order() -> None:
    stream = io.BytesIO()
    given = {"manifest": b"{}", "database": random.Random(5).randbytes(200_000), "files/é 1.csv": b""}
    for name, content in given.items():
        add(stream, name, io.BytesIO(content))
    stream.seek(0)
    assert {name: b"".join(pieces(member)) for name, member in members(stream)} == given
    stream.seek(0)
    assert [name for name, _ in members(stream)] == list(given)
    with pytest.raises(NotDone):
        list(members(io.BytesIO(stream.getvalue()[:-3])))
