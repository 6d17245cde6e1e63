"""The workbooks of the XLSForm world: each is taken as its author meant it, or refused with every reason."""

import pytest

from api.instruments.xlsform.writing import write
from schemas.instrument import InstrumentDefinition
from tests.instruments.xlsform.books import places, reads, real_workbooks, refusals


def taken(name: str) -> InstrumentDefinition:
    reading = reads((real_workbooks() / f"{name}.xlsx").read_bytes(), name)
    assert {one.code for one in reading.warnings} <= {"unclassed", "language_assumed"}
    assert reads(write(reading.definition)).definition == reading.definition
    return reading.definition


def codes(definition: InstrumentDefinition, **answers: object) -> list[tuple[str, str]]:
    kind = definition.forms[0].kind
    return [(one.pointer, one.code) for one in definition.validate_answers(kind, answers)]  # type: ignore[arg-type]


def test_cities_are_offered_by_county_and_counties_by_state() -> None:
    found = taken("choice_filter_test")
    assert (found.key, found.title) == ("cascading_selects1", {"en": "cascading selects"})
    assert codes(found, state="texas", county="king", city="seattle") == []
    assert codes(found, state="washington", county="king", city="seattle") == []
    assert codes(found, state="washington", county="pierce", city="tacoma") == []
    assert codes(found, state="texas", county="pierce") == [("/answers/county", "option_irrelevant")]
    assert codes(found, state="texas", county="cameron", city="tacoma") == [
        ("/answers/city", "option_irrelevant")
    ]
    assert codes(found, county="king") == [("/answers/county", "option_irrelevant")]


def test_another_sex_is_specified() -> None:
    found = taken("specify_other")
    assert [(one.key, one.type) for one in found.questions] == [
        ("sex", "single_choice"),
        ("sex_other", "short_text"),
    ]
    assert codes(found, sex="other", sex_other="Rather not say") == []
    assert codes(found, sex="female", sex_other="Rather") == [("/answers/sex_other", "irrelevant")]
    assert codes(found, sex="unknown") == [("/answers/sex", "unknown_option")]


def test_a_good_day_is_yes_or_no() -> None:
    found = taken("yes_or_no_question")
    assert [(one.key, one.type) for one in found.questions] == [("good_day", "yes_no")]
    assert codes(found, good_day=True) == []
    assert codes(found, good_day="yes") == [("/answers/good_day", "wrong_type")]


def test_a_father_s_telephone_number_is_refused() -> None:
    content = (real_workbooks() / "group.xlsx").read_bytes()
    assert places(content, "group") == [("/survey/4/type", "unsupported_type")]


def test_a_filter_that_names_nothing_is_refused() -> None:
    """`pastel=yes` compares with a column named yes, which there is none of: nothing would ever be offered."""
    content = (real_workbooks() / "or_other.xlsx").read_bytes()
    assert places(content, "or_other") == [("/survey/3/choice_filter", "filter")]


def test_the_specification_s_own_test_form_is_refused_with_every_reason() -> None:
    content = (real_workbooks() / "xlsform_spec_test.xlsx").read_bytes()
    found = places(content)
    assert set(found) >= {
        ("/settings/2/public_key", "unsupported_column"),
        ("/settings/2/form_id", "bad_name"),
        ("/settings/2/clean_text_values", "formula"),
        ("/survey/7/relevant", "condition"),
        ("/survey/9/video", "unsupported_column"),
        ("/survey/14/constraint", "constraint"),
        ("/survey/22/required", "formula"),
        ("/survey/30/type", "unsupported_type"),
        ("/survey/34/type", "unsupported_type"),
        ("/survey/40/calculation", "unsupported_column"),
        ("/survey/55/name", "formula"),
        ("/survey/57/appearance", "appearance"),
        ("/choices/4/image", "unsupported_column"),
        ("/choices/4/label", "no_label"),
    }
    assert len(found) == 47
    sheets = [pointer.split("/")[1] for pointer, _ in found]
    assert sheets == sorted(sheets, key=["settings", "survey", "choices"].index), "sheet by sheet"


@pytest.mark.parametrize("name", ["group", "or_other", "xlsform_spec_test"])
def test_no_reason_repeats_what_somebody_wrote(name: str) -> None:
    for one in refusals((real_workbooks() / f"{name}.xlsx").read_bytes(), name):
        assert not {"pastel", "phone_number", "skip_to_end", "odk-aggregate", "MIIB"} & set(
            one.message.split()
        )
