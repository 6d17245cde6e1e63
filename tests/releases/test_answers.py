"""Every type of question is written a column at a time as it writes itself a cell at a time."""

import json
from datetime import date
from typing import Any

import polars as pl
import pytest
from pydantic import JsonValue

from api.releases.slots import Slot
from schemas.questions import Disclosure, Question
from tests.schemas.samples import SAMPLES, build, options

START = date(2026, 3, 25)


def slot_of(*asked: Question) -> Slot:
    return Slot("q", "diary", tuple(enumerate(asked, start=1)), Disclosure.OPEN, texts=False)


def cells(slot: Slot, answers: list[tuple[int, JsonValue]]) -> list[dict[str, Any]]:
    """Write answers, each to some version, as the pipeline does."""
    lines = [json.dumps({"q": answer} if answer is not None else {}) for _, answer in answers]
    read = pl.Series(lines).str.json_decode(pl.Struct({"q": slot.read_type})).struct.unnest()
    staged = read.select(slot.staged(pl.col("q"), START).cast(slot.staged_type))
    versions = pl.Series("instrument_version", [version for version, _ in answers])
    return staged.with_columns(versions).select(slot.cells()).to_dicts()


def same(written: Any, cell: str) -> bool:
    return (written is None and cell == "") or str(written) == cell or float(written) == float(cell)


@pytest.mark.parametrize("name", sorted(set(SAMPLES) - {"note", "repeat_group"}))
def test_every_type_is_written_as_it_writes_itself(name: str) -> None:
    question = build(name, **SAMPLES[name].definition)
    answers = [*SAMPLES[name].good, None]
    rows = cells(slot_of(question), [(1, answer) for answer in answers])
    assert rows
    for row, answer in zip(rows, answers, strict=True):
        assert list(row) == question.columns()
        assert all(map(same, row.values(), question.cells(answer))), (answer, row)


def test_an_option_that_a_version_did_not_offer_is_empty_and_not_unchosen() -> None:
    first = build("multiple_choice", options=options("a", "b"))
    second = build("multiple_choice", options=options("a", "b", "c"))
    rows = cells(slot_of(first, second), [(1, ["a"]), (2, ["c"]), (2, None)])
    assert rows == [
        {"q__a": True, "q__b": False, "q__c": None},
        {"q__a": False, "q__b": False, "q__c": True},
        {"q__a": None, "q__b": None, "q__c": None},
    ]
