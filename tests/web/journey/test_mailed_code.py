"""Leo has no other phone at hand: a code that comes by a real mail server opens his diary on a new one."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.core.mail import MailServer
from api.participants import mailing_codes
from tests.databases import copy_sqlite, make_settings
from tests.prompts.mailbox import Mailbox, mail_server
from tests.web.joining.conftest import served
from tests.web.joining.place import Place
from tests.web.journey.diary import Leader

Phones = Callable[..., Leader]
CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}(?:-[2-9A-HJ-NP-Z]{4}){2}\b")


@pytest.fixture
def mailbox_and_place(tmp_path: Path, migrated_sqlite: Path) -> Iterator[tuple[Mailbox, Place]]:
    """A served study whose service has a real mail server."""
    copy_sqlite(migrated_sqlite, tmp_path / "data")
    with mail_server() as (mailbox, url):
        settings = make_settings(tmp_path / "data", mail_url=url, mail_from="Diary <diary@example.org>")
        for place in served(settings):
            yield mailbox, place


def test_a_code_that_came_by_mail_opens_the_diary(
    mailbox_and_place: tuple[Mailbox, Place], leader: Phones
) -> None:
    mailbox, place = mailbox_and_place
    leo = leader(place).has_joined()
    leo.page.evaluate(
        "() => fetch('/v1/me/contact', {method: 'PUT', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({email: 'leo@example.org'})})"
    )
    second = leader(place).open("#/sign-in").tap("Send me a code by e-mail")
    second.page.get_by_label("Your e-mail address").fill("  Leo@Example.org ")
    second.tap("Send the code").reads("If this address belongs to a diary here")
    with MailServer(place.world.settings) as server:
        assert mailing_codes.serve(place.engine, place.world.settings, server) == 1
    (mail,) = mailbox.mails("leo@example.org")
    found = CODE.search(mail.get_body(("plain",)).get_content())  # type: ignore[union-attr] # there is a body
    assert found
    assert found[0] not in str(mail["Subject"])
    second.types(found[0]).tap("Sign in").sees("Today").stands("Everything is sent")
