"""SMS through a gateway: what it is given, and what its answers mean."""

import json
from collections.abc import Iterator

import pytest

from api.core import db
from api.core.config import Settings
from api.prompts.channels.base import Address, Fate, Means, Outcome
from api.prompts.channels.sms import SmsChannel, e164, text
from api.prompts.words import words_for
from tests.prompts.channels.http_side import HANGS_UP, SmsSide
from tests.prompts.channels.other_side import reminder

GSM = {
    *"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà",
    *"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
}


@pytest.fixture
def side(settings: Settings) -> Iterator[SmsSide]:
    with SmsSide.there(settings) as made:
        yield made


def send(side: SmsSide, number: str) -> Outcome:
    engine = db.make_engine(side.settings)
    with SmsChannel().open(Means(side.settings, engine)) as line:
        outcome = line.send(reminder(), [Address(number)], lambda: True)
    engine.dispose()
    return outcome


def test_a_gateway_is_given_a_number_a_text_and_an_id(side: SmsSide) -> None:
    assert send(side, "(020) 7946-0000") == Outcome(Fate.SENT, 201)
    (asked,) = side.server.asked
    body = json.loads(asked.body)
    assert body.keys() == {"to", "text", "id"}
    assert body["to"] == "+442079460000"
    assert asked.headers["authorization"] == "Bearer gateway secret"


@pytest.mark.parametrize(
    ("number", "dialled"),
    [("+351 21 000 0000", "+351210000000"), ("07700 900123", "+447700900123"), ("12", None), ("", None)],
)
def test_a_number_is_read_as_a_briton_would_dial_it(number: str, dialled: str | None) -> None:
    assert e164(number) == dialled


def test_what_is_no_number_is_refused_and_nobody_is_asked(side: SmsSide) -> None:
    assert send(side, "12345") == Outcome(Fate.REFUSED)
    assert side.server.asked == []


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (202, Fate.SENT),
        (302, Fate.REFUSED),
        (400, Fate.REFUSED),
        (401, Fate.LATER),
        (404, Fate.REFUSED),
        (429, Fate.LATER),
        (500, Fate.UNKNOWN),
        (503, Fate.LATER),
        (504, Fate.UNKNOWN),
        (HANGS_UP, Fate.UNKNOWN),
    ],
)
def test_a_gateways_answer_decides(side: SmsSide, status: int, fate: Fate) -> None:
    side.server.status = status
    assert send(side, "07700 900123") == Outcome(fate, status or None)
    assert len(side.server.asked) == 1


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("length", [10, 80, 100, 110, 111, 200])
def test_a_text_is_one_message_of_the_gsm_alphabet(language: str, length: int) -> None:
    url = "https://" + "x" * (length - 10) + "~1"
    written = text(reminder(language=language, url=url))
    assert len(written) + written.count("~") <= 160
    assert set(written.replace("~", "")) <= GSM
    assert (url in written) == (len(words_for(language).sms) + 1 + length + 1 <= 160)
