"""Extends a published instrument by what a later export adds: the export knows only what was chosen so far.

What was published stands, in its wording and order, so that an earlier export, imported again, changes nothing.
"""

from typing import Any

from schemas.instrument import InstrumentDefinition
from schemas.questions import Question
from schemas.questions.options import ChoiceBase


def extended(earlier: InstrumentDefinition, new: InstrumentDefinition) -> InstrumentDefinition:
    """Return the earlier definition with the new one's further questions, options and forms."""
    kept = [_question(question, new.question(question.key)) for question in earlier.questions]
    added = [_dump(question) for question in new.questions if earlier.question(question.key) is None]
    forms = {form.kind: form.model_dump(mode="json") for form in earlier.forms}
    for form in new.forms:
        asked = forms.setdefault(form.kind, form.model_dump(mode="json"))["items"]
        known = {item["question"] for item in asked}
        asked += [item.model_dump(mode="json") for item in form.items if item.question not in known]
    dump = earlier.model_dump(mode="json") | {"questions": [*kept, *added], "forms": [*forms.values()]}
    return InstrumentDefinition.model_validate(dump)


def _question(earlier: Question, new: Question | None) -> dict[str, Any]:
    if new is None:
        return _dump(earlier)
    if earlier.type != new.type:
        return _dump(new)  # which the change gate refuses, with its sentence
    dump, further = _dump(earlier), _dump(new)
    if isinstance(earlier, ChoiceBase):
        known = {option.value for option in earlier.options}
        dump["options"] += [option for option in further["options"] if option["value"] not in known]
        if all(option["value"].isdecimal() for option in dump["options"]):
            dump["options"].sort(key=lambda option: int(option["value"]))
        if earlier.hierarchy is not None:
            dump["hierarchy"] = (further["hierarchy"] or {}) | earlier.hierarchy
    return dump


def _dump(question: Question) -> dict[str, Any]:
    return question.model_dump(mode="json")
