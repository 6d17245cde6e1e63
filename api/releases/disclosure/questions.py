"""What a study asks, as far as a policy may name it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from api.instruments import service as instruments
from api.instruments.service import PROFILE
from api.releases.coarsening import rule_for
from api.studies.models import Study
from schemas.base import FieldError
from schemas.instrument import InstrumentDefinition
from schemas.questions import ChoiceBase, Disclosure, Question, ScaleQuestion, SingleChoiceQuestion

_STRICTEST_LAST = list(Disclosure)
_REFUSED = {
    Disclosure.OPEN: "Its class is open: what is shown as it is cannot describe people here.",
    Disclosure.TEXT: "Its class is text.",
    Disclosure.RESTRICTED: "Its class is restricted: it never leaves.",
    Disclosure.NEVER: "Its class is never: it never leaves.",
}


@dataclass(frozen=True)
class Asked:
    """The published questions of a study by key, each in all its versions, oldest first."""

    attributes: dict[str, list[Question]]
    entries: dict[str, list[Question]]

    @classmethod
    def of(cls, session: Session, study: Study) -> "Asked":
        """Read what a study has published; a profile's questions and those of entries apart."""
        rows = instruments.versions(session, study.id, drafts=False)
        definitions = [instruments.parse(row) for row in rows]
        return cls(_asked(definitions, profile=True), _asked(definitions, profile=False))

    def attribute(self, key: str, pointer: str) -> SingleChoiceQuestion | FieldError:
        """Return the newest version of a question that may be a quasi-identifier, or what is wrong with it."""
        versions = self.attributes.get(key)
        if not versions:
            return FieldError(
                pointer=pointer, code="unknown", message="The study's profile asks no such question."
            )
        if error := _class_error(versions, {Disclosure.GENERALISE}, pointer):
            return error
        if not isinstance(latest := versions[-1], SingleChoiceQuestion):
            message = "A quasi-identifier needs options, one of which is chosen."
            return FieldError(pointer=pointer, code="no_options", message=message)
        return latest

    def default_attributes(self) -> list[str]:
        """Return the usual quasi-identifiers, as far as the profile asks them."""
        usual = ("sector", "country", "role_tier")
        return [key for key in usual if not isinstance(self.attribute(key, ""), FieldError)]

    def answers(self, key: str, pointer: str) -> list[str] | FieldError:
        """Return the answers of a sensitive question as releases write them, in order, or what is wrong with it."""
        versions = self.entries.get(key)
        if not versions:
            return FieldError(pointer=pointer, code="unknown", message="No entry answers such a question.")
        if error := _class_error(versions, {Disclosure.OPEN, Disclosure.GENERALISE}, pointer):
            return error
        if not (found := _written(versions, strictest(versions))):
            message = "A sensitive attribute needs coded answers that a release writes."
            return FieldError(pointer=pointer, code="no_options", message=message)
        return found

    def is_multiple(self, key: str) -> bool:
        """Say whether one entry can give several answers to a question."""
        return any(question.type == "multiple_choice" for question in self.entries[key])


def strictest(versions: Iterable[Question]) -> Disclosure:
    """Return the strictest class that any version gave a question."""
    return max((question.effective_disclosure for question in versions), key=_STRICTEST_LAST.index)


def _asked(definitions: Sequence[InstrumentDefinition], *, profile: bool) -> dict[str, list[Question]]:
    """Return what forms ask, with all versions of it: one that asks it no more may have made it stricter."""
    asked = {
        (definition.key, item.question)
        for definition in definitions
        for form in definition.forms
        if (form.kind == PROFILE) is profile
        for item in form.items
    }
    found: dict[str, list[Question]] = {}
    for definition in definitions:
        for question in definition.questions:
            if (definition.key, question.key) in asked:
                found.setdefault(question.key, []).append(question)
    return found


def _class_error(versions: list[Question], allowed: set[Disclosure], pointer: str) -> FieldError | None:
    if any(question.disclosure is None for question in versions):
        message = "The question has no disclosure class: it never leaves."
        return FieldError(pointer=pointer, code="unclassified", message=message)
    found = strictest(versions)
    return None if found in allowed else FieldError(pointer=pointer, code="class", message=_REFUSED[found])


def _written(versions: list[Question], disclosure: Disclosure) -> list[str]:
    """Return every answer that a release could write; none for what is withheld or not coded."""
    if disclosure is Disclosure.GENERALISE:
        rule = rule_for(versions)
        if rule.name == "one level up" and isinstance(rule.question, ChoiceBase):
            above = rule.question.hierarchy or {}
            return list(dict.fromkeys(above[option.value][0] for option in rule.question.options))
        return []
    return list(dict.fromkeys(code for question in versions for code in _codes(question)))


def _codes(question: Question) -> Iterable[str]:
    if isinstance(question, ChoiceBase):
        return (option.value for option in question.options)
    if isinstance(question, ScaleQuestion):
        return map(str, range(question.min, question.max + 1))
    return ("0", "1") if question.type == "yes_no" else ()
