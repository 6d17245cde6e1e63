"""Makes plausible answers to any instrument from its definition: for the demonstration and for tests."""

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from random import Random

from pydantic import JsonValue

from schemas.instrument import InstrumentDefinition
from schemas.questions import (
    DurationQuestion,
    LongTextQuestion,
    MultipleChoiceQuestion,
    NumberQuestion,
    QuestionBase,
    RepeatGroupQuestion,
    ScaleQuestion,
    ShortTextQuestion,
    SingleChoiceQuestion,
)
from schemas.relevance import evaluate, questions_of

_CHANCE = {"keep_out": 0.03, "embargo_until": 0.02, "quotable": 0.4}
"""How often an optional question is answered, where it is not as often as the others."""
_OTHERS = 0.6
_WHO = ("the board", "our partners", "the project team", "two neighbouring places", "the steering group")
_DID = ("agreed to wait for", "looked again at", "argued about", "set aside money for", "asked for help with")
_WHAT = ("the skills plan", "the shared budget", "the data agreement", "the site visit", "the next review")

Answer = Callable[[QuestionBase, Random], JsonValue]


def plausible_answers(definition: InstrumentDefinition, kind: str, random: Random) -> dict[str, JsonValue]:
    """Return sound answers to one form: the required questions and some of the others.

    The same random gives the same answers. Raises KeyError for a kind that the instrument does not have.
    """
    form = definition.form(kind)
    if form is None:
        raise KeyError(kind)
    questions = {item.question: definition.question(item.question) for item in form.items}
    required = {item.question for item in form.items if item.required}
    return _answers([one for one in questions.values() if one is not None], required, random)


def _answers(questions: Iterable[QuestionBase], required: set[str], random: Random) -> dict[str, JsonValue]:
    """Answer questions in an order in which every condition can be judged."""
    answers: dict[str, JsonValue] = {}
    waiting = {one.key: one for one in questions if one.columns()}
    while waiting:
        key = next(key for key, one in waiting.items() if not (_needs(one) & waiting.keys()))
        question = waiting.pop(key)
        asked = question.relevant is None or evaluate(question.relevant, answers)
        if asked and (key in required or random.random() < _CHANCE.get(key, _OTHERS)):
            answers[key] = _BY_KEY.get(key, _BY_TYPE[question.type])(question, random)
            if isinstance(several := answers.get(key.removesuffix("_primary")), list) and key.endswith(
                "_primary"
            ):
                answers[key] = random.choice(several)
    return answers


def _needs(question: QuestionBase) -> set[str]:
    return questions_of(question.relevant) if question.relevant else set()


def sentence(random: Random) -> str:
    """Return a sentence that nobody could take for a person's own."""
    return f"Synthetic text: {random.choice(_WHO)} {random.choice(_DID)} {random.choice(_WHAT)}."


def _single(question: QuestionBase, random: Random) -> JsonValue:
    assert isinstance(question, SingleChoiceQuestion)  # noqa: S101 - narrows the type
    return random.choice([option.value for option in question.options if not option.removed])


def _multiple(question: QuestionBase, random: Random) -> JsonValue:
    assert isinstance(question, MultipleChoiceQuestion)  # noqa: S101 - narrows the type
    offered = [option for option in question.options if not option.removed]
    alone = [option.value for option in offered if option.exclusive]
    together = [option.value for option in offered if not option.exclusive]
    if not together or (alone and random.random() < 1 / len(offered)):
        return [random.choice(alone)]
    most = min(3, len(together), question.max_selected or 3)
    chosen = set(random.sample(together, random.randint(1, most)))
    return [value for value in together if value in chosen]


def _scale(question: QuestionBase, random: Random) -> JsonValue:
    assert isinstance(question, ScaleQuestion)  # noqa: S101 - narrows the type
    return round(random.triangular(question.min, question.max))


def _number(question: QuestionBase, random: Random) -> JsonValue:
    assert isinstance(question, NumberQuestion)  # noqa: S101 - narrows the type
    low = question.min if question.min is not None else min(0, question.max or 0)
    high = question.max if question.max is not None else low + 100
    step = 10**question.decimals
    whole = random.randint(math.ceil(low * step), math.floor(high * step))
    return whole if step == 1 else whole / step


def _text(question: QuestionBase, random: Random) -> JsonValue:
    assert isinstance(question, ShortTextQuestion | LongTextQuestion)  # noqa: S101 - narrows the type
    return sentence(random)[: question.max_length].strip()


def _duration(question: QuestionBase, random: Random) -> JsonValue:
    assert isinstance(question, DurationQuestion)  # noqa: S101 - narrows the type
    return random.randint(0, min(180, question.max_minutes))


def _repeat(question: QuestionBase, random: Random) -> JsonValue:
    assert isinstance(question, RepeatGroupQuestion)  # noqa: S101 - narrows the type
    required = {child.key for child in question.children if child.required}
    count = random.randint(question.min_items, min(question.max_items, question.min_items + 2))
    items = [_answers(question.children, required, random) for _ in range(count)]
    if "start" in required:
        _put_in_order(items)
    return [*items]


def _put_in_order(items: list[dict[str, JsonValue]]) -> None:
    """Make episodes follow each other, and end after they began."""
    items.sort(key=lambda item: str(item["start"]))
    for item in items:
        if "end" in item:
            item["start"], item["end"] = sorted((str(item["start"]), str(item["end"])))


def _day(random: Random) -> date:
    return date(2026, 1, 1) + timedelta(days=random.randrange(730))


_BY_TYPE: Mapping[str, Answer] = {
    "single_choice": _single,
    "multiple_choice": _multiple,
    "scale": _scale,
    "number": _number,
    "percentage": lambda _, random: random.randrange(0, 101, 5),
    "short_text": _text,
    "long_text": _text,
    "date": lambda _, random: _day(random).isoformat(),
    "date_time": lambda _, random: f"{_day(random)}T{random.randint(7, 20):02}:00:00+00:00",
    "time": lambda _, random: f"{random.randint(7, 20):02}:{random.randrange(0, 60, 15):02}",
    "duration": _duration,
    "yes_no": lambda _, random: random.random() < 0.5,
    "repeat_group": _repeat,
}
_BY_KEY: Mapping[str, Answer] = {
    "incident_year": lambda _, random: random.randint(1990, 2025),
    "keep_out": lambda *_: True,
}
