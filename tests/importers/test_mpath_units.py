"""The small pieces: ids, instants, zones, words."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from api.core.ids import shaped
from scripts.importers.mpath.codebook import plain, slug
from scripts.importers.mpath.instants import BadRow, times, zone
from scripts.importers.mpath.naming import Names
from scripts.importers.mpath.reading import Row

APRIL = datetime(2024, 4, 19, 6, 16, 42, 123_000, tzinfo=UTC)
STUDY = UUID(int=1)


def row(**cells: str) -> Row:
    return Row(2, {"timeZoneOffset": "7200"} | cells)


def test_an_id_is_a_uuid_of_version_7_that_tells_its_instant() -> None:
    made = shaped(APRIL, b"\xff" * 32)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == 1_713_507_402_123
    assert shaped(APRIL, b"\x00" * 32) < made < shaped(APRIL + timedelta(milliseconds=1), b"\x00" * 32)


def test_names_are_keyed_and_tell_things_apart() -> None:
    names, others = Names("m" * 40, STUDY), Names("n" * 40, STUDY)
    assert names.person_ref("901") == Names("m" * 40, STUDY).person_ref("901")
    assert "901" not in names.person_ref("901")
    made = {
        *(names.person_ref(who) for who in ("901", "902")),
        others.person_ref("901"),
        Names("m" * 40, UUID(int=2)).person_ref("901"),
    }
    assert len(made) == 4
    entries = {names.entry_id("9", beep, APRIL, number) for beep, number in [("1", 1), ("1", 2), ("11", 1)]}
    assert len(entries) == 3


def test_a_stamp_is_the_clock_on_the_wall() -> None:
    found = times(row(timeStampStart="1713514602", timeStampStop="1713514674", timeStampScheduled="0"))
    assert found.started == datetime(2024, 4, 19, 6, 16, 42, tzinfo=UTC)
    assert found.stopped == datetime(2024, 4, 19, 6, 17, 54, tzinfo=UTC)
    assert found.planned is None


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"timeStampStart": "soon"}, "not a time"),
        ({"timeStampStart": "1713514602.5"}, "not a time"),
        ({"timeStampStart": "9" * 400}, "not a time"),
        ({"timeStampStart": "1713514602000"}, "not a time"),
        ({"timeStampStart": "-5"}, "not a time"),
        ({"timeZoneOffset": ""}, "offset"),
        ({"timeZoneOffset": "99999"}, "offset"),
        ({"timeZoneOffset": "7201"}, "offset"),
        ({"timeStampStart": "1713514602", "timeStampStop": "1713514601"}, "finished before"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_its_reason(cells: dict[str, str], why: str) -> None:
    with pytest.raises(BadRow, match=why):
        times(row(**cells))


@pytest.mark.parametrize(
    ("hours", "when", "name"),
    [
        (2, APRIL, "Europe/Brussels"),
        (1, APRIL, "Etc/GMT-1"),
        (1, datetime(2024, 1, 9, tzinfo=UTC), "Europe/Brussels"),
        (2, datetime(2024, 3, 31, 1, 0, tzinfo=UTC), "Europe/Brussels"),  # summer time begins here
        (2, datetime(2024, 3, 31, 0, 59, tzinfo=UTC), "Etc/GMT-2"),
        (3, APRIL, "Etc/GMT-3"),
        (-5, APRIL, "Etc/GMT+5"),
        (0, APRIL, "Etc/UTC"),
        (5.5, APRIL, "Asia/Calcutta"),
    ],
)
def test_a_zone_has_the_offset_of_the_file(hours: float, when: datetime, name: str) -> None:
    assert zone("Europe/Brussels", when, timedelta(hours=hours)) == name


def test_an_offset_that_no_zone_has_is_refused() -> None:
    with pytest.raises(BadRow, match="no time zone"):
        zone("Europe/Brussels", APRIL, timedelta(minutes=17))


def test_wording_loses_its_markup() -> None:
    assert (
        plain('<p style="x"> Did <strong>it</strong>&nbsp;rain <em>today</em>?</p>') == "Did it rain today?"
    )
    assert slug("With one person I don't know!") == "with_one_person_i_don_t_know"
