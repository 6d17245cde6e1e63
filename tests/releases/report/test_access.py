"""Olivia reads the report, Ana what recipients read, and strangers nothing."""

from sqlmodel import delete

from api.auth.verbs import Role
from api.core import db
from api.releases.report.models import StoredReport
from tests.personas import Leader, World
from tests.releases.test_pipeline import ask


def test_the_team_reads_the_report_and_analysts_the_banded_one(world: World, leaders: list[Leader]) -> None:
    ask(world)
    other = World(world.client, world.engine, world.settings, "Another study")
    for address in ("report", "report.html"):
        path = f"{world.path}/releases/1/{address}"
        assert world.olivia.get(path).status_code == 200
        assert world.ana.get(path).status_code == 403
        assert world.staff("Rita Reviewer", Role.REVIEWER).get(path).status_code == 403
        assert other.olivia.get(path).status_code == 404
        assert leaders[0].get(path).status_code == 401
        assert world.client.get(path).status_code == 401
    assert world.ana.get(f"{world.path}/releases/1/DISCLOSURE.md").status_code == 200


def test_there_is_no_report_of_what_was_not_published(world: World) -> None:
    path = f"{world.path}/releases/1/report"
    assert world.olivia.get(path).status_code == 404
    assert ask(world)["status"] == "refused"
    early = world.olivia.get(path)
    assert (early.status_code, early.json()["type"]) == (409, "urn:daybook:problem:release-not-ready")


def test_a_release_from_before_reports_were_kept_says_so(world: World, leaders: list[Leader]) -> None:
    ask(world)
    with db.transaction(world.engine) as session:
        session.exec(delete(StoredReport))
    gone = world.olivia.get(f"{world.path}/releases/1/report")
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:daybook:problem:no-report")
