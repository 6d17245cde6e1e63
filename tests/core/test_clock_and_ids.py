"""Time is aware and UTC; ids are UUIDv7 and ordered."""

from datetime import UTC, datetime, timedelta

import time_machine

from api.core import clock
from api.core.ids import new_id


def test_now_is_aware_and_utc() -> None:
    with time_machine.travel(datetime(2026, 11, 3, 8, 30, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
        assert clock.now().utcoffset() == timedelta(0)


def test_microseconds_are_exact_at_both_ends() -> None:
    assert clock.microseconds(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert clock.microseconds(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1
    assert clock.microseconds(datetime(2026, 11, 3, 8, 30, 0, 123_457, tzinfo=UTC)) == 1_793_694_600_123_457
    latest = clock.microseconds(datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
    assert latest == 253_402_300_799_999_999 < 2**63


def test_ids_are_uuidv7_unique_and_in_the_order_in_which_they_were_made() -> None:
    made = [new_id() for _ in range(5_000)]
    assert {one.version for one in made} == {7}
    assert len(set(made)) == len(made)
    assert made == sorted(made)


def test_an_id_holds_its_time() -> None:
    before = clock.now()
    at = new_id().int >> 80
    after = clock.now()
    assert clock.microseconds(before) // 1000 <= at <= clock.microseconds(after) // 1000
