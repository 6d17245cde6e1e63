"""What is written as a workbook is read back as it was, and other programs take it for an XLSForm."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pyxform.xls2xform import convert

from api.instruments import shipped
from api.instruments.problems import WorkbookUnwritable
from api.instruments.xlsform.writing import write
from schemas.instrument import InstrumentDefinition
from tests.instruments.xlsform.books import reads
from tests.instruments.xlsform.shapes import definitions
from tests.meta.bodies import TINY
from tests.schemas.question_cases import INSTRUMENT

SHIPPED = shipped.definitions()


@pytest.mark.parametrize("definition", SHIPPED, ids=[one.key for one in SHIPPED])
def test_a_shipped_instrument_comes_back_without_a_difference(definition: InstrumentDefinition) -> None:
    reading = reads(write(definition))
    assert reading.definition == definition
    assert reading.definition.model_dump_json() == definition.model_dump_json()
    assert reading.warnings == []


@pytest.mark.parametrize("definition", SHIPPED, ids=[one.key for one in SHIPPED])
def test_pyxform_takes_a_shipped_instrument(definition: InstrumentDefinition) -> None:
    converted = convert(BytesIO(write(definition)), file_type=".xlsx", validate=False)
    assert converted.warnings == []
    assert definition.questions[0].label["en"] in converted.xform


def test_what_is_offered_by_earlier_answers_comes_back_too() -> None:
    definition = InstrumentDefinition.model_validate(INSTRUMENT)
    assert reads(write(definition)).definition == definition


@given(definitions())
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_instrument_comes_back_without_a_difference(definition: InstrumentDefinition) -> None:
    content = write(definition)
    assert reads(content).definition == definition
    convert(BytesIO(content), file_type=".xlsx", validate=False)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "@import",
        "#N/A",
        "  two\nlines ",
        "\u2019t Hooft \u201csaid\u201d",
        "0012",
        "TRUE",
        "1e5",
        "{mood}!",
    ],
)
def test_a_label_stays_the_text_that_it_is(text: str) -> None:
    definition = _with(label={"en": text})
    assert reads(write(definition)).definition == definition


@pytest.mark.parametrize("text", ["A bell: \x07", "Costs ${price}"])
def test_a_label_that_would_be_lost_is_refused(text: str) -> None:
    with pytest.raises(WorkbookUnwritable) as refused:
        write(_with(label={"en": text}))
    assert len(refused.value.errors or []) == 1


def test_a_condition_that_can_never_hold_is_refused() -> None:
    """A number is never yes: XLSForm has no words for such a comparison."""
    mood, why, people = TINY["questions"]
    count = {"type": "number", "key": "mood", "label": mood["label"]}
    never = why | {"relevant": {"equals": {"question": "mood", "value": True}}}
    with pytest.raises(WorkbookUnwritable) as refused:
        write(InstrumentDefinition.model_validate(TINY | {"questions": [count, never, people]}))
    assert [one.pointer for one in refused.value.errors or []] == ["/questions/why"]


def _with(**change: Any) -> InstrumentDefinition:
    first, *rest = TINY["questions"]
    return InstrumentDefinition.model_validate(TINY | {"questions": [first | change, *rest]})
