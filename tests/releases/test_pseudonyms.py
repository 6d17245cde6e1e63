import re
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.pseudonyms import Scope, pseudonym, scope_key

MASTER = bytes(range(32))


def test_a_pseudonym_is_the_start_of_a_published_hmac() -> None:
    # RFC 4231, test case 1: b0344c61d8db38535ca8 afceaf0bf12b...
    assert pseudonym(b"\x0b" * 20, "Hi There") == "wa2eyyoy3m4fgxfi"


@given(st.text(min_size=1))
def test_a_pseudonym_has_80_bits_of_base32(identifier: str) -> None:
    key = scope_key(MASTER, "study", "reader", "why")
    assert re.fullmatch("[a-z2-7]{16}", pseudonym(key, identifier))
    assert pseudonym(key, identifier) == pseudonym(key, identifier)


def test_people_of_one_scope_do_not_collide() -> None:
    key = scope_key(MASTER, "study", "reader", "why")
    assert len({pseudonym(key, str(i)) for i in range(10_000)}) == 10_000


def test_every_part_of_the_scope_changes_the_key() -> None:
    scopes = [
        ("s", "r", "p"),
        ("t", "r", "p"),
        ("s", "q", "p"),
        ("s", "r", "o"),
        ("sr", "", "p"),
        ("s", "rp", ""),
    ]
    keys = [scope_key(MASTER, *scope) for scope in scopes] + [scope_key(MASTER[::-1], "s", "r", "p")]
    assert all(len(key) == 32 for key in keys)
    assert all(a != b for a, b in combinations(keys, 2))


@given(st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.integers(0, 4))
def test_text_cannot_move_from_one_part_to_the_next(
    study: str, recipient: str, purpose: str, cut: int
) -> None:
    moved = (study + recipient[:cut], recipient[cut:], purpose)
    same = moved == (study, recipient, purpose)
    assert (scope_key(MASTER, *moved) == scope_key(MASTER, study, recipient, purpose)) is same


def test_weak_keys_and_empty_identifiers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 16 bytes"):
        pseudonym(b"short", "a")
    with pytest.raises(ValueError, match="empty identifier"):
        pseudonym(MASTER, "")
    with pytest.raises(ValueError, match="at least 32 bytes"):
        scope_key(b"short", "s", "r", "p")


@given(ids=st.lists(st.none() | st.uuids().map(lambda one: one.hex), max_size=20))
def test_many_at_once_are_the_same_and_nothing_has_none(ids: list[str | None]) -> None:
    scope = Scope(b"p" * 32, b"e" * 32)
    made = scope.entries(pl.Series("id", ids, dtype=pl.String))
    assert made.to_list() == [one and pseudonym(b"e" * 32, one) for one in ids]
