"""What a new version of an instrument may change, and how its answers compare with the old one's."""

from collections.abc import Iterator, Sequence
from typing import Literal

from pydantic import JsonValue

from schemas.base import FieldError
from schemas.instrument import InstrumentDefinition
from schemas.questions import NumberQuestion, Question, RepeatGroupQuestion, ScaleQuestion
from schemas.questions.options import ChoiceBase, Option
from schemas.relevance import In

Comparability = Literal["identical", "wording", "options_added", "not_comparable"]

_WORDING = {"label", "hint", "min_label", "max_label"}
_NOT_ASKED = {"disclosure", "hierarchy", "theme"}  # they govern releases: nobody who answers sees them
_NESTED = {"options", "children"}


def compare(old: InstrumentDefinition, new: InstrumentDefinition) -> list[FieldError]:
    """Tell what forbids publishing the new version after the old one."""
    errors: list[FieldError] = []
    if new.key != old.key:
        errors += _refusal("/key", "key_changed", "A new version must keep the instrument's key.")
    if new.version != old.version + 1:
        errors += _refusal("/version", "version", f"The next version must be {old.version + 1}.")
    return [*errors, *_question_errors(old.questions, new.questions, "/questions")]


def comparability(old: InstrumentDefinition, new: InstrumentDefinition) -> dict[str, Comparability]:
    """Tell, for each question in both versions, how far its answers may be pooled."""
    return {
        one.key: likeness(one, now) for one in old.questions if (now := new.question(one.key)) is not None
    }


def likeness(old: Question, new: Question) -> Comparability:
    """Tell how far the answers to two versions of a question may be pooled."""
    before, after = _dump(old), _dump(new)
    grades: list[Comparability] = ["identical"]
    if _measure(before) != _measure(after):
        grades.append("not_comparable")
    if any(before.get(name) != after.get(name) for name in _WORDING):
        grades.append("wording")
    if isinstance(old, ChoiceBase) and isinstance(new, ChoiceBase):
        grades += _option_grades(old, new)
    if isinstance(old, RepeatGroupQuestion) and isinstance(new, RepeatGroupQuestion):
        grades += _child_grades(old, new)
    order: list[Comparability] = ["identical", "wording", "options_added", "not_comparable"]
    return max(grades, key=order.index)


def _refusal(pointer: str, code: str, message: str) -> list[FieldError]:
    return [FieldError(pointer=pointer, code=code, message=message)]


def _question_errors(old: Sequence[Question], new: Sequence[Question], where: str) -> Iterator[FieldError]:
    now = {question.key: question for question in new}
    for question in old:
        pointer = f"{where}/{question.key}"
        successor = now.get(question.key)
        if successor is None:
            message = f"'{question.key}' must stay in the list of questions; it may leave every form."
            yield from _refusal(pointer, "question_removed", message)
        elif successor.type != question.type:
            message = f"'{question.key}' must keep its type. Add a new question instead."
            yield from _refusal(pointer, "type_changed", message)
        else:
            yield from _inner_errors(question, successor, pointer)


def _inner_errors(old: Question, new: Question, pointer: str) -> Iterator[FieldError]:
    if isinstance(old, ChoiceBase) and isinstance(new, ChoiceBase):
        kept = {option.value for option in new.options}
        for option in old.options:
            if option.value not in kept:
                message = f"'{option.value}' must stay among the options; it may be marked as removed."
                yield from _refusal(f"{pointer}/options/{option.value}", "option_removed", message)
    if isinstance(old, ScaleQuestion) and isinstance(new, ScaleQuestion) and _ends(old) != _ends(new):
        message = f"The scale must stay {old.min} to {old.max}. Add a new question instead."
        yield from _refusal(pointer, "bounds_changed", message)
    if isinstance(old, NumberQuestion) and isinstance(new, NumberQuestion) and old.unit != new.unit:
        yield from _refusal(
            f"{pointer}/unit", "unit_changed", "The unit must stay. Add a new question instead."
        )
    if isinstance(old, RepeatGroupQuestion) and isinstance(new, RepeatGroupQuestion):
        yield from _question_errors(old.children, new.children, f"{pointer}/children")


def _ends(scale: ScaleQuestion) -> tuple[int, int]:
    return scale.min, scale.max


def _dump(question: Question) -> dict[str, JsonValue]:
    return question.model_dump(mode="json")


def _measure(dump: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in dump.items() if name not in _WORDING | _NOT_ASKED | _NESTED}


def _option_grades(old: ChoiceBase, new: ChoiceBase) -> Iterator[Comparability]:
    before = {option.value: option for option in old.options}
    after = {option.value: option for option in new.options}
    if after.keys() - before.keys():
        yield "options_added"
    for value, option in before.items():
        now = after.get(value)
        if now is None or _offer(now) != _offer(option):
            yield "not_comparable"
        elif now.label != option.label:
            yield "wording"


def _offer(option: Option) -> tuple[bool, bool, In | None]:
    return option.removed, option.exclusive, option.relevant


def _child_grades(old: RepeatGroupQuestion, new: RepeatGroupQuestion) -> Iterator[Comparability]:
    after = {child.key: child for child in new.children}
    if after.keys() - {child.key for child in old.children}:
        yield "options_added"
    for child in old.children:
        now = after.get(child.key)
        yield "not_comparable" if now is None else likeness(child, now)
