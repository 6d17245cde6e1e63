"""What every question type has and does."""

from abc import abstractmethod
from collections.abc import Iterator
from enum import StrEnum
from typing import Self

from pydantic import ConfigDict, JsonValue, StrictBool, model_validator

from schemas.base import FieldError, Key, Labels, Model
from schemas.questions.checks import cell_text
from schemas.relevance import Answers, Condition


class Disclosure(StrEnum):
    """How far an answer may travel in a release."""

    OPEN = "open"
    GENERALISE = "generalise"
    TEXT = "text"
    RESTRICTED = "restricted"
    NEVER = "never"


class CodebookRow(Model):
    """What one CSV column means."""

    column: str
    question: Key
    type: str
    label: Labels
    values: dict[str, Labels]
    disclosure: Disclosure
    unit: str | None = None


class QuestionBase(Model):
    """One question of an instrument; a definition never changes once made."""

    model_config = ConfigDict(frozen=True)

    type: str
    key: Key
    label: Labels
    hint: Labels | None = None
    disclosure: Disclosure | None = None
    required: StrictBool = False
    relevant: Condition | None = None
    default: JsonValue = None
    theme: Key | None = None
    """The theme of the study that it belongs to; nobody who answers sees it."""

    @property
    def effective_disclosure(self) -> Disclosure:
        """The disclosure class; a question without one never leaves."""
        return self.disclosure or Disclosure.NEVER

    @abstractmethod
    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check one answer; never raises and never repeats what was sent."""

    @abstractmethod
    def json_schema(self) -> dict[str, JsonValue]:
        """Describe an answer as JSON Schema 2020-12."""

    def conditions(self) -> list[Condition]:
        """Return every condition by which other answers decide what is asked here."""
        return [] if self.relevant is None else [self.relevant]

    def applies(self, answer: JsonValue, answers: Answers, pointer: str) -> list[FieldError]:  # noqa: ARG002 (only options do)
        """Check an answer, valid in itself, against the other answers."""
        return []

    def columns(self) -> list[str]:
        """Name the CSV columns: a function of the definition, never of the data."""
        return [self.key]

    def cells(self, answer: JsonValue) -> list[str]:
        """Write an answer as text cells in the order of the columns; None is unanswered."""
        return [cell_text(answer)]

    def value_labels(self) -> dict[str, Labels]:
        """Say what each coded cell value stands for."""
        return {}

    def unit_name(self) -> str | None:
        """Name the unit of a numeric cell."""
        return None

    def codebook(self) -> list[CodebookRow]:
        """Describe every column."""
        return [self._row(column, self.label, self.value_labels()) for column in self.columns()]

    def all_labels(self) -> Iterator[Labels]:
        """Walk every text that a person reads in this question."""
        yield self.label
        if self.hint is not None:
            yield self.hint

    def _row(self, column: str, label: Labels, values: dict[str, Labels]) -> CodebookRow:
        return CodebookRow(
            column=column,
            question=self.key,
            type=self.type,
            label=label,
            values=values,
            disclosure=self.effective_disclosure,
            unit=self.unit_name(),
        )

    @model_validator(mode="after")
    def _default_is_an_answer(self) -> Self:
        if self.default is not None and self.validate_answer(self.default, ""):
            raise ValueError(f"The default of '{self.key}' is not a valid answer to it.")
        return self
