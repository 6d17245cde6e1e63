"""Builds a first field map from one submission and an instrument by keys, labels and the likeness of labels."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from api.webhooks.normalised import Answer, Normalised
from schemas.instrument import InstrumentDefinition
from schemas.proposal import Likeness, Match, Proposal
from schemas.questions import ChoiceBase, Question
from schemas.source import FieldMap, MapRow, Transform

_LEAST = 0.75
"""How alike two labels must be, as difflib counts; below that, likeness is chance."""
_MOST_ANSWERS, _LONGEST, _MOST_VALUES = 300, 200, 500
_WORDS = re.compile(r"[^a-z0-9]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_TRANSFORMS = {
    "single_choice": Transform.CHOICE,
    "multiple_choice": Transform.CHOICES,
    "scale": Transform.INTEGER,
    "percentage": Transform.INTEGER,
    "duration": Transform.INTEGER,
    "number": Transform.NUMBER,
    "yes_no": Transform.YES_NO,
    "date": Transform.DATE,
    "date_time": Transform.INSTANT,
    "repeat_group": Transform.AS_IS,
}
_YES_NO = {
    "Yes": "yes",
    "yes": "yes",
    "1": "yes",
    "true": "yes",
    "No": "no",
    "no": "no",
    "0": "no",
    "false": "no",
}


@dataclass(frozen=True)
class _Pair:
    answer: int
    question: str
    likeness: Likeness
    score: float


def propose(sample: Normalised, instrument: InstrumentDefinition, kind: str) -> Proposal:
    """Return a map of one submission's answers to one form's questions; raises KeyError for an unknown kind."""
    form = instrument.form(kind)
    if form is None:
        raise KeyError(kind)
    asked = {item.question: instrument.question(item.question) for item in form.items}
    questions = {key: one for key, one in asked.items() if one is not None and one.columns()}
    required = {item.question for item in form.items if item.required}
    answers = [one for one in sample.answers if len(one.key) <= _LONGEST][:_MOST_ANSWERS]
    chosen = _assigned(_pairs(answers, questions))
    made = [_row(questions[one.question], answers[one.answer], one, required) for one in chosen]
    rows = [row for row, _ in made]
    taken, answered = {row.answer_key for row in rows}, {row.question for row in rows}
    left = [key for key in questions if key not in answered]
    return Proposal(
        field_map=FieldMap(instrument=instrument.key, kind=kind, rows=rows),
        matches=[match for _, match in made],
        answers_without_question=[one.key for one in sample.answers if one.key not in taken],
        questions_without_answer=[key for key in left if key not in required],
        required_without_answer=[key for key in left if key in required],
    )


def _row(question: Question, answer: Answer, pair: _Pair, required: Collection[str]) -> tuple[MapRow, Match]:
    values, unknown = _values(question, answer)
    row = MapRow(
        answer_key=answer.key,
        question=question.key,
        transform=_TRANSFORMS.get(question.type, Transform.TEXT),
        value_map=values,
        required=question.key in required,
    )
    return row, Match(
        answer_key=answer.key,
        question=question.key,
        likeness=pair.likeness,
        confidence=round(pair.score, 2),
        unknown_options=unknown,
    )


def _pairs(answers: Sequence[Answer], questions: dict[str, Question]) -> Iterator[_Pair]:
    known = {key: [_plain(words) for words in one.label.values()] for key, one in questions.items()}
    for number, answer in enumerate(answers):
        names = {answer.key, answer.key.rpartition("/")[2], answer.alt_key or answer.key}
        plain_names = {_plain(name) for name in names}
        label = _plain(answer.label or answer.key)
        for key, labels in known.items():
            if key in names:
                yield _Pair(number, key, Likeness.SAME_KEY, 1.0)
            elif _plain(key) in plain_names:
                yield _Pair(number, key, Likeness.SAME_KEY, 0.95)
            elif label in labels:
                yield _Pair(number, key, Likeness.SAME_LABEL, 0.9)
            elif (likeness := max((_alike(label, one) for one in labels), default=0.0)) >= _LEAST:
                yield _Pair(number, key, Likeness.SIMILAR_LABEL, 0.85 * likeness)


def _assigned(pairs: Iterator[_Pair]) -> list[_Pair]:
    """Take the likeliest pairs, each answer and question once; what could as well be another is half as sure."""
    found = sorted(pairs, key=lambda pair: (-pair.score, pair.answer, pair.question))
    rivals = Counter((pair.answer, pair.score) for pair in found) + Counter(
        (pair.question, pair.score) for pair in found
    )
    chosen: dict[str, _Pair] = {}
    used: set[int] = set()
    for pair in found:
        if pair.answer in used or pair.question in chosen:
            continue
        unsure = max(rivals[pair.answer, pair.score], rivals[pair.question, pair.score]) > 1
        chosen[pair.question] = _Pair(
            pair.answer, pair.question, pair.likeness, pair.score / 2 if unsure else pair.score
        )
        used.add(pair.answer)
    return sorted(chosen.values(), key=lambda pair: pair.answer)


def _values(question: Question, answer: Answer) -> tuple[dict[str, str], list[str]]:
    """Return our option for each of the tool's, as far as words tell, and the answer's options that have none."""
    if question.type == "yes_no":
        return dict(_YES_NO), []
    if not isinstance(question, ChoiceBase):
        return {}, []
    offered = [option for option in question.options if not option.removed]
    values: dict[str, str] = {}
    for words, value in (
        *((words, one.value) for one in offered for words in one.label.values()),
        *((one.value, one.value) for one in offered),
    ):
        if len(words) <= _LONGEST and len(values) < _MOST_VALUES:
            values.setdefault(words, value)
    plain = {_plain(words): value for words, value in values.items()}
    unknown = []
    for names in _options(answer):
        ours = next((plain[_plain(name)] for name in names if _plain(name) in plain), None)
        if ours is None:
            unknown.append(names[-1][:_LONGEST])
            continue
        for name in names:
            if len(name) <= _LONGEST and len(values) < _MOST_VALUES:
                values.setdefault(name, ours)
    return values, unknown


def _options(answer: Answer) -> Iterator[list[str]]:
    """Yield what each chosen option is called: its identifier, then its words."""
    ids, labels = answer.option_ids, answer.option_labels
    if ids and labels and len(ids) == len(labels):
        yield from ([one, words] for one, words in zip(ids, labels, strict=True))
    elif ids or labels:
        yield from ([one] for one in labels or ids)
    else:
        given = answer.value if isinstance(answer.value, list) else [answer.value]
        yield from ([str(one)] for one in given if isinstance(one, str | int) and not isinstance(one, bool))


def _plain(words: str) -> str:
    """Return words without case, accents, punctuation and the numbers of questions before them."""
    bare = unicodedata.normalize("NFKD", _HUMP.sub(" ", words[:_LONGEST])).encode("ascii", "ignore").decode()
    return _WORDS.sub(" ", bare.lower()).strip()


def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _LEAST or matcher.quick_ratio() < _LEAST:
        return 0.0
    return matcher.ratio()
