"""A point on a short scale of whole numbers."""

from collections.abc import Iterator
from typing import Literal, Self

from pydantic import Field, JsonValue, StrictInt, model_validator

from schemas.base import FieldError, Labels
from schemas.questions.base import QuestionBase
from schemas.questions.checks import whole_errors


class ScaleQuestion(QuestionBase):
    """A question answered by a whole number between two labelled ends."""

    type: Literal["scale"] = "scale"
    min: StrictInt = Field(ge=-100, le=100)
    max: StrictInt = Field(ge=-100, le=100)
    min_label: Labels | None = None
    max_label: Labels | None = None

    def validate_answer(self, answer: JsonValue, pointer: str) -> list[FieldError]:
        """Check that the answer is a point of the scale."""
        return whole_errors(answer, pointer, self.min, self.max)

    def json_schema(self) -> dict[str, JsonValue]:
        """Describe the points of the scale."""
        return {"type": "integer", "minimum": self.min, "maximum": self.max}

    def value_labels(self) -> dict[str, Labels]:
        """Say what the labelled ends stand for."""
        ends = {str(self.min): self.min_label, str(self.max): self.max_label}
        return {value: label for value, label in ends.items() if label is not None}

    def all_labels(self) -> Iterator[Labels]:
        """Walk the question's texts and its ends'."""
        yield from super().all_labels()
        yield from self.value_labels().values()

    @model_validator(mode="after")
    def _ends_differ(self) -> Self:
        if self.min >= self.max:
            raise ValueError(f"The scale of '{self.key}' must end above where it begins.")
        return self
