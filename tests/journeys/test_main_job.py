"""The main job, end to end over TCP: leaders keep diaries, one withdraws, Ana pulls a de-identified CSV."""

import random
import time
import zipfile
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from api.core.config import Settings
from api.instruments import shipped
from scripts.demo_answers import plausible_answers
from tests.journeys.recompute import read, smallest_class, texts
from tests.journeys.server import Forker, Server
from tests.personas import PROFILE, Leader, World, entry_body

KINDS = ("decision", "moment", "day", "followup", "journey", "incident", "nothing_to_report")
SECTORS = ("local_gov", "central_gov", "university_he", "third_sector")


@pytest.fixture
def world(settings: Settings, forker: Forker, engine: Engine) -> Any:
    """A study on a real server that makes its own releases."""
    inline = settings.model_copy(update={"worker": "inline"})
    with (
        Server(inline, forker.launch) as server,
        httpx.Client(base_url=server.url, trust_env=False) as client,
    ):
        yield World(client, engine, inline)  # type: ignore[arg-type] # asks by the same methods as a TestClient


def keep_a_diary(leader: Leader, chance: random.Random) -> None:
    """Ten entries: one of every kind, then three decisions."""
    diary = next(d for d in shipped.definitions() if d.key == "place_leadership_diary")
    for kind in (*KINDS, "decision", "decision", "decision"):
        answers = plausible_answers(diary, kind, chance)
        for control in ("embargo_until", "keep_out"):
            answers.pop(control, None)
        stored = leader.keeps(answers=answers, kind=kind)
        assert stored.status_code == 201, stored.text


def wait_for(world: World, path: str) -> dict[str, Any]:
    """Wait until the worker has dealt with a release."""
    for _ in range(600):
        release: dict[str, Any] = world.ana.get(path).json()
        if release["status"] not in {"queued", "building"}:
            return release
        time.sleep(0.05)
    raise AssertionError("The worker did not make the release.")


def test_the_main_job(world: World, tmp_path: Path) -> None:
    chance = random.Random(7)
    leaders = [world.join(PROFILE | {"sector": SECTORS[number % 4]}) for number in range(12)]
    for leader in leaders:
        keep_a_diary(leader, chance)
    gone = leaders[-1]
    assert len(gone.get("/v1/entries").json()["entries"]) == 10
    receipt = gone.post("/v1/me/withdrawal", {"scope": "erase"}).json()
    assert receipt["done"]["entries"] == 10
    assert gone.get("/v1/me").status_code == 401

    asked = world.olivia.post(f"{world.path}/releases", {"recipient": "Dr Ana Analyst", "purpose": "themes"})
    release = wait_for(world, asked.headers["Location"])
    assert release["status"] == "published", release["refusal"]
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(world.ana.get(f"{world.path}/releases/latest/bundle.zip").content)
    with zipfile.ZipFile(bundle) as files:
        files.extractall(tmp_path)

    people, entries, codebook = (
        read(tmp_path / f"{name}.csv") for name in ("participants", "entries", "codebook")
    )
    assert len(people) == 11
    assert smallest_class(people) >= 5
    assert len(entries) == 110
    assert {entry["kind"] for entry in entries} == set(KINDS)
    assert texts(entries, codebook) == {""}
    assert {entry["participant"] for entry in entries} == {person["participant"] for person in people}
    whole = "".join(path.read_text() for path in tmp_path.glob("*.csv"))
    for leader in leaders:
        assert str(leader.participant_id) not in whole


def test_a_second_entry_of_the_same_body_over_tcp_is_one_entry(world: World) -> None:
    leo, body = world.join(), entry_body()
    statuses = [
        leo.put("/v1/entries/01997a00-0000-7000-8000-000000000001", body).status_code for _ in range(3)
    ]
    assert statuses == [201, 200, 200]
