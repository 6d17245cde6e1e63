"""A first map by likeness, which a person looks through."""

import time
from typing import Any

import pytest

from api.webhooks.normalised import Answer, Normalised, Stage
from api.webhooks.proposing import propose
from schemas.instrument import InstrumentDefinition
from schemas.proposal import Likeness, Proposal
from schemas.source import Transform


def question(kind: str, key: str, label: str, **options: str) -> dict[str, Any]:
    made = [{"value": value, "label": {"en": words}} for value, words in options.items()]
    asked = {"type": kind, "key": key, "label": {"en": label}}
    return asked | {"options": made} if made else asked


QUESTIONS = [
    question("single_choice", "setting", "Where were you?", desk="At my desk", travel="Travelling"),
    question("multiple_choice", "themes", "Which themes?", skills="Skills"),
    question("long_text", "decided", "What did you decide today?"),
    question("yes_no", "was_public", "Was it public?"),
    question("duration", "minutes", "How long did it take?"),
    question("note", "thanks", "Thank you"),
    question("date", "day", "Which day?"),
]
ITEMS = [{"question": one["key"], "required": one["key"] in {"decided", "day"}} for one in QUESTIONS]
INSTRUMENT = InstrumentDefinition.model_validate(
    {
        "key": "diary",
        "version": 1,
        "title": {"en": "Diary"},
        "default_language": "en",
        "languages": ["en"],
        "questions": QUESTIONS,
        "forms": [{"kind": "moment", "label": {"en": "Moment"}, "contingency": "event", "items": ITEMS}],
    }
)


def proposed(*answers: Answer) -> Proposal:
    return propose(Normalised("tally", Stage.COMPLETE, "f", "s", answers=answers), INSTRUMENT, "moment")


def matched(proposal: Proposal) -> dict[str, tuple[str, Likeness, float]]:
    return {one.answer_key: (one.question, one.likeness, one.confidence) for one in proposal.matches}


@pytest.mark.parametrize(
    ("answer", "question", "likeness", "confidence"),
    [
        (Answer("decided", "x"), "decided", Likeness.SAME_KEY, 1.0),
        (Answer("q7_wasPublic", "x", alt_key="wasPublic"), "was_public", Likeness.SAME_KEY, 0.95),
        (Answer("group/minutes", 5), "minutes", Likeness.SAME_KEY, 1.0),
        (Answer("q1", "x", label="WHAT DID YOU DECIDE TODAY"), "decided", Likeness.SAME_LABEL, 0.9),
        (Answer("What did you decide today?", "x"), "decided", Likeness.SAME_LABEL, 0.9),
        (Answer("q1", "x", label="What did you decide on today?"), "decided", Likeness.SIMILAR_LABEL, 0.8),
    ],
)
def test_an_answer_finds_its_question(
    answer: Answer, question: str, likeness: Likeness, confidence: float
) -> None:
    found = matched(proposed(answer))[answer.key]
    assert found[:2] == (question, likeness)
    assert found[2] == pytest.approx(confidence, abs=0.03)


def test_nothing_is_forced_and_what_is_left_is_told() -> None:
    found = proposed(Answer("decided", "x"), Answer("weather", "Sunny", label="How was the weather?"))
    assert found.answers_without_question == ["weather"]
    assert found.required_without_answer == ["day"]
    assert found.questions_without_answer == ["setting", "themes", "was_public", "minutes"], "and no note"
    assert [row.required for row in found.field_map.rows] == [True]


def test_options_are_found_by_their_words_and_the_identifiers_with_them() -> None:
    (row,) = proposed(
        Answer("setting", "At my desk", option_ids=("e7bf",), option_labels=("At my Desk ",))
    ).field_map.rows
    assert row.transform is Transform.CHOICE
    assert row.value_map == {
        "At my desk": "desk",
        "Travelling": "travel",
        "desk": "desk",
        "travel": "travel",
        "e7bf": "desk",
        "At my Desk ": "desk",
    }


def test_an_option_that_is_none_of_ours_is_told_and_not_mapped() -> None:
    found = proposed(Answer("themes", ["Skills", "Bees"]))
    assert found.matches[0].unknown_options == ["Bees"]
    assert "Bees" not in found.field_map.rows[0].value_map


def test_each_type_is_read_in_its_way() -> None:
    found = proposed(*(Answer(one["key"], "x") for one in QUESTIONS))
    transforms = {row.question: row.transform for row in found.field_map.rows}
    assert transforms == {
        "setting": Transform.CHOICE,
        "themes": Transform.CHOICES,
        "decided": Transform.TEXT,
        "was_public": Transform.YES_NO,
        "minutes": Transform.INTEGER,
        "day": Transform.DATE,
    }
    yes_no = next(row for row in found.field_map.rows if row.question == "was_public")
    assert set(yes_no.value_map.values()) == {"yes", "no"}


def test_two_answers_that_could_both_be_meant_are_half_as_sure() -> None:
    found = proposed(Answer("a", "x", label="Where were you?"), Answer("b", "x", label="Where were you?"))
    assert matched(found) == {"a": ("setting", Likeness.SAME_LABEL, 0.45)}
    assert found.answers_without_question == ["b"]


def test_a_key_wins_over_a_label() -> None:
    found = proposed(
        Answer("x", "x", label="What did you decide today?"), Answer("decided", "x", label="Other")
    )
    assert matched(found) == {"decided": ("decided", Likeness.SAME_KEY, 1.0)}


def test_a_form_that_is_none() -> None:
    with pytest.raises(KeyError):
        propose(Normalised("tally", Stage.COMPLETE, "f", "s"), INSTRUMENT, "evening")


def test_a_thousand_answers_are_looked_through_quickly() -> None:
    begun = time.process_time()
    found = proposed(
        *(Answer(f"k{number}", "x", label="What did you decode " * 10) for number in range(1_000))
    )
    assert time.process_time() - begun < 3
    assert len(found.answers_without_question) == 1_000
