"""The shipped instruments against the design: value lists, classes, required taps and real entries."""

from collections.abc import Iterator
from typing import Any

import pytest

from schemas.instrument import InstrumentDefinition
from schemas.questions import ChoiceBase, Disclosure, Question, RepeatGroupQuestion
from tests.schemas.design import LISTS, PROFILE_LISTS
from tests.schemas.shipped import DIARY, PROFILE


def walk(instrument: InstrumentDefinition) -> Iterator[tuple[str, Question]]:
    for question in instrument.questions:
        yield question.key, question
        if isinstance(question, RepeatGroupQuestion):
            yield from ((f"{question.key}.{child.key}", child) for child in question.children)


def values(text: str) -> list[str]:
    return [value.strip() for value in text.split(",")]


def required(instrument: InstrumentDefinition, kind: str) -> set[str]:
    form = instrument.form(kind)
    assert form is not None
    return {item.question for item in form.items if item.required}


@pytest.mark.parametrize(("instrument", "lists"), [(DIARY, LISTS), (PROFILE, PROFILE_LISTS)])
def test_value_lists_are_the_designs(instrument: InstrumentDefinition, lists: dict[str, str]) -> None:
    found = {name: question for name, question in walk(instrument) if isinstance(question, ChoiceBase)}
    for name, text in lists.items():
        assert [option.value for option in found[name].options] == values(text), name


def test_every_choice_of_the_diary_is_in_the_copy_above() -> None:
    choices = {name for name, question in walk(DIARY) if isinstance(question, ChoiceBase)}
    assert choices - LISTS.keys() == {"phase_since", "incident_precision", "next_review"}


@pytest.mark.parametrize("instrument", [DIARY, PROFILE])
def test_every_question_has_a_class(instrument: InstrumentDefinition) -> None:
    assert [name for name, question in walk(instrument) if question.disclosure is None] == []


def test_classes_are_the_designs() -> None:
    classes: dict[Disclosure, set[str]] = {disclosure: set() for disclosure in Disclosure}
    for name, question in walk(DIARY):
        classes[question.effective_disclosure].add(name)
    assert classes[Disclosure.TEXT] == {
        *("headline", "options_considered.label", "role_change_note", "expected_outcome", "learning"),
        *("main_decision", "what_changed_note", "what_helped", "advice_to_peer"),
        *("incident_context", "incident_act", "incident_consequence"),
    }
    assert classes[Disclosure.RESTRICTED] == {"quotable", "embargo_until", "keep_out", "partnership_alias"}
    assert classes[Disclosure.GENERALISE] == {
        *("review_after", "review_date", "next_review", "next_review_date"),
        *("incident_year", "incident_precision", "episodes.start", "episodes.end"),
    }
    assert classes[Disclosure.NEVER] == set()


def test_free_text_is_never_open_and_warns_about_names() -> None:
    for name, question in walk(DIARY):
        if question.type in ("short_text", "long_text"):
            assert question.effective_disclosure in (Disclosure.TEXT, Disclosure.RESTRICTED), name
            assert question.hint is not None, name
            assert "name" in question.hint["en"], name


def test_kinds_are_the_designs() -> None:
    assert [form.kind for form in DIARY.forms] == values(
        "decision, moment, day, followup, journey, incident, nothing_to_report"
    )
    assert [form.kind for form in PROFILE.forms] == ["profile"]


def test_a_decision_takes_eight_taps_and_one_text() -> None:
    taps = values("setting, others_involved, decision_status, decision_kind, lpip_theme, phase")
    taps += ["confidence", "review_after"]
    assert required(DIARY, "decision") == {*taps, "headline"}
    form = DIARY.form("decision")
    assert form is not None
    behind = {item.question for item in form.items if item.more}
    assert {item.question for item in form.items} - behind == {*taps, "headline", "review_date"}


def test_every_row_of_the_decision_table_is_on_its_form() -> None:
    form = DIARY.form("decision")
    assert form is not None
    assert {item.question for item in form.items} == {
        *values(
            "recall_gap, setting, others_involved, others_count_band, initiator, headline, decision_status"
        ),
        *values(
            "decision_kind, lpip_theme, lpip_theme_primary, trigger, stakes, reversibility, time_pressure"
        ),
        *values("time_available, authority, options_considered, evidence_used, evidence_missing, influence"),
        *values(
            "partnership_role, role_change, role_change_note, silo, silo_effect, barriers, enablers, phase"
        ),
        *values(
            "direction, leadership_act, expected_outcome, confidence, review_after, review_date, valence"
        ),
        *values("energy, strain, who_gains, who_bears_cost, learning, quotable, embargo_until, keep_out"),
    }


def test_the_other_forms_require_what_they_are_for() -> None:
    assert required(DIARY, "moment") == set(
        values("setting, others_involved, lpip_theme, phase, valence, energy, strain")
    )
    assert required(DIARY, "day") == {"episodes"}
    assert required(DIARY, "nothing_to_report") == {"reason"}
    assert required(PROFILE, "profile") == {"sector", "country", "role_tier", "leader_status"}


def test_lengths_and_bounds_are_the_designs() -> None:
    schema: dict[str, Any] = {name: question.json_schema() for name, question in walk(DIARY)}
    assert [schema[key]["maxLength"] for key in ("headline", "expected_outcome", "learning")] == [
        140,
        280,
        500,
    ]
    assert [schema[key]["maximum"] for key in ("stakes", "time_pressure", "surprise", "process_quality")] == [
        5
    ] * 4
    assert [schema[key]["maximum"] for key in ("valence", "energy", "strain", "episodes.strain")] == [7] * 4
    assert schema["influence.strength"]["maximum"] == 3
    assert [schema[key]["maxItems"] for key in ("options_considered", "influence", "episodes")] == [5, 4, 5]
    assert schema["episodes"]["minItems"] == 3


def test_theme_labels_are_the_studys_own() -> None:
    question = DIARY.question("lpip_theme")
    assert isinstance(question, ChoiceBase)
    assert [option.label["en"] for option in question.options][:-1] == [
        "Data for Place",
        "Professional Standards for Place-Based Research Partnerships",
        "Public Procurement and Innovation",
        "Business Cases",
        "Felt Experiences",
        "Skills",
        "Place Leadership",
    ]


def test_profile_attributes_can_be_generalised() -> None:
    for question in PROFILE.questions:
        if isinstance(question, ChoiceBase):
            assert question.disclosure is Disclosure.GENERALISE
            assert question.hierarchy is not None
        else:
            assert (question.key, question.disclosure) in (
                ("language", "restricted"),
                ("time_zone", "restricted"),
            )
    region = PROFILE.question("region")
    assert isinstance(region, ChoiceBase)
    assert len(region.options) == 12
