"""Olivia generalises attributes in her study's own way, by files that ARX reads and writes."""

from typing import Any

import pytest

from api.core import db
from api.releases import service
from api.releases.policy import Policy
from tests.meta.bodies import SECTORS
from tests.meta.shape import nothing_stored, refused
from tests.personas import World
from tests.releases.policy.test_policies import events

SHIPPED = {
    "sector": 4,
    "place_scale": 4,
    "country": 4,
    "region": 5,
    "role_tier": 4,
    "leader_status": 2,
    "leads": 2,
    "tenure_band": 3,
    "cohort": 3,
}


def upload(world: World, table: str | bytes, attribute: str = "sector") -> Any:
    """Upload a table as Olivia."""
    path = f"{world.path}/hierarchies/{attribute}"
    return world.olivia.put(path, content=table, headers={"Content-Type": "text/csv"})


def download(world: World, attribute: str = "sector") -> str:
    """Download a table as Ana."""
    answer = world.ana.get(f"{world.path}/hierarchies/{attribute}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{attribute}.csv"'
    return str(answer.text)


def test_the_shipped_hierarchies_can_be_downloaded(world: World) -> None:
    listed = world.ana.get(f"{world.path}/hierarchies").json()
    assert {one["attribute"]: one["levels"] for one in listed} == SHIPPED
    assert {one["source"] for one in listed} == {"instrument"}
    for one in listed:
        lines = [line.split(";") for line in download(world, one["attribute"]).splitlines()]
        assert {len(line) for line in lines} == {one["levels"]}
        assert {line[-1] for line in lines} == {"*"}
        assert len(lines) == one["values"]
    assert "north_east;north;england;england;*\n" in download(world, "region")


def test_an_uploaded_hierarchy_holds_until_it_is_removed(world: World) -> None:
    shipped = download(world)
    uploaded = upload(world, SECTORS)
    assert uploaded.json() == {"attribute": "sector", "source": "uploaded", "values": 6, "levels": 3}
    assert download(world) == SECTORS
    with nothing_stored(world.engine):
        assert upload(world, SECTORS.replace("\n", "\r\n")).status_code == 200
    assert events(world, "hierarchy.replaced") == 1
    path = f"{world.path}/hierarchies/sector"
    assert world.olivia.delete(path).status_code == 204
    assert download(world) == shipped
    with nothing_stored(world.engine):
        assert world.olivia.delete(path).status_code == 204
    assert events(world, "hierarchy.removed") == 1


def test_what_is_downloaded_can_be_uploaded(world: World) -> None:
    for attribute in SHIPPED:
        table = download(world, attribute)
        assert upload(world, table, attribute).status_code == 200
        assert download(world, attribute) == table


def test_a_release_keeps_the_hierarchy_that_it_was_asked_with(world: World) -> None:
    upload(world, SECTORS)
    asked = world.olivia.post(f"{world.path}/releases", {"recipient": "R", "purpose": "P"}).json()
    upload(world, SECTORS.replace("others", "elsewhere"))
    with db.reading(world.engine) as session:
        release = service.by_number(session, world.study_id, str(asked["number"]))
        policy = Policy.model_validate(release.policy)
    assert policy.quasi_identifiers[0].ancestors["third_sector"] == ["others"]


LINES = SECTORS.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("table", "pointer", "code"),
    [
        ("\n\n", "/", "file"),
        ("".join(LINES[:-1]), "/", "missing"),
        (SECTORS + "unheard_of;others;*\n", "/values/7", "unknown"),
        (SECTORS + LINES[0], "/lines/7", "line"),
        (SECTORS.replace("local_gov;government;*", "local_gov;government;x"), "/lines/3", "line"),
        (SECTORS.replace("local_gov;government;*", "local_gov;*"), "/lines/3", "line"),
        (SECTORS.replace("local_gov;government;*", "local_gov;;*"), "/lines/3", "line"),
        (SECTORS.replace("local_gov;government", "local_gov;third_sector"), "/lines/3", "line"),
        ("".join(f"{line[:-3]};{number % 4};*\n" for number, line in enumerate(LINES)), "/lines/2", "line"),
        ("".join(line.replace(";*", f";{line.split(';')[0]};*") for line in LINES), "/lines/1", "line"),
        (SECTORS + '"open', "/lines/7", "line"),
        (SECTORS.replace("government", "govern\x07ment"), "/lines/1", "line"),
    ],
)
def test_a_fault_in_a_table_is_told_with_its_line(world: World, table: str, pointer: str, code: str) -> None:
    with nothing_stored(world.engine):
        body = refused(upload(world, table), 422, "hierarchy-wrong")
    assert [(one["pointer"], one["code"]) for one in body["errors"]] == [(pointer, code)]
    assert "unheard_of" not in str(body)


@pytest.mark.parametrize(
    "table",
    ["", SECTORS + "nul\x00;others;*\n", b"\xff\xfe;*\n", "a;*\n" * 1_000_000, '{"a": ["b"]}' * 20_000],
)
def test_what_is_no_table_at_all_is_refused(world: World, table: str | bytes) -> None:
    with nothing_stored(world.engine):
        answer = upload(world, table)
    assert answer.status_code in {413, 422}
    assert len(answer.text) < 1_000


@pytest.mark.parametrize("attribute", ["no_such", "language", "headline", "phase"])
def test_only_attributes_that_can_be_generalised_have_a_table(world: World, attribute: str) -> None:
    path = f"{world.path}/hierarchies/{attribute}"
    with nothing_stored(world.engine):
        for answer in (world.ana.get(path), upload(world, SECTORS, attribute), world.olivia.delete(path)):
            refused(answer, 404, "not-found")


def test_a_questionnaire_that_has_outgrown_a_table_is_told(world: World) -> None:
    upload(world, SECTORS)
    newer = world.olivia.get(f"{world.path}/instruments/place_leadership_profile/1").json()
    sector = next(question for question in newer["questions"] if question["key"] == "sector")
    sector["options"].append({"value": "faith", "label": {"en": "Faith"}})
    sector["hierarchy"]["faith"] = sector["hierarchy"]["third_sector"]
    assert world.olivia.post(f"{world.path}/instruments", newer | {"version": 2}).status_code == 201
    world.olivia.post(f"{world.path}/instruments/place_leadership_profile/2/publish")
    asked = world.olivia.post(f"{world.path}/releases", {"recipient": "R", "purpose": "P"})
    body = refused(asked, 422, "policy-not-possible")
    assert [(one["pointer"], one["code"]) for one in body["errors"]] == [
        ("/quasi_identifiers/0", "hierarchy")
    ]
    assert upload(world, SECTORS + "faith;others;*\n").status_code == 200
    assert world.olivia.post(f"{world.path}/releases", {"recipient": "R", "purpose": "P"}).status_code == 202
