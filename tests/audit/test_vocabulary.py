"""The words of the audit: noun.verb, each explained and used, with nothing in their detail but codes and counts."""

import re

import pytest

from api.audit.events import Event, WrongDetail
from tests.meta.repository import ROOT, sources

WORDS = "She was unhappy about the merger"
KINDS = {"staff", "participant", "operator", "system", "anonymous"}


def test_every_event_is_a_noun_and_a_verb_and_says_what_it_means() -> None:
    assert len(Event) > 20
    for event in Event:
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", event), event
        assert event.meaning.endswith("."), event
        assert event.actors, event
        assert KINDS.issuperset(event.actors), event


def test_every_event_is_recorded_somewhere() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in sources("api", "scripts"))
    assert [event for event in Event if f"Event.{event.name}" not in code] == []


def test_a_detail_holds_only_declared_codes_and_counts() -> None:
    for name in ("entries.csv", "SHA256SUMS", "csv-metadata.json", f"{'x' * 140}.parquet"):
        Event.RELEASE_DOWNLOADED.check({"number": 3, "file": name})
    Event.ACCESS_DENIED.check({"verb": "release.read"})
    Event.STAFF_ADDED.check({})


@pytest.mark.parametrize(
    "value", [WORDS, "Olivia", "leo@example.org", "+442079460000", "", None, 3, "x" * 65]
)
def test_a_code_is_never_somebodys_words(value: object) -> None:
    with pytest.raises(WrongDetail) as refused:
        Event.ACCESS_DENIED.check({"verb": value})
    assert not value or str(value) not in str(refused.value)


@pytest.mark.parametrize(
    "value", [WORDS, "leo@example.org", "../etc/passwd", "a.b.c d", "a.csv\n", "", None, 3]
)
def test_a_file_s_name_is_never_somebodys_words(value: object) -> None:
    with pytest.raises(WrongDetail):
        Event.RELEASE_DOWNLOADED.check({"file": value})


@pytest.mark.parametrize("value", ["3", True, -1, 2**53, 1.5, None])
def test_a_count_is_a_whole_number(value: object) -> None:
    with pytest.raises(WrongDetail):
        Event.PROFILE_CHANGED.check({"count": value})


def test_an_undeclared_key_is_refused() -> None:
    with pytest.raises(WrongDetail, match=r"study\.opened may not carry title"):
        Event.STUDY_OPENED.check({"title": "well"})


def test_the_page_explains_every_event() -> None:
    page = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z_.]+)` \|", page, re.MULTILINE) == [event.value for event in Event]
