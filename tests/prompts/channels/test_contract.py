"""What every channel promises, asked of each one that there is: sent once, never twice, and nothing told.

A new channel fails here until its other side is in OTHER_SIDES.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.core.config import Settings
from api.core.db import make_engine
from api.prompts import channels
from api.prompts.channels import CHANNELS
from api.prompts.channels.base import Channel, Fate, Means, Outcome, Reminder
from schemas.reminders import ChannelName
from tests.personas import DECISION
from tests.prompts.channels.http_side import PushSide, SmsSide
from tests.prompts.channels.other_side import MailSide, OtherSide, reminder

OTHER_SIDES: dict[ChannelName, type[OtherSide]] = {
    ChannelName.EMAIL: MailSide,
    ChannelName.PUSH: PushSide,
    ChannelName.SMS: SmsSide,
}
TITLE = "Place leadership"


class Handing:
    """Says yes or no when it is asked to hand over, and remembers what had arrived by then."""

    def __init__(self, side: OtherSide, *, says: bool = True) -> None:
        self.side, self.says = side, says
        self.arrived_before: list[int] = []

    def __call__(self) -> bool:
        self.arrived_before.append(len(self.side.arrived()))
        return self.says


@pytest.fixture(params=sorted(CHANNELS), ids=lambda name: name.value)
def channel(request: pytest.FixtureRequest) -> Channel:
    return CHANNELS[request.param]


@pytest.fixture
def side(channel: Channel, settings: Settings) -> Iterator[OtherSide]:
    with OTHER_SIDES[channel.name].there(settings) as made:
        yield made


def send(
    channel: Channel, side: OtherSide, handing: Handing, *reminders: Reminder, at: OtherSide | None = None
) -> list[Outcome]:
    engine = make_engine(side.settings)
    try:
        with channel.open(Means(side.settings, engine)) as line:
            return [line.send(one, [(at or side).address], handing) for one in reminders or (reminder(),)]
    finally:
        engine.dispose()


def test_every_channel_is_registered_and_has_another_side() -> None:
    files = {path.stem for path in Path(channels.__file__).parent.glob("*.py")} - {"__init__", "base"}
    assert files == {name.value for name in CHANNELS}
    assert CHANNELS.keys() == OTHER_SIDES.keys()
    assert all(name == channel.name for name, channel in CHANNELS.items())


def test_a_channel_is_offered_only_where_it_was_set_up(
    channel: Channel, settings: Settings, side: OtherSide
) -> None:
    assert not channel.is_offered(settings)
    assert channel.is_offered(side.settings)


def test_a_reminder_is_sent_once_and_handed_over_right_before(channel: Channel, side: OtherSide) -> None:
    handing = Handing(side)
    assert [one.fate for one in send(channel, side, handing)] == [Fate.SENT]
    assert handing.arrived_before == [0]
    assert len(side.arrived()) == 1


def test_a_line_sends_many_one_after_the_other(channel: Channel, side: OtherSide) -> None:
    handing = Handing(side)
    assert {one.fate for one in send(channel, side, handing, *(reminder() for _ in range(5)))} == {Fate.SENT}
    assert handing.arrived_before == [0, 1, 2, 3, 4]
    assert len(side.arrived()) == 5


def test_nothing_is_sent_if_somebody_else_has_taken_it_over(channel: Channel, side: OtherSide) -> None:
    handing = Handing(side, says=False)
    assert [one.fate for one in send(channel, side, handing)] == [Fate.LATER]
    assert handing.arrived_before == [0]
    assert side.arrived() == []


def test_a_line_goes_on_after_it_was_told_not_to_send(channel: Channel, side: OtherSide) -> None:
    handing = Handing(side)
    engine = make_engine(side.settings)
    with channel.open(Means(side.settings, engine)) as line:
        assert line.send(reminder(), [side.address], lambda: False).fate == Fate.LATER
        assert line.send(reminder(), [side.address], handing).fate == Fate.SENT
    engine.dispose()
    assert len(side.arrived()) == 1


def test_a_handing_over_that_fails_sends_nothing_and_harms_no_other(
    channel: Channel, side: OtherSide
) -> None:
    def fail() -> bool:
        raise ConnectionError("The database is away.")

    engine = make_engine(side.settings)
    with channel.open(Means(side.settings, engine)) as line:
        with pytest.raises(ConnectionError):
            line.send(reminder(), [side.address], fail)
        assert side.arrived() == []
        assert line.send(reminder(), [side.address], Handing(side)).fate == Fate.SENT
    engine.dispose()
    assert len(side.arrived()) == 1


def test_a_side_that_is_away_is_asked_again_later(channel: Channel, side: OtherSide) -> None:
    side.go_away()
    handing = Handing(side)
    assert [one.fate for one in send(channel, side, handing)] == [Fate.LATER]
    assert handing.arrived_before == []
    assert side.arrived() == []


def test_what_was_handed_over_and_not_answered_is_unknown(channel: Channel, side: OtherSide) -> None:
    side.die_with_it()
    handing = Handing(side)
    assert [one.fate for one in send(channel, side, handing)] == [Fate.UNKNOWN]
    assert len(handing.arrived_before) == 1


def test_a_line_goes_on_after_the_other_side_died(channel: Channel, side: OtherSide) -> None:
    engine = make_engine(side.settings)
    with channel.open(Means(side.settings, engine)) as line:
        side.die_with_it()
        assert line.send(reminder(), [side.address], Handing(side)).fate == Fate.UNKNOWN
        side.take()
        assert line.send(reminder(), [side.address], Handing(side)).fate == Fate.SENT
    engine.dispose()


def test_a_refusal_is_for_good(channel: Channel, side: OtherSide) -> None:
    side.refuse()
    (outcome,) = send(channel, side, Handing(side))
    assert outcome.fate == Fate.REFUSED
    assert outcome.code
    assert side.arrived() == []


def test_who_is_asked_to_come_back_comes_back(channel: Channel, side: OtherSide) -> None:
    side.put_off()
    (outcome,) = send(channel, side, Handing(side))
    assert outcome.fate == Fate.LATER
    side.take()
    assert [one.fate for one in send(channel, side, Handing(side))] == [Fate.SENT]
    assert len(side.arrived()) == 1


@pytest.mark.parametrize("language", ["en", "cy", "pt-BR"])
def test_what_is_sent_tells_nothing(channel: Channel, side: OtherSide, language: str) -> None:
    one = reminder(language=language)
    send(channel, side, Handing(side), one)
    (text,) = side.arrived()
    assert one.url in text
    for told in (TITLE, "study", "decision", DECISION["headline"], "place_leadership_diary"):
        assert told.lower() not in text.lower()
