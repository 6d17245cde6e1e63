"""Says which columns of an export were left out, and why."""

from collections import Counter
from collections.abc import Iterator

from scripts.importers.mpath.instrument import Mapping
from scripts.importers.mpath.mappers import NoteMapper
from scripts.importers.mpath.reading import ANSWERS, Sheet

_NAMES_A_PERSON = "names a person in m-Path: never stored"
_HASHED = "kept only as a keyed hash, to find it again"
_FIXED = {
    "connectionId": _HASHED,
    "scheduledBeepId": _HASHED,
    "sentBeepId": _HASHED,
    "legacyCode": _NAMES_A_PERSON,
    "code": _NAMES_A_PERSON,
    "alias": _NAMES_A_PERSON,
    "initials": _NAMES_A_PERSON,
    "accountCode": _NAMES_A_PERSON,
    "questionListLabel": "a label of the researcher's; the questionnaire's name is kept",
    "reminderForOriginalSentBeepId": "reminders are not kept apart from the first notice",
    "originalTimeStampSent": "reminders are not kept apart from the first notice",
    "deltaUTC": "the phone's clock against m-Path's server: an entry has no place for it",
}
_USED = {"fromProtocolName", *ANSWERS}


def left_out(answers: Sheet, mapping: Mapping) -> dict[str, tuple[str, int]]:
    """Return, for each column that was not mapped, the reason and how many cells were filled."""
    filled: Counter[str] = Counter()
    for row in answers.rows:
        filled.update(row.cells.keys())
    return {column: (reason, filled[column]) for column, reason in _reasons(answers, mapping)}


def _reasons(answers: Sheet, mapping: Mapping) -> Iterator[tuple[str, str]]:
    asked = {column for mapper in mapping.mappers for column in mapper.item.columns.values()}
    for column in answers.columns:
        if column in _FIXED:
            yield column, _FIXED[column]
        elif column not in _USED | asked and not any(column in i.columns.values() for i in mapping.unmapped):
            yield column, "the codebook does not describe it"
    for item in mapping.unmapped:
        reason = f"no type of question here fits m-Path's {item.kind}"
        if item.kind == "multipleChoice":
            reason = "nobody chose anything, so its options are unknown"
        yield from ((column, reason) for column in item.columns.values())
    for mapper in mapping.mappers:
        if isinstance(mapper, NoteMapper):
            yield mapper.item.column, "says only that a text was shown"
