"""Stopping mails by the link in them: one click, no session, and no scanner does it by looking."""

from api.audit.events import Event
from api.core import db
from api.core.service_keys import service_key
from api.prompts import stop_links
from api.prompts.models import Reminders
from tests.audit.test_one_event import events
from tests.core.logs import captured_logs
from tests.participants.test_withdrawal import withdraw
from tests.personas import Leader, World


def link(world: World, leo: Leader) -> str:
    with db.transaction(world.engine) as session:
        key = service_key(session, world.settings, stop_links.KEY)
    return stop_links.address(world.settings, key, leo.participant_id).removeprefix(world.settings.public_url)


def reminders(world: World, leo: Leader) -> Reminders | None:
    with db.reading(world.engine) as session:
        return session.get(Reminders, leo.participant_id)


def stops(world: World) -> int:
    return sum(one.event == Event.MAILS_STOPPED for one in events(world.engine))


def test_a_mail_program_stops_them_in_one_click_and_a_second_changes_nothing(world: World) -> None:
    leo = world.join()
    path = link(world, leo)
    for _ in range(2):
        stopped = world.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert stopped.status_code == 200, stopped.text
        assert "No more mails" in stopped.text
    row = reminders(world, leo)
    assert row
    assert row.settings["channels"] == ["push"]
    assert row.version == 2
    assert stops(world) == 1


def test_looking_at_the_page_changes_nothing(world: World) -> None:
    leo = world.join()
    page = world.client.get(link(world, leo))
    assert page.headers["content-type"].startswith("text/html")
    assert '<form method="post">' in page.text
    assert "Place leadership" not in page.text
    assert reminders(world, leo) is None
    assert stops(world) == 0


def test_a_made_up_link_stops_nothing(world: World) -> None:
    leo, lena = world.join(), world.join()
    path = link(world, leo)
    forged = path.replace(leo.participant_id.hex, lena.participant_id.hex)
    for wrong in (
        forged,
        path[:-1],
        path + "0",
        "/v1/reminders/stop/x",
        f"{stop_links.PATH}{lena.participant_id.hex}.",
    ):
        assert world.client.post(wrong).status_code == 404
        assert world.client.get(wrong).status_code == 404
    assert reminders(world, lena) is None


def test_guessing_is_counted_and_the_right_link_works_all_the_same(world: World) -> None:
    leo = world.join()
    path = link(world, leo)
    answers = {world.client.get("/v1/reminders/stop/guess").status_code for _ in range(301)}
    assert answers == {404, 429}
    assert world.client.post(path).status_code == 200


def test_somebody_who_has_left_hears_the_same(world: World) -> None:
    leo = world.join()
    path = link(world, leo)
    withdraw(leo, "erase")
    assert world.client.post(path).status_code == 200
    assert reminders(world, leo) is None


def test_the_link_is_in_no_log(world: World) -> None:
    leo = world.join()
    path = link(world, leo)
    with captured_logs() as log:
        world.client.get(path)
        world.client.post(path)
    assert "/v1/reminders/stop/{token}" in log.getvalue()
    assert path.rpartition(".")[2] not in log.getvalue()
