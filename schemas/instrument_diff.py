"""What two versions of an instrument have in common, question by question."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Key, Model
from schemas.change_gate import likeness
from schemas.instrument import InstrumentDefinition

Change = Literal["identical", "wording", "options_added", "not_comparable", "added", "left"]


class QuestionChange(Model):
    """How one question stands between two versions."""

    question: Key
    change: Annotated[
        Change,
        Field(
            description="identical, wording and options_added may be pooled; not_comparable may not."
            " added: new here. left: no form asks it any more; its answers stay in exports."
        ),
    ]


class InstrumentDiff(Model):
    """How each question of two versions stands, those of the newer one first."""

    key: str
    version: int
    against: Annotated[int | None, Field(description="The other version; null where there is none.")]
    questions: list[QuestionChange]


def diff(old: InstrumentDefinition | None, new: InstrumentDefinition) -> InstrumentDiff:
    """Compare a version with an earlier one; of a first version every question is added."""
    if old is None:
        first = [QuestionChange(question=one.key, change="added") for one in new.questions]
        return InstrumentDiff(key=new.key, version=new.version, against=None, questions=first)
    before, after = _asked(old), _asked(new)
    changes = [
        QuestionChange(question=one.key, change=_change(one.key, old, new, before, after))
        for one in new.questions
    ]
    gone = [one.key for one in old.questions if new.question(one.key) is None]
    changes += [QuestionChange(question=key, change="left") for key in gone]
    return InstrumentDiff(key=new.key, version=new.version, against=old.version, questions=changes)


def _asked(definition: InstrumentDefinition) -> set[str]:
    return {item.question for form in definition.forms for item in form.items}


def _change(
    key: str, old: InstrumentDefinition, new: InstrumentDefinition, before: set[str], after: set[str]
) -> Change:
    was, now = old.question(key), new.question(key)
    if was is None or now is None:
        return "added"
    if key in before and key not in after:
        return "left"
    return likeness(was, now)
