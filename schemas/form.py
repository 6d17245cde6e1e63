"""A form: which questions one kind of entry asks, in which order."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictBool

from schemas.base import Key, Labels, Model


class FormItem(Model):
    """One question's place on a form."""

    model_config = ConfigDict(frozen=True)

    question: Key
    required: StrictBool = False
    more: StrictBool = False
    """Whether the phone keeps it behind "Add more"."""


class Form(Model):
    """The questions that one kind of entry asks."""

    model_config = ConfigDict(frozen=True)

    kind: Key
    label: Labels
    contingency: Literal["event", "signal", "interval", "once"]
    """What occasions an entry: something happened, a prompt, the calendar, or enrolment."""
    items: Annotated[list[FormItem], Field(min_length=1, max_length=200)]
