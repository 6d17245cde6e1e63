"""Ana pulls a de-identified release of what the leaders wrote."""

import csv
import io
import json
import zipfile
from collections import Counter
from typing import Any

from api.core.ids import new_id
from api.core.jobs import JobContext
from api.releases import build
from tests.personas import DECISION, Leader, World


def ask(world: World, **changes: Any) -> dict[str, Any]:
    """Ask for a release as Olivia, and make it as the worker would."""
    body = {"recipient": "Dr Ana Analyst", "purpose": "themes"} | changes
    asked = world.olivia.post(f"{world.path}/releases", body)
    assert asked.status_code == 202, asked.text
    build.build(JobContext(world.settings, "test"), asked.json()["id"])
    found: dict[str, Any] = world.ana.get(asked.headers["Location"]).json()
    return found


def table(world: World, name: str, number: str = "latest") -> list[dict[str, str]]:
    """Read a released table as Ana does."""
    answer = world.ana.get(f"{world.path}/releases/{number}/{name}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_a_release_counts_people_and_withholds_every_text(world: World, leaders: list[Leader]) -> None:
    release = ask(world)
    assert release["status"] == "published", release
    people, entries = table(world, "participants.csv"), table(world, "entries.csv")
    classes = Counter((row["sector"], row["country"], row["role_tier"]) for row in people)
    assert len(people) == 16
    assert min(classes.values()) >= 5
    assert Counter(row["participant"] for row in entries) == Counter(row["participant"] for row in people)
    assert {row["headline"] for row in entries} == {""}
    assert {row["confidence"] for row in entries} == {"70"}
    whole = "".join(
        world.ana.get(f"{world.path}/releases/latest/{name}").text for name in ("entries.csv", "codebook.csv")
    )
    assert DECISION["headline"] not in whole
    assert not any(str(leader.participant_id) in whole for leader in leaders)
    codebook = {row["column"]: row for row in table(world, "codebook.csv") if row["file"] == "entries.csv"}
    assert list(codebook) == list(entries[0])
    assert codebook["headline"]["rule"].startswith("reviewed redaction")
    assert "quotable" not in codebook


def test_columns_do_not_depend_on_the_rows(world: World, leaders: list[Leader]) -> None:
    ask(world)
    before = list(table(world, "entries.csv")[0])
    leaders[0].keeps(answers=DECISION | {"learning": "something", "stakes": 5})
    ask(world)
    assert list(table(world, "entries.csv")[0]) == before


def test_leaders_keep_entries_out(world: World, leaders: list[Leader]) -> None:
    for controls in ({"keep_out": True}, {"embargo_until": "2199-01-01"}):
        leaders[0].keeps(answers=DECISION | {"confidence": 1} | controls)
    leaders[0].keeps(answers=DECISION | {"confidence": 2, "embargo_until": "2000-01-01"})
    ask(world)
    confidences = Counter(row["confidence"] for row in table(world, "entries.csv"))
    assert confidences == {"70": 16, "2": 1}


def test_who_withdrew_or_did_not_consent_is_absent(world: World, leaders: list[Leader]) -> None:
    world.join(sharing=False).keeps()
    gone = leaders[0].post("/v1/me/withdrawal", {"scope": "out_of_releases"})
    assert gone.json()["releases_not_recalled"] == []
    ask(world)
    assert len(table(world, "participants.csv")) == 15
    assert len(table(world, "entries.csv")) == 15
    late = leaders[1].post("/v1/me/withdrawal", {"scope": "erase"})
    assert late.json()["releases_not_recalled"] == [1]
    ask(world, recipient="Dr Ben")  # to Ana, it would show who withdrew
    assert len(table(world, "participants.csv")) == 14
    assert len(table(world, "participants.csv", "1")) == 15


def test_pseudonyms_are_stable_for_one_recipient_and_purpose_only(
    world: World, leaders: list[Leader]
) -> None:
    names = []
    for purpose in ("themes", "themes", "roles"):
        ask(world, purpose=purpose)
        names.append({row["participant"] for row in table(world, "participants.csv")})
    assert names[0] == names[1]
    assert not names[0] & names[2]


def test_too_few_people_are_a_refusal_and_few_show_nothing(world: World) -> None:
    for _ in range(4):
        world.join().keeps()
    refused = ask(world)
    assert refused["status"] == "refused"
    assert "k is 5" in refused["refusal"]
    not_ready = world.ana.get(f"{world.path}/releases/1/entries.csv")
    assert (not_ready.status_code, not_ready.json()["type"]) == (409, "urn:daybook:problem:release-not-ready")
    for _ in range(4):
        world.join().keeps()
    assert ask(world)["status"] == "published"
    shown = {(row["sector"], row["country"], row["role_tier"]) for row in table(world, "participants.csv")}
    assert shown == {("*", "*", "*")}


def test_files_come_whole_in_part_or_not_at_all(world: World, leaders: list[Leader]) -> None:
    release = ask(world)
    path = f"{world.path}/releases/1/bundle.zip"
    whole = world.ana.get(path)
    assert sorted(zipfile.ZipFile(io.BytesIO(whole.content)).namelist()) == sorted(
        file["name"] for file in release["files"] if file["name"] != "bundle.zip"
    )
    assert whole.headers["Content-Disposition"] == 'attachment; filename="bundle.zip"'
    etag = whole.headers["ETag"]
    assert world.ana.get(path, headers={"If-None-Match": etag}).status_code == 304
    part = world.ana.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert world.ana.get(path, headers={"Range": "bytes=-5"}).content == whole.content[-5:]
    assert world.ana.get(path, headers={"Range": "bytes=10-19", "If-Range": '"other"'}).status_code == 200
    assert world.ana.get(path, headers={"Range": f"bytes={len(whole.content)}-"}).status_code == 416
    manifest = json.loads(world.ana.get(f"{world.path}/releases/1/manifest.json").text)
    assert manifest["k_reached"] >= manifest["k_asked"] == 5
    assert manifest["participants"] == 16


def test_what_cannot_be_asked_is_refused(world: World) -> None:
    base = {"recipient": "R", "purpose": "P"}
    for wrong in (
        {"quasi_identifiers": ["language"]},
        {"quasi_identifiers": ["no_such"]},
        {"k": 2},
        {"tier": "secret"},
    ):
        answer = world.olivia.post(f"{world.path}/releases", base | wrong)
        assert answer.status_code == 422, wrong
    assert world.ana.post(f"{world.path}/releases", base).status_code == 403
    assert world.ana.get(f"{world.path}/releases/latest").status_code == 404
    assert world.ana.get(f"{world.path}/releases/{new_id()}").status_code == 422
