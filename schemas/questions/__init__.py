"""The register of question types: a type is one file here and one line in the union."""

from typing import Annotated

from pydantic import Field

from schemas.questions.base import CodebookRow, Disclosure, QuestionBase
from schemas.questions.date import DateQuestion
from schemas.questions.date_time import DateTimeQuestion
from schemas.questions.duration import DurationQuestion
from schemas.questions.long_text import LongTextQuestion
from schemas.questions.multiple_choice import MultipleChoiceQuestion
from schemas.questions.note import NoteQuestion
from schemas.questions.number import NumberQuestion
from schemas.questions.options import ChoiceBase, Option
from schemas.questions.percentage import PercentageQuestion
from schemas.questions.repeat_group import RepeatGroupQuestion
from schemas.questions.scale import ScaleQuestion
from schemas.questions.short_text import ShortTextQuestion
from schemas.questions.single_choice import SingleChoiceQuestion
from schemas.questions.time import TimeQuestion
from schemas.questions.yes_no import YesNoQuestion

# Everything but a repeat: what a repeat may hold.
SimpleQuestion = Annotated[
    SingleChoiceQuestion
    | MultipleChoiceQuestion
    | ScaleQuestion
    | NumberQuestion
    | PercentageQuestion
    | ShortTextQuestion
    | LongTextQuestion
    | DateQuestion
    | DateTimeQuestion
    | TimeQuestion
    | DurationQuestion
    | YesNoQuestion
    | NoteQuestion,
    Field(discriminator="type"),
]
RepeatGroupQuestion.model_rebuild(_types_namespace={"SimpleQuestion": SimpleQuestion})

Question = Annotated[SimpleQuestion | RepeatGroupQuestion, Field(discriminator="type")]

__all__ = [
    "ChoiceBase",
    "CodebookRow",
    "DateQuestion",
    "DateTimeQuestion",
    "Disclosure",
    "DurationQuestion",
    "LongTextQuestion",
    "MultipleChoiceQuestion",
    "NoteQuestion",
    "NumberQuestion",
    "Option",
    "PercentageQuestion",
    "Question",
    "QuestionBase",
    "RepeatGroupQuestion",
    "ScaleQuestion",
    "ShortTextQuestion",
    "SimpleQuestion",
    "SingleChoiceQuestion",
    "TimeQuestion",
    "YesNoQuestion",
]
