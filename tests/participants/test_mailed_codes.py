"""Codes by e-mail: one answer for everybody, one mail for each request, and no code that exists before its mail."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import select

from api.audit.events import Event
from api.core import clock, db
from api.core.config import Settings
from api.core.ids import new_id
from api.core.mail import MailServer
from api.main import create_app
from api.participants import contact_index, mailing_codes
from api.participants.models import Contact, MailedCode
from tests.audit.test_one_event import events
from tests.participants.test_withdrawal import withdraw
from tests.personas import Leader, World
from tests.prompts.channels.postbox import DIES, Postbox, opened

PATH = "/v1/session/code/mail"
CODE = re.compile(r"^ {4}(\w{4}-\w{4}-\w{4})\r?$", re.MULTILINE)


@pytest.fixture
def box() -> Postbox:
    return Postbox()


@pytest.fixture
def settings(settings: Settings, box: Postbox) -> Iterator[Settings]:
    with opened(box) as where:
        given = {
            "mail_url": SecretStr(f"smtp+plain://{where}"),
            "mail_from": "Diary <diary@mail.example.net>",
        }
        yield settings.model_copy(update=given | {"mail_per_minute": 100_000})


def known(world: World, email: str = "Leo@Example.org") -> Leader:
    leo = world.join()
    assert leo.put("/v1/me/contact", {"email": email}).status_code == 204
    return leo


def ask(world: World, email: str = "leo@example.org") -> Any:
    return world.client.post(PATH, json={"email": email})


def work(world: World) -> int:
    with MailServer(world.settings) as server:
        return mailing_codes.serve(world.engine, world.settings, server)


def states(world: World) -> list[str]:
    with db.reading(world.engine) as session:
        return list(session.exec(select(MailedCode.state).order_by(MailedCode.id)).all())  # type: ignore[arg-type] # a column


def code_in(box: Postbox) -> str:
    found = CODE.search(box.mails[-1].get_content())
    assert found
    return found[1]


def signs_in(world: World, code: str) -> Any:
    return world.client.post("/v1/session/code", json={"code": code, "attempt": str(new_id())})


def test_a_leader_signs_in_with_the_code_that_came_by_mail_once(world: World, box: Postbox) -> None:
    leo = known(world)
    assert ask(world, " leo@example.org".strip()).status_code == 202
    assert work(world) == 1
    (mail,) = box.mails
    assert box.recipients == ["Leo@Example.org"]
    assert mail["Subject"] == "Your sign-in code"
    assert "Place leadership" not in str(mail)
    code = code_in(box)
    answer = signs_in(world, code)
    assert answer.status_code == 201, answer.text
    me = world.client.get(
        "/v1/me", headers={"Authorization": f"Bearer {answer.json()['access_token']}"}
    ).json()
    assert me["participant_id"] == str(leo.participant_id)
    assert signs_in(world, code).status_code == 422
    assert states(world) == ["sent"]
    assert sum(one.event == Event.DEVICE_CODE_MAILED for one in events(world.engine)) == 1


def test_everybody_hears_the_same_and_only_who_is_known_gets_a_mail(world: World, box: Postbox) -> None:
    known(world)
    gone = known(world, "lena@example.org")
    withdraw(gone, "out_of_releases")
    answers = [ask(world, f"{name}@example.org") for name in ("leo", "lena", "nobody")]
    assert len({(one.status_code, one.content) for one in answers}) == 1
    assert work(world) == 1
    assert box.recipients == ["Leo@Example.org"]


def test_one_request_is_one_mail_whoever_works_at_it(world: World, box: Postbox) -> None:
    known(world)
    ask(world)
    assert [work(world), work(world)] == [1, 0]
    assert len(box.mails) == 1


def test_a_mail_of_which_nobody_knows_whether_it_arrived_is_never_sent_again(
    world: World, box: Postbox
) -> None:
    known(world)
    ask(world)
    box.to_content = DIES
    assert work(world) == 0
    box.to_content = "250 OK"
    with time_machine.travel(clock.now() + timedelta(minutes=5), tick=True):
        assert work(world) == 0
    assert states(world) == ["unknown"]
    assert signs_in(world, code_in(box)).status_code == 201  # it did arrive


def test_a_worker_that_died_in_the_middle_left_something_unknown_and_before_it_something_to_do(
    world: World, box: Postbox
) -> None:
    known(world)
    ask(world)
    ask(world)
    with db.transaction(world.engine) as session:
        first, second = session.exec(select(MailedCode).order_by(MailedCode.id)).all()  # type: ignore[arg-type] # a column
        first.state, first.attempts = "handing", 1
        second.attempts, second.due_at = (
            1,
            clock.now() - timedelta(seconds=1),
        )  # claimed, and its lease is over
    assert work(world) == 1
    assert states(world) == ["unknown", "sent"]


def test_greylisting_puts_a_mail_off_and_a_refusal_ends_it(world: World, box: Postbox) -> None:
    known(world)
    ask(world)
    box.to_recipient = "451 Later"
    assert work(world) == 0
    assert states(world) == ["waiting"]
    box.to_recipient = "250 OK"
    assert work(world) == 0  # not yet
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=True):
        assert work(world) == 1
        box.to_recipient = "550 Unknown"
        ask(world)
        assert work(world) == 0
    assert states(world) == ["sent", "refused"]


def test_a_code_that_comes_too_late_to_be_waited_for_is_not_sent(world: World, box: Postbox) -> None:
    known(world)
    ask(world)
    with time_machine.travel(clock.now() + timedelta(minutes=21), tick=True):
        assert work(world) == 0
    assert states(world) == ["given_up"]
    assert box.mails == []


def test_a_stranger_who_asks_does_not_end_the_code_that_a_device_shows(world: World, box: Postbox) -> None:
    leo = known(world)
    shown = leo.post("/v1/me/device-code").json()["code"]
    ask(world)
    assert work(world) == 0
    assert signs_in(world, shown).status_code == 201
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
        assert work(world) == 1


def test_an_address_in_two_studies_gets_a_mail_for_each(
    client: TestClient, engine: Engine, settings: Settings, box: Postbox
) -> None:
    one, other = World(client, engine, settings), World(client, engine, settings, "Another study")
    known(one)
    known(other)
    ask(one)
    assert work(one) == 2
    codes = {CODE.findall(mail.get_content())[0] for mail in box.mails}
    assert {signs_in(one, code).status_code for code in codes} == {201}
    assert len(codes) == 2


def test_asking_is_limited_for_an_address_known_or_not_and_locks_no_device_out(world: World) -> None:
    leo = known(world)
    for email in ("leo@example.org", "nobody@example.org"):
        assert [ask(world, email).status_code for _ in range(4)] == [202, 202, 202, 429]
    assert leo.post("/v1/me/device-code").status_code == 201


def test_contacts_that_were_there_before_are_found_too(world: World, box: Postbox) -> None:
    leo, mute = known(world), world.join()
    mute.put("/v1/me/contact", {"name": "Mute"})
    with db.transaction(world.engine) as session:
        for row in session.exec(select(Contact)).all():
            row.email_hash = None
    ask(world)
    assert work(world) == 0
    for _ in range(2):
        contact_index.fill_in(world.engine, world.settings)
    with db.reading(world.engine) as session:
        found = {row.participant_id: row.email_hash for row in session.exec(select(Contact)).all()}
    assert len(found[leo.participant_id] or "") == 64
    assert found[mute.participant_id] == ""
    ask(world)
    assert work(world) == 1


def test_a_changed_address_is_found_and_the_old_one_no_more(world: World, box: Postbox) -> None:
    leo = known(world)
    leo.put("/v1/me/contact", {"email": "leo.leader@example.org"})
    ask(world)
    assert work(world) == 0
    ask(world, "LEO.LEADER@example.org")
    assert work(world) == 1


def test_where_no_mail_is_set_up_everybody_is_told_so(engine: Engine, settings: Settings) -> None:
    with TestClient(
        create_app(settings.model_copy(update={"mail_url": SecretStr("")})), base_url="https://testserver"
    ) as client:
        answer = client.post(PATH, json={"email": "leo@example.org"})
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:daybook:problem:mail-not-offered")
