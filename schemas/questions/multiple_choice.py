"""Several options out of a list."""

from functools import cached_property
from typing import Literal, Self

from pydantic import Field, JsonValue, StrictInt, model_validator

from schemas.base import FieldError, Labels
from schemas.questions.base import CodebookRow
from schemas.questions.checks import error
from schemas.questions.options import ChoiceBase

_CHOSEN: dict[str, Labels] = {"1": {"en": "chosen"}, "0": {"en": "not chosen"}}


class MultipleChoiceQuestion(ChoiceBase):
    """A question answered by a list of different options, at least one."""

    type: Literal["multiple_choice"] = "multiple_choice"
    max_selected: StrictInt | None = Field(default=None, ge=1, le=300)

    @cached_property
    def _exclusive(self) -> frozenset[str]:
        return frozenset(option.value for option in self.options if option.exclusive)

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer lists offered options once each."""
        if not isinstance(answer, list):
            return error(pointer, "wrong_type", "Please choose from the options shown.")
        if not answer:
            return error(pointer, "empty", "Please choose at least one option or leave the question out.")
        most = self.max_selected or len(self._offered)
        if len(answer) > most:
            return error(pointer, "too_many", f"Please choose at most {most}, each only once.")
        for index, value in enumerate(answer):
            if not isinstance(value, str) or value not in self._offered:
                return self._option_errors(value, f"{pointer}/{index}")
        return self._combination_errors({str(value) for value in answer}, len(answer), pointer)

    def _combination_errors(self, chosen: set[str], count: int, pointer: str) -> list[FieldError]:
        if len(chosen) < count:
            return error(pointer, "duplicate_option", "Please choose each option only once.")
        if count > 1 and self._exclusive & chosen:
            return error(pointer, "exclusive_option", "One of the chosen options can only be chosen alone.")
        return []

    def columns(self) -> list[str]:
        """Name one column per option, removed ones too."""
        return [f"{self.key}__{option.value}" for option in self.options]

    def cells(self, answer: JsonValue) -> list[str]:
        """Write 1 for a chosen option and 0 for another; all empty when unanswered."""
        if not isinstance(answer, list):
            return [""] * len(self.options)
        return ["1" if option.value in answer else "0" for option in self.options]

    def codebook(self) -> list[CodebookRow]:
        """Describe every option's column."""
        return [
            self._row(column, _joined(self.label, option.label), _CHOSEN)
            for column, option in zip(self.columns(), self.options, strict=True)
        ]

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe a list of different offered options."""
        schema: dict[str, JsonValue] = {
            "type": "array",
            "items": self._offered_schema(),
            "uniqueItems": True,
            "minItems": 1,
            "maxItems": self.max_selected or len(self._offered),
        }
        if self._exclusive:
            alone: list[JsonValue] = [*sorted(self._exclusive)]
            schema["if"] = {"contains": {"enum": alone}}
            schema["then"] = {"maxItems": 1}
        return schema

    @model_validator(mode="after")
    def _limit_fits(self) -> Self:
        if self.max_selected is not None and self.max_selected > len(self.options):
            raise ValueError(f"'{self.key}' lets people choose more options than it has.")
        return self


def _joined(question: Labels, option: Labels) -> Labels:
    return {language: f"{text}: {option.get(language, '')}" for language, text in question.items()}
