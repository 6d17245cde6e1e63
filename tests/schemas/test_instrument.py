"""An instrument as a whole: what it refuses to be, and how it judges an entry's answers."""

from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from schemas.instrument import InstrumentDefinition
from tests.schemas.samples import CHILDREN, LABEL, options


def question(key: str, type_: str = "yes_no", **extra: Any) -> dict[str, Any]:
    return {"type": type_, "key": key, "label": LABEL, "disclosure": "open", **extra}


def form(kind: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "label": LABEL, "contingency": "event", "items": list(items)}


def ask(key: str, **extra: Any) -> dict[str, Any]:
    return {"question": key, **extra}


def on_silo(*values: str) -> dict[str, Any]:
    return {"in": {"question": "silo", "values": list(values)}}


def definition(**changes: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "key": "small_diary",
        "version": 1,
        "title": {"en": "A small diary"},
        "default_language": "en",
        "languages": ["en"],
        "questions": [
            question("read_this", "note"),
            question("setting", "single_choice", options=options("desk", "travel")),
            question("silo", "single_choice", options=options("within", "between", "none")),
            question(
                "silo_effect",
                "single_choice",
                options=options("helped", "hindered"),
                relevant=on_silo("within"),
            ),
            question("considered", "repeat_group", children=CHILDREN, max_items=2),
            question("elsewhere"),
        ],
        "forms": [
            form(
                "decision",
                ask("read_this"),
                ask("setting", required=True),
                ask("silo"),
                ask("silo_effect", required=True, more=True),
                ask("considered"),
            ),
            form("other", ask("elsewhere")),
        ],
    }
    return base | changes


def build(**changes: Any) -> InstrumentDefinition:
    return InstrumentDefinition.model_validate(definition(**changes))


def more(*questions: dict[str, Any]) -> dict[str, Any]:
    return {"questions": [*definition()["questions"], *questions]}


QUOTABLE = {"disclosure": "restricted", "options": options("yes", "paraphrase_only", "no")}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (more(question("setting")), "question key 'setting' is used more than once"),
        (more(question("m", "multiple_choice", options=options("a")), question("m__a")), "CSV column 'm__a'"),
        (
            {"forms": [form("decision", ask("setting")), form("decision", ask("setting"))]},
            "form kind 'decision'",
        ),
        ({"forms": [form("decision", ask("nowhere"))]}, "asks 'nowhere', which is not a question here"),
        ({"forms": [form("decision", ask("setting"), ask("setting"))]}, "asks 'setting' more than once"),
        ({"forms": [form("decision", ask("read_this", required=True))]}, "requires an answer to the note"),
        ({"forms": [form("decision", ask("silo_effect"))]}, "but not 'silo', on which it depends"),
        (more(question("x", relevant={"answered": {"question": "y"}})), "names 'y', which is not a question"),
        (more(question("x", relevant={"answered": {"question": "x"}})), "'x' depends, in a circle"),
        (
            more(
                question("x", relevant={"answered": {"question": "y"}}),
                question("y", relevant={"not": {"answered": {"question": "x"}}}),
            ),
            "'y' depends, in a circle",
        ),
        (more(question("x", relevant=on_silo("withn"))), "waits for an option that 'silo' does not have"),
        (more(question("keep_out", "date", disclosure="restricted")), "its type must be yes_no"),
        (more(question("embargo_until", disclosure="restricted")), "its type must be date"),
        (more(question("keep_out")), "its class must be restricted"),
        (
            more(question("quotable", "single_choice", disclosure="restricted", options=options("yes"))),
            "exactly yes",
        ),
        (more(question("x", label={"cy": "Cwestiwn"})), "default language 'en'"),
        (more(question("x", label={"en": "  "})), "default language 'en'"),
        (more(question("x", label={"en": "Yes", "fr": "Oui"})), "written in 'fr'"),
        ({"default_language": "cy"}, "'cy' is not among"),
    ],
)
def test_an_unsound_definition_is_refused_in_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        build(**changes)


@pytest.mark.parametrize("changes", [{"version": 0}, {"questions": []}, {"forms": []}, {"x": 1}])
def test_a_shapeless_definition_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        build(**changes)


def test_the_controls_are_accepted_as_they_must_be() -> None:
    build(
        **more(
            question("quotable", "single_choice", **QUOTABLE),
            question("embargo_until", "date", disclosure="restricted"),
            question("keep_out", disclosure="restricted"),
        )
    )


def test_forms_and_questions_are_found_by_name() -> None:
    instrument = build()
    decision, setting = instrument.form("decision"), instrument.question("setting")
    assert decision is not None
    assert decision.items[1].required
    assert setting is not None
    assert setting.columns() == ["setting"]
    assert instrument.form("nothing") is None
    assert instrument.question("nothing") is None


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        ({"setting": "desk"}, []),
        ({"setting": "desk", "silo": "within", "silo_effect": "helped"}, []),
        ({"setting": "desk", "silo": "none"}, []),
        ({}, [("/answers/setting", "required")]),
        ({"setting": None}, [("/answers/setting", "null")]),
        ({"setting": "moon"}, [("/answers/setting", "unknown_option")]),
        ({"setting": "desk", "silo": "within"}, [("/answers/silo_effect", "required")]),
        (
            {"setting": "desk", "silo": "none", "silo_effect": "helped"},
            [("/answers/silo_effect", "irrelevant")],
        ),
        ({"setting": "desk", "silo_effect": "helped"}, [("/answers/silo_effect", "irrelevant")]),
        ({"setting": "desk", "elsewhere": True}, [("/answers/elsewhere", "not_on_form")]),
        ({"setting": "desk", "nowhere": True}, [("/answers/nowhere", "unknown_question")]),
        ({"setting": "desk", "Jo Bloggs said": 1}, [("/answers", "unknown_question")]),
        ({"setting": "desk", "\ud800": 1}, [("/answers", "unknown_question")]),
        ({"setting": "desk", "read_this": "ok"}, [("/answers/read_this", "not_a_question")]),
        ({"setting": "desk", "considered": [{"label": 5}]}, [("/answers/considered/0/label", "wrong_type")]),
    ],
)
def test_answers_are_judged(answers: dict[str, Any], wanted: list[tuple[str, str]]) -> None:
    errors = build().validate_answers("decision", answers)
    assert [(error.pointer, error.code) for error in errors] == wanted


def test_an_unknown_kind_is_an_error_not_an_exception() -> None:
    assert [error.code for error in build().validate_answers("dream", {})] == ["unknown_kind"]
    with pytest.raises(KeyError):
        build().answer_schema("dream")


def test_a_flood_of_errors_is_cut_short() -> None:
    assert len(build().validate_answers("decision", {f"k{number}": 1 for number in range(10_000)})) == 50


def test_the_answer_schema_describes_one_form() -> None:
    schema = build().answer_schema("decision")
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert validator.is_valid({"setting": "desk", "considered": [{"label": "x"}]})
    assert not validator.is_valid({})
    assert not validator.is_valid({"setting": "desk", "elsewhere": True})
    assert not validator.is_valid({"setting": "desk", "read_this": "ok"})
    assert validator.is_valid({"setting": "desk", "silo": "within"})  # a condition is the server's to judge


def test_a_definition_survives_the_wire_after_use() -> None:
    instrument = build()
    instrument.validate_answers("decision", {"setting": "desk"})
    assert InstrumentDefinition.model_validate_json(instrument.model_dump_json()) == instrument
    assert InstrumentDefinition.model_validate(instrument.model_dump(mode="json")) == instrument


def test_the_definition_has_a_json_schema_of_its_own() -> None:
    assert InstrumentDefinition.model_json_schema(mode="serialization")["properties"]["questions"]
