"""Reminders by e-mail: a real server, its moods, and what the mail holds."""

import re
import ssl
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream
from pydantic import SecretStr

from api.core import db
from api.core.config import Settings
from api.core.mail import MailRefused, MailServer, new_message
from api.core.pacing import Pace
from api.prompts.channels.base import Address, Fate, Means, Outcome
from api.prompts.channels.email import EmailChannel
from tests.prompts.channels.other_side import URL, MailSide, reminder
from tests.prompts.channels.postbox import Postbox, opened
from tests.webhooks.tools import certificate


@pytest.fixture
def side(settings: Settings) -> Iterator[MailSide]:
    with MailSide.there(settings) as made:
        yield made


def mail(side: MailSide, address: str = "leo@example.org", **changes: object) -> Outcome:
    engine = db.make_engine(side.settings)
    with EmailChannel().open(Means(side.settings, engine)) as line:
        outcome = line.send(reminder(**changes), [Address(address)], lambda: True)  # type: ignore[arg-type] # any field
    engine.dispose()
    return outcome


def test_a_mail_is_neutral_and_says_how_to_stop_it(side: MailSide) -> None:
    one = reminder()
    engine = db.make_engine(side.settings)
    with EmailChannel().open(Means(side.settings, engine)) as line:
        assert line.send(one, [Address("leo@example.org")], lambda: True) == Outcome(Fate.SENT, 250)
    engine.dispose()
    (mail,) = side.box.mails
    assert (mail["From"], mail["To"]) == ("Diary <diary@mail.example.net>", "leo@example.org")
    assert mail["Subject"] == "A moment for your diary"
    assert mail["Message-ID"] == f"<{one.sending_id}@mail.example.net>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = re.fullmatch(r"<(http\S+/v1/reminders/stop/\S+)>", mail["List-Unsubscribe"])
    assert stop
    text, html, calendar = (part for part in mail.walk() if not part.is_multipart())
    assert [part.get_content_type() for part in (text, html, calendar)] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    for part in (text, html):
        assert "You asked to be reminded of your diary." in part.get_content()
        assert stop[1] in part.get_content()
        assert URL in part.get_content()
    assert '<html lang="en">' in html.get_content()


def test_the_calendar_part_holds_the_occasion_on_the_participants_clock(side: MailSide) -> None:
    mail(side, time_zone="Australia/Lord_Howe")
    part = next(part for part in side.box.mails[0].walk() if part.get_content_type() == "text/calendar")
    assert isinstance(part, EmailMessage)
    assert part["Content-Type"].params["method"] == "PUBLISH"
    assert part.get_filename() == "diary.ics"
    calendar = IcsCalendarStream.calendar_from_ics(part.get_content())
    (event,) = calendar.events
    assert str(event.dtstart) == "2026-03-31 06:30:00+11:00"
    assert event.summary == "Diary"
    assert "METHOD:PUBLISH" in part.get_content()
    assert "BEGIN:VTIMEZONE" in part.get_content()
    assert event.organizer
    assert "diary@mail.example.net" in str(event.organizer)


def test_a_mail_speaks_the_participants_language(side: MailSide) -> None:
    mail(side, language="cy-GB")
    mail(side, language="fr")
    welsh, french = side.box.mails
    assert "dyddiadur" in welsh["Subject"]
    assert french["Subject"] == "A moment for your diary"  # we have no French


def test_what_goes_over_the_line_is_seven_bits_and_no_address_in_a_header_is_folded(side: MailSide) -> None:
    mail(side, language="cy")
    raw = side.box.mails[0].as_bytes(policy=policy.SMTP.clone(max_line_length=None))
    assert raw.isascii()
    assert max(map(len, raw.splitlines())) < 998


def test_a_550_is_for_good_a_451_is_not(side: MailSide) -> None:
    side.box.to_recipient = "550 5.1.1 No such user"
    assert mail(side) == Outcome(Fate.REFUSED, 550)
    side.box.to_recipient = "451 4.7.1 Greylisted"
    assert mail(side) == Outcome(Fate.LATER, 451)
    side.box.to_recipient, side.box.to_content = "250 OK", "451 Later"
    assert mail(side) == Outcome(Fate.LATER, 451)
    side.box.to_content = "554 Not this"
    assert mail(side) == Outcome(Fate.REFUSED, 554)
    assert side.box.mails == []


def test_a_refused_sender_is_the_operators_fault_and_refuses_nobody(side: MailSide) -> None:
    side.box.to_sender = "550 Who are you?"
    assert mail(side) == Outcome(Fate.LATER, 550)
    assert side.box.recipients == []


def test_an_answer_that_nobody_can_read_is_unknown(side: MailSide) -> None:
    side.box.to_content = "what"
    assert mail(side).fate == Fate.UNKNOWN


def test_a_line_that_begins_with_a_dot_arrives_whole(side: MailSide) -> None:
    message = new_message(side.settings, "leo@example.org")
    message.set_content(".\r\n..two\r\n.one\r\n")
    with MailServer(side.settings) as server:
        assert server.send(message, lambda: True)
    assert side.box.mails[0].get_content().splitlines() == [".", "..two", ".one"]


@pytest.mark.parametrize(
    "address", ["a,b@example.org", "<a@example.org", "a(b)@example.org", '"a b"@example.org', "é@example.org"]
)
def test_an_address_that_others_would_read_otherwise_is_refused_before_anybody_is_asked(
    side: MailSide, address: str
) -> None:
    assert mail(side, address) == Outcome(Fate.REFUSED, 553)
    assert side.box.recipients == []


def test_a_domain_with_umlauts_is_written_for_mail_servers(side: MailSide) -> None:
    assert mail(side, "leo@müller.example").fate == Fate.SENT
    assert side.box.recipients == ["leo@xn--mller-kva.example"]


def test_over_starttls_with_a_password(
    side: MailSide, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.chain)
    box = Postbox()
    with opened(box, context) as where:
        port = where.rpartition(":")[2]
        side.settings = side.settings.model_copy(
            update={"mail_url": SecretStr(f"smtp://us%40er:right@localhost:{port}")}
        )
        assert mail(side).fate == Fate.LATER  # its certificate is nobody's
        assert (box.mails, box.logged_in) == ([], [])
        monkeypatch.setenv("SSL_CERT_FILE", str(files.authority))
        assert mail(side).fate == Fate.SENT
        assert box.logged_in == ["us@er:right"]
        side.settings = side.settings.model_copy(
            update={"mail_url": SecretStr(f"smtp://user:wrong@localhost:{port}")}
        )
        assert mail(side).fate == Fate.LATER
    assert len(box.mails) == 1


def test_a_server_without_starttls_gets_neither_password_nor_address(side: MailSide) -> None:
    plain = side.settings.mail_url.get_secret_value()
    side.settings = side.settings.model_copy(
        update={"mail_url": SecretStr(plain.replace("smtp+plain://", "smtp://user:right@"))}
    )
    assert mail(side).fate == Fate.LATER
    assert (side.box.logged_in, side.box.senders) == ([], [])


def test_no_more_mails_go_out_in_a_minute_than_the_server_takes() -> None:
    at, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        at[0] += seconds

    pace = Pace(60, now=lambda: at[0], sleep=sleep)
    for _ in range(3):
        pace.wait()
    at[0] += 3_600  # a quiet hour earns no burst
    for _ in range(3):
        pace.wait()
    assert slept == [1.0, 1.0, 1.0, 1.0]


def test_each_mail_waits_for_its_turn(side: MailSide) -> None:
    turns: list[int] = []

    class Counted(Pace):
        def wait(self) -> None:
            turns.append(len(side.box.mails))

    message = new_message(side.settings, "leo@example.org")
    message.set_content("Hello")
    with MailServer(side.settings, Counted(1)) as server:
        for _ in range(3):
            server.send(message, lambda: True)
    assert turns == [0, 1, 2]


def test_a_mail_for_two_is_made_for_nobody(side: MailSide) -> None:
    with pytest.raises(MailRefused):
        new_message(side.settings, "leo@example.org, lena@example.org")
