"""The layers together: what the study knows, however it is written, and long or hostile texts in linear time."""

import time
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.releases.review.candidates import candidates, unmistakable
from api.releases.review.folding import fold, folded
from api.releases.review.roster import Roster
from schemas.review import Kind, Layer

LONG = 100_000


def roster() -> Roster:
    """What a study knows."""
    made = Roster()
    made.know(Kind.PLACE, "Bradford", listed=True)
    made.know(Kind.ORGANISATION, "Café Zoë", listed=True)
    made.know(Kind.PLACE, "the old mill", listed=True)
    made.know(Kind.EMAIL, "jane@bradford.example.org")
    made.know(Kind.PHONE, "+44 20 7946 0000")
    made.know_person("Jane Smith-Jones")
    made.know_person("Grant May")
    return made


def found(text: str) -> list[tuple[str, Kind, Layer]]:
    """Return what is found in a text."""
    return [(text[one.start : one.end], one.kind, one.layer) for one in candidates(text, roster())]


@pytest.mark.parametrize(
    "written",
    [
        "Jane Smith-Jones",
        "JANE  SMITH-JONES",
        "jane\u00a0\n smith‑jones",
        "Ｊane Smith–Jones",
        "J\u00adane Smith\u200b-Jones",
    ],
)
def test_a_known_name_is_found_however_it_is_written(written: str) -> None:
    for before, after in (("", ""), ("(", ")"), ("éé ﬁ ", "’s plan"), ("with ", ", who left")):
        text = f"{before}{written}{after}"
        assert (written, Kind.PERSON, Layer.ROSTER) in found(text)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_known_name_is_found_in_every_form_of_unicode(form: str) -> None:
    written = unicodedata.normalize(form, "CAFÉ ZOË")  # type: ignore[arg-type] # one of the four
    assert found(f"at {written}.") == [(written, Kind.ORGANISATION, Layer.ROSTER)]


def test_a_known_name_is_a_whole_word() -> None:
    assert found("bradfordian bradford’s xbradford bradford2") == [("bradford", Kind.PLACE, Layer.ROSTER)]


def test_a_part_of_a_name_only_suggests_and_only_in_capitals() -> None:
    assert found("a grant, it may help") == []
    assert found("ask Grant") == [("Grant", Kind.PERSON, Layer.SUGGESTION)]
    assert found("ask Grant May") == [("Grant May", Kind.PERSON, Layer.ROSTER)]


def test_what_is_known_or_proven_wins_over_what_looks_so_and_the_longer_over_the_shorter() -> None:
    text = "Cllr Jane Smith-Jones, jane@bradford.example.org, of Bradford City Council"
    assert found(text) == [
        ("Jane Smith-Jones", Kind.PERSON, Layer.ROSTER),
        ("jane@bradford.example.org", Kind.EMAIL, Layer.ROSTER),
        ("Bradford", Kind.PLACE, Layer.ROSTER),
    ]
    assert [one.kind for one in unmistakable(candidates("Leeds LS1 4AP", Roster()))] == [Kind.POSTCODE]


def test_what_the_study_lists_keeps_its_kind() -> None:
    made = Roster()
    made.know(Kind.PLACE, "Selby", listed=True)
    made.know_person("Ann Selby")
    made.know(Kind.PERSON, "...", listed=True)
    made.know(Kind.PERSON, "a " * 99, listed=True)
    assert [(one.kind, one.layer) for one in candidates("in selby", made)] == [(Kind.PLACE, Layer.ROSTER)]


@given(st.text(max_size=60))
def test_folding_knows_where_each_character_stood(text: str) -> None:
    whole = folded(text)
    assert len(whole.text) == len(whole.starts) == len(whole.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(whole.starts, whole.ends, strict=True))
    assert whole.starts == sorted(whole.starts)
    assert fold(fold(text)) == fold(text) == whole.text.strip(" ")


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=60))
def test_the_short_way_of_folding_comes_out_the_same(text: str) -> None:
    assert fold(text) == folded(text).text.strip(" ")


@given(st.text(alphabet="JaneSmith -éBradford@.0123456789", max_size=120))
def test_candidates_never_overlap_and_are_the_same_each_time(text: str) -> None:
    once, again = candidates(text, roster()), candidates(text, roster())
    assert once == again
    assert all(one.end <= other.start for one, other in pairwise(once))


HOSTILE = {
    "letters": "a",
    "capitals": "A ",
    "names": "Ab ",
    "joined": "Ab of ",
    "initials": "A.",
    "digits": "0",
    "spaced": "0 ",
    "dashed": "0---",
    "numbers": "01274 432001 ",
    "at": "@",
    "locals": "a@",
    "dots": "a.",
    "labels": "x@a.a.a.a",
    "schemes": "http://",
    "www": "www.",
    "brackets": "(",
    "plus": "+",
    "hyphens": "-",
    "quotes": "A'",
    "marks": "\u0301\u0323",
    "jamo": "\u1161",
    "blank": " ",
    "lines": "\n",
    "known": "Jane Smith-Jones ",
    "half known": "the old ",
    "codes": "A1 ",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_long_or_hostile_text_takes_linear_time(piece: str) -> None:
    """Ten times the text takes about ten times as long: a quadratic search would take a hundred times."""
    taken = []
    for length in (LONG // 10, LONG):
        text = (piece * length)[:length]
        began = time.process_time()
        candidates(text, roster())
        taken.append(time.process_time() - began)
    assert taken[1] < max(40 * taken[0], 4)
    assert taken[1] < 20
