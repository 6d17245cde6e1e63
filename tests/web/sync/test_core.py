"""Ids, clock, canonical JSON and its hash: the phone's agree with the server's."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from api.core import crypto
from schemas.canonical import NotJson, canonical
from tests.core.test_canonical import VALUES
from tests.web.browsing import imported

ASK = """async values => {
  const m = await import("/core/canonical.js");
  const one = async (value) => {
    try {
      return [m.canonical(value), await m.contentHash(value)];
    } catch (error) {
      return [error.constructor.name, null];
    }
  };
  return Promise.all(values.map(one));
}"""
NUMBERS = [
    0,
    -0.0,
    1.5,
    1e-4,
    1e-5,
    1e-7,
    0.1 + 0.2,
    2**53,
    2**53 + 2,
    1e15,
    1e16,
    1e21,
    123456789.125,
    -1e-4,
]


def by_python(value: Any) -> list[str | None]:
    try:
        text = canonical(value)
    except NotJson:
        return ["NotJson", None]
    return [text.decode(), crypto.content_hash(text)]


@settings(max_examples=15, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.lists(VALUES, min_size=20, max_size=60))
def test_canonical_json_is_the_servers(blank: Page, values: list[Any]) -> None:
    assert blank.evaluate(ASK, values) == [by_python(value) for value in values]


def test_numbers_are_written_or_refused_as_the_server_does(blank: Page) -> None:
    assert blank.evaluate(ASK, NUMBERS) == [by_python(value) for value in NUMBERS]


def test_half_a_character_is_refused_and_made_whole_before_sending(blank: Page) -> None:
    halves = """(() => {
      try { m.canonical("\\ud800"); } catch (error) {
        return [m.plain({ a: "\\ud800x\\ude00", b: "😀", c: undefined }), error.constructor.name];
      }
    })()"""
    assert imported(blank, "core/canonical", halves) == [{"a": "\ufffdx\ufffd", "b": "😀"}, "NotJson"]


def test_ids_sort_by_their_making(blank: Page) -> None:
    """Ten thousand ids within a few milliseconds are distinct, in order, and of version 7."""
    made = imported(blank, "core/ids", "Array.from({length: 10000}, m.newId)")
    assert made == sorted(set(made))
    assert {(one[14], one[19] in "89ab") for one in made} == {("7", True)}
    moment = int(made[-1].replace("-", "")[:12], 16)
    assert abs(moment - blank.evaluate("() => Date.now()")) < 5_000


def test_ids_follow_a_clock_that_was_corrected(blank: Page) -> None:
    """A clock that was a day ahead and is put right gives ids of today again."""
    made = imported(
        blank,
        "core/ids",
        "(() => { const real = Date.now; const day = 86400000; Date.now = () => real() + day; const far = m.newId();"
        " Date.now = real; const near = m.newId(); return [far, near, real()]; })()",
    )
    far, near, today = int(made[0].replace("-", "")[:12], 16), int(made[1].replace("-", "")[:12], 16), made[2]
    assert far - today > 80_000_000
    assert abs(near - today) < 5_000


@pytest.mark.parametrize(
    ("zone", "moment", "wanted"),
    [
        ("Europe/London", "2026-03-29T00:59:00Z", ["2026-03-29T00:59:00.000+00:00", 0, "2026-03-29"]),
        ("Europe/London", "2026-03-29T01:00:00Z", ["2026-03-29T02:00:00.000+01:00", 60, "2026-03-29"]),
        ("Europe/London", "2026-10-25T00:30:00Z", ["2026-10-25T01:30:00.000+01:00", 60, "2026-10-25"]),
        ("Europe/London", "2026-10-25T01:30:00Z", ["2026-10-25T01:30:00.000+00:00", 0, "2026-10-25"]),
        ("America/St_Johns", "2026-01-01T01:00:00Z", ["2025-12-31T21:30:00.000-03:30", -210, "2025-12-31"]),
        ("Asia/Kabul", "2026-01-01T19:30:00Z", ["2026-01-02T00:00:00.000+04:30", 270, "2026-01-02"]),
    ],
)
def test_the_clock_is_the_wall_clock(
    browser: Browser, files: str, zone: str, moment: str, wanted: list[Any]
) -> None:
    context = browser.new_context(timezone_id=zone, locale="en-GB")
    page = context.new_page()
    page.goto(files)
    asked = """(() => {
      const date = new Date(given);
      return [m.instant(date), m.offsetMinutes(date), m.localDate(date), m.zone()];
    })()"""
    assert imported(page, "core/clock", asked, moment) == [*wanted, zone]
    context.close()


def test_times_are_said_as_people_say_them(blank: Page) -> None:
    """Yesterday is a day on the calendar, also across the night that is an hour shorter."""
    said = imported(
        blank,
        "core/clock",
        "given.map((one) => m.when(new Date(one), new Date('2026-03-29T08:00:00Z')))",
        ["2026-03-29T07:02:00Z", "2026-03-28T23:30:00Z", "2026-03-27T12:00:00Z", "2025-11-03T12:00:00Z"],
    )
    assert said == ["08:02", "yesterday 23:30", "27 March", "3 November 2025"]
