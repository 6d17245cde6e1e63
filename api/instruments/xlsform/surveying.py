"""Writes questions as rows of the sheet survey, and their lists as rows of the sheet choices."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import JsonValue

from api.instruments.xlsform import languages, piping
from api.instruments.xlsform.limits import limits
from api.instruments.xlsform.listing import filtered, listed
from api.instruments.xlsform.spelling import Asked, digits, spelled
from api.instruments.xlsform.tree import Unsaid
from schemas.base import FieldError, Labels
from schemas.questions import Question, RepeatGroupQuestion, ScaleQuestion
from schemas.questions.options import ChoiceBase

Written = dict[str, str | int]


@dataclass
class Survey:
    """The rows so far, and what cannot be written."""

    all_keys: set[str]
    rows: list[Written] = field(default_factory=list)
    choices: list[Written] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)
    lists: set[str] = field(default_factory=set)

    def add(self, question: Question, asked: Asked, inside: str = "") -> None:
        """Write a question; the children of a repeat stand between its two edges."""
        try:
            row = self._row(question, asked, inside)
        except Unsaid as reason:
            pointer = f"/questions/{inside + '/' if inside else ''}{question.key}"
            self.errors.append(FieldError(pointer=pointer, code="unwritable", message=str(reason)))
            return
        self.rows.append(row)
        if isinstance(question, RepeatGroupQuestion):
            children: Asked = {child.key: child for child in question.children}
            for child in question.children:
                self.add(child, children, question.key)
            self.rows.append({"type": "end_repeat"})

    def _row(self, question: Question, asked: Asked, inside: str) -> Written:
        row: Written = {"type": "", "name": question.key}
        row |= dict(self._texts("label", question.label)) | dict(self._texts("hint", question.hint))
        row |= limits(question)
        if isinstance(question, ChoiceBase):
            row["type"] = f"{row['type']} {self._list(question, inside)}"
            row |= filtered(question)
        elif question.type == "yes_no":
            row["type"] = f"{row['type']} {self._yes_no(question.label)}"
        elif isinstance(question, ScaleQuestion) and (question.min_label or question.max_label):
            row["parameters"] = f"{row['parameters']} tick_labelset={self._ends(question, inside)}"
        if question.required:
            row["required"] = "yes"
        if question.relevant is not None:
            row["relevant"] = spelled(question.relevant, asked)
        if question.default is not None:
            row["default"] = _default(question.default)
        if question.disclosure is not None:
            row["disclosure"] = question.disclosure.value
        if question.theme is not None:
            row["theme"] = question.theme
        return row

    def _texts(self, column: str, labels: Labels | None) -> Iterator[tuple[str, str]]:
        for language, text in (labels or {}).items():
            yield f"{column}::{languages.name(language)}", piping.write(text, self.all_keys)

    def _list(self, question: ChoiceBase, inside: str) -> str:
        name = self._name(f"{inside}__{question.key}" if inside else question.key)
        self.choices += listed(name, question)
        return name

    def _yes_no(self, label: Labels) -> str:
        # Named so that no question's own list is taken for it; its words are the phone's, whatever they say here.
        name = "yes_no_"
        if name not in self.lists:
            self.lists.add(name)
            for value, word in (("yes", "Yes"), ("no", "No")):
                texts = {f"label::{languages.name(language)}": word for language in label}
                self.choices.append({"list_name": name, "name": value, **texts})
        return name

    def _ends(self, scale: ScaleQuestion, inside: str) -> str:
        name = self._name(f"{inside}__{scale.key}" if inside else scale.key)
        for value, label in ((scale.min, scale.min_label), (scale.max, scale.max_label)):
            if label is not None:
                texts = {f"label::{languages.name(language)}": text for language, text in label.items()}
                self.choices.append({"list_name": name, "name": value, **texts})
        return name

    def _name(self, name: str) -> str:
        while name in self.lists:
            name += "_"
        self.lists.add(name)
        return name


def _default(default: JsonValue) -> str:
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, int | float):
        return digits(default)
    if isinstance(default, list) and all(isinstance(one, str) for one in default):
        return " ".join(str(one) for one in default)
    if isinstance(default, str):
        if "${" in default:
            raise Unsaid("A default holds ${...}, which XLSForm takes for the answer to a question.")
        return default
    raise Unsaid("A repeat has items to begin with, which XLSForm cannot write.")
