"""An instrument: a versioned questionnaire, its questions and the forms that ask them."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import ConfigDict, Field, JsonValue, StrictInt, model_validator

from schemas.base import FieldError, Key, Labels, Language, Model
from schemas.form import Form, FormItem
from schemas.instrument_checks import definition_problems
from schemas.questions import Question
from schemas.questions.answers import answer_errors
from schemas.questions.checks import error

__all__ = ["Form", "FormItem", "InstrumentDefinition"]


_EXAMPLE: JsonValue = {
    "key": "evening",
    "version": 1,
    "title": {"en": "Evening"},
    "default_language": "en",
    "languages": ["en"],
    "questions": [
        {
            "type": "single_choice",
            "key": "day",
            "label": {"en": "How was the day?"},
            "disclosure": "open",
            "options": [
                {"value": "good", "label": {"en": "Good"}},
                {"value": "hard", "label": {"en": "Hard"}},
            ],
        },
        {
            "type": "short_text",
            "key": "why",
            "label": {"en": "What made it so?"},
            "disclosure": "text",
            "relevant": {"equals": {"question": "day", "value": "hard"}},
        },
    ],
    "forms": [
        {
            "kind": "day",
            "label": {"en": "Day"},
            "contingency": "interval",
            "items": [{"question": "day", "required": True}, {"question": "why"}],
        }
    ],
}


class InstrumentDefinition(Model):
    """One version of an instrument; immutable once published."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [_EXAMPLE]})

    key: Key
    version: StrictInt = Field(ge=1, le=100_000)
    title: Labels
    default_language: Language
    languages: Annotated[list[Language], Field(min_length=1, max_length=30)]
    questions: Annotated[list[Question], Field(min_length=1, max_length=500)]
    forms: Annotated[list[Form], Field(min_length=1, max_length=50)]

    @cached_property
    def _by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    @cached_property
    def _asked(self) -> dict[str, dict[str, Question]]:
        return {
            form.kind: {item.question: self._by_key[item.question] for item in form.items}
            for form in self.forms
        }

    @cached_property
    def _required(self) -> dict[str, list[str]]:
        return {form.kind: [item.question for item in form.items if item.required] for form in self.forms}

    def form(self, kind: str) -> Form | None:
        """Return the form of one kind of entry, if there is one."""
        return next((form for form in self.forms if form.kind == kind), None)

    def question(self, key: str) -> Question | None:
        """Return the question with this key, if there is one."""
        return self._by_key.get(key)

    def validate_answers(self, kind: str, answers: Mapping[str, JsonValue]) -> list[FieldError]:
        """Check the answers of one entry; an empty list means that they are sound."""
        asked = self._asked.get(kind)
        if asked is None:
            return error("/kind", "unknown_kind", "This instrument has no such kind of entry.")
        return answer_errors(asked, self._required[kind], answers, "/answers", self._by_key)

    def answer_schema(self, kind: str) -> dict[str, JsonValue]:
        """Describe one form's answers as JSON Schema 2020-12; raises KeyError for an unknown kind.

        Conditions are left to the server: a question with one is never required here.
        """
        asked = self._asked[kind]
        always: list[JsonValue] = [key for key in self._required[kind] if asked[key].relevant is None]
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"{self.key} v{self.version}: {kind}",
            "type": "object",
            "properties": {key: one.json_schema() for key, one in asked.items() if one.columns()},
            "required": always,
            "additionalProperties": False,
        }

    def all_labels(self) -> Iterator[Labels]:
        """Walk every text that a person reads."""
        yield self.title
        for question in self.questions:
            yield from question.all_labels()
        for form in self.forms:
            yield form.label

    @model_validator(mode="after")
    def _is_sound(self) -> Self:
        problems = definition_problems(
            self.questions, self.forms, list(self.all_labels()), self.default_language, self.languages
        )
        if problems:
            raise ValueError(" ".join(problems))
        return self
