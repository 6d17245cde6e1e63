"""A schedule that cannot be followed is refused with a sentence."""

from typing import Any

import pytest
from pydantic import ValidationError

from schemas.base import field_errors
from schemas.schedule import Schedule

SOUND: dict[str, Any] = {
    "key": "evening",
    "instrument": "place_leadership_diary",
    "kind": "day",
    "timing": {"type": "interval", "times": ["20:30"]},
}
SIGNAL = {"type": "signal", "prompts": 4, "opens": "09:00", "closes": "18:00", "minimum_gap": 60}


def test_a_sound_schedule_is_taken() -> None:
    assert Schedule.model_validate(SOUND).kind == "day"
    assert Schedule.model_validate(SOUND | {"timing": SIGNAL | {"minimum_gap": 180}}).timing.type == "signal"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"timing": SIGNAL | {"minimum_gap": 181}}, "window is too short"),
        ({"timing": SIGNAL | {"closes": "09:00"}}, "close after it opens"),
        ({"timing": SIGNAL | {"closes": "24:00"}}, "pattern"),
        ({"timing": {"type": "interval", "times": ["20:30", "09:00"]}}, "earliest first"),
        ({"timing": {"type": "interval", "times": []}}, "at least 1"),
        ({"timing": {"type": "after_entry", "sources": [{"kind": "decision"}], "at": "09:00"}}, "days after"),
        ({"timing": {"type": "whenever"}}, "none of the known types"),
        ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "ends before it starts"),
        ({"quiet": {"begin": "22:00", "end": "22:00"}}, "begin and end at different times"),
        ({"remind_after": [60, 30]}, "earliest first"),
        ({"remind_after": [720]}, "before the prompt expires"),
        ({"bursts": [{"from_day": 0, "days": 7}, {"from_day": 6, "days": 7}]}, "without an overlap"),
        ({"weekdays": ["mon", "mon"]}, "each weekday once"),
        ({"every_days": 0}, "greater than or equal to 1"),
    ],
)
def test_an_impossible_schedule_is_refused_with_a_sentence(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Schedule.model_validate(SOUND | changes)
    assert any(says in one.message for one in field_errors(refused.value)), field_errors(refused.value)
