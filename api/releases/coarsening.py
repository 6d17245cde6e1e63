"""How times and generalised answers become coarser in a release."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from api.releases.cells import text_cell
from schemas.questions import ChoiceBase, Question

BEFORE = "before"
_BANDS = (
    (5, "night"),
    (8, "early"),
    (12, "morning"),
    (14, "midday"),
    (18, "afternoon"),
    (22, "evening"),
    (24, "night"),
)


def study_week(day: date, starts_on: date) -> str:
    """Return the number of a day's week in the study, counted from 1; weeks begin on Monday."""
    first, this = (d - timedelta(days=d.weekday()) for d in (starts_on, day))
    number = (this - first).days // 7 + 1
    return str(number) if number >= 1 else BEFORE


def time_of_day(moment: time) -> str:
    """Return early (5-8), morning (-12), midday (-14), afternoon (-18), evening (-22) or night."""
    return next(name for until, name in _BANDS if moment.hour < until)


def local_time(happened_at: datetime, zone: str) -> time:
    """Return the time on the participant's own clock."""
    return happened_at.astimezone(ZoneInfo(zone)).time()


@dataclass(frozen=True)
class Rule:
    """How the answers to one question of class `generalise` are written; None: they are withheld."""

    question: Question
    name: str | None

    def cells(self, answer: JsonValue, starts_on: date) -> list[str]:
        """Write an answer as cells, as many as the question has columns."""
        if self.name == "study week" and isinstance(answer, str):
            return [study_week(datetime.fromisoformat(answer).date(), starts_on)]
        if self.name == "time of day" and isinstance(answer, str):
            return [time_of_day(time.fromisoformat(answer))]
        if self.name == "band of ten" and isinstance(answer, int | float):
            low = int(answer // 10) * 10
            return [text_cell(f"{low} to {low + 9}")]
        if self.name == "one level up" and isinstance(self.question, ChoiceBase) and isinstance(answer, str):
            return [(self.question.hierarchy or {})[answer][0]]
        return [""] * len(self.question.columns())


def rule_for(question: Question) -> Rule:
    """Return the rule by which a question of class `generalise` is written."""
    match question.type:
        case "date" | "date_time":
            return Rule(question, "study week")
        case "time":
            return Rule(question, "time of day")
        case "number" | "percentage" | "scale" | "duration":
            return Rule(question, "band of ten")
        case "single_choice" if question.hierarchy and all(question.hierarchy.values()):
            return Rule(question, "one level up")
    return Rule(question, None)
