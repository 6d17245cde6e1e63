"""The shipped instruments at work: what leaders write is taken, slips are refused."""

from typing import Any

import jsonschema_rs
import pytest

from tests.schemas.entries import ENTRIES, HURRIED
from tests.schemas.shipped import DIARY, PROFILE


@pytest.mark.parametrize(("kind", "answers"), ENTRIES)
def test_entries_as_leaders_write_them_are_accepted(kind: str, answers: dict[str, Any]) -> None:
    assert DIARY.validate_answers(kind, answers) == []
    jsonschema_rs.Draft202012Validator(DIARY.answer_schema(kind)).validate(answers)


def test_every_kind_has_such_an_entry() -> None:
    assert {kind for kind, _ in ENTRIES} == {form.kind for form in DIARY.forms}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"review_date": "2027-01-15"}, "/answers/review_date", "irrelevant"),
        ({"silo": "none", "silo_effect": "helped"}, "/answers/silo_effect", "irrelevant"),
        ({"others_involved": ["alone", "council"]}, "/answers/others_involved", "exclusive_option"),
        ({"headline": "x" * 141}, "/answers/headline", "too_long"),
        ({"confidence": 101}, "/answers/confidence", "out_of_range"),
        ({"outcome_state": "better"}, "/answers/outcome_state", "not_on_form"),
    ],
)
def test_slips_are_refused(change: dict[str, Any], pointer: str, code: str) -> None:
    errors = DIARY.validate_answers("decision", HURRIED | change)
    assert [(error.pointer, error.code) for error in errors] == [(pointer, code)]


@pytest.mark.parametrize("missing", sorted(HURRIED))
def test_each_required_answer_is_missed(missing: str) -> None:
    answers = {key: answer for key, answer in HURRIED.items() if key != missing}
    assert ("required", f"/answers/{missing}") in [
        (error.code, error.pointer) for error in DIARY.validate_answers("decision", answers)
    ]


def test_a_region_is_asked_only_inside_the_uk() -> None:
    person = {"sector": "local_gov", "role_tier": "senior_official", "leader_status": "former"}
    assert PROFILE.validate_answers("profile", person | {"country": "wales", "region": "wales"}) == []
    errors = PROFILE.validate_answers("profile", person | {"country": "outside_uk", "region": "wales"})
    assert [error.code for error in errors] == ["irrelevant"]
