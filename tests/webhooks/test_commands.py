"""The operator runs a survey from the command line."""

import json
import re
from pathlib import Path
from typing import Any

from api.core import db
from api.webhooks.models import WebhookSource
from tests.commands import daybook
from tests.meta.bodies import FIELD_MAP
from tests.personas import World
from tests.webhooks.desk import Desk, Source, answered


def document(ran: tuple[int, str]) -> Any:
    """Return the JSON that a command printed; the test's own server may have logged a line before it."""
    status, said = ran
    assert status == 0, said
    return json.loads(said[said.index("{\n") :])


def test_a_source_is_made_mapped_watched_and_mended(world: World, tmp_path: Path) -> None:
    desk, leo = Desk(world), world.join()
    status, said = daybook(world.settings, "source", "add", world.study_id, "typeform", "Morning")
    assert status == 0, said
    found: dict[str, str] = dict(re.findall(r"^(\w+): +(\S+)", said, re.MULTILINE))
    source, url, secret = found["Source"], found["Address"], found["Secret"]
    assert f"Paste {url}" in said
    broken, mended = tmp_path / "broken.json", tmp_path / "map.json"
    mended.write_text(json.dumps(FIELD_MAP))
    broken.write_text(json.dumps(FIELD_MAP | {"rows": [FIELD_MAP["rows"][0] | {"value_map": {"x": "well"}}]}))
    assert daybook(world.settings, "source", "map", source, "--from", broken)[0] == 0
    assert daybook(world.settings, "source", "resume", source) == (0, "Morning: live\n")
    status, links = daybook(world.settings, "source", "codes", source)
    participant, code, link = links.splitlines()[1].split(",")
    assert (status, participant, link) == (0, str(leo.participant_id), f"#pid={code}")
    desk.source = Source(source, url, secret)
    assert desk.post(answered(code)).status_code == 200
    desk.work()
    (quarantined,) = desk.deliveries()
    listed = daybook(world.settings, "inbox", "list", world.study_id, "--status", "quarantined")
    assert (listed[0], str(quarantined.id) in listed[1]) == (0, True)
    study = world.study_id
    tried = daybook(world.settings, "inbox", "preview", study, quarantined.id, "--map", mended)
    assert document(tried)["answers"] == {"mood": "well"}
    assert daybook(world.settings, "source", "map", source, "--from", mended)[0] == 0
    assert daybook(world.settings, "inbox", "replay", study)[1].endswith("1 to be processed again.\n")
    desk.work()
    counted = daybook(world.settings, "inbox", "counts", study, "--source", source)
    assert (counted[0], "1 processed" in counted[1]) == (0, True)
    shown = document(daybook(world.settings, "inbox", "show", study, quarantined.id))
    assert shown["delivery"]["status"] == "processed"
    assert len(leo.get("/v1/entries").json()["entries"]) == 1


def test_a_source_is_paused_tested_and_given_another_address(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code = desk.code(leo)
    for command, heard in (("pause", 503), ("test", 200), ("resume", 200)):
        assert daybook(world.settings, "source", command, desk.source.id)[0] == 0
        assert desk.post(answered(code)).status_code == heard
    status, said = daybook(
        world.settings, "source", "rotate", desk.source.id, "--new-address", "--keep-old-hours", 0
    )
    assert (status, desk.post(answered(code)).status_code) == (0, 401)
    found: dict[str, str] = dict(re.findall(r"^(\w+): +(\S+)", said, re.MULTILINE))
    desk.source = Source(desk.source.id, found["Address"], found["Secret"])
    assert desk.post(answered(code)).status_code == 200
    assert desk.source.secret not in daybook(world.settings, "source", "list", world.study_id)[1]
    assert "Hidden fields" in daybook(world.settings, "source", "instructions", desk.source.id)[1]


def test_lists_are_readable_in_eighty_columns(world: World) -> None:
    desk = Desk(world)
    desk.post(answered("AAAA-BBBB-CCCC"))
    desk.work()
    desk.post(answered("AAAA-BBBB-CCCC"), secret="another")
    (delivery,) = desk.deliveries()
    with db.transaction(world.engine) as session:
        session.get_one(
            WebhookSource, desk.id
        ).poll_reason = "The tool did not answer in time, or with too much."
    wanted = {
        "inbox": (
            f"{delivery.id}  {delivery.received_at:%Y-%m-%d %H:%M}  quarantined",
            delivery.reason or "",
        ),
        "source": (
            f"{desk.id}  live    typeform",
            "Evening (map 1, 1 refused)",
            "Its signature or password was wrong: the secret in the tool is another one.",
            "Not asked: The tool did not answer in time, or with too much.",
        ),
    }
    for command, sentences in wanted.items():
        status, said = daybook(world.settings, command, "list", world.study_id, COLUMNS="80")
        written = said[said.index(sentences[0]) :].splitlines()
        lines = [line for line in written if not line.startswith("{")]  # the test's own server may log a line
        assert (status, lines[0]) == (0, sentences[0])
        assert max(map(len, lines)) <= 80
        assert len(lines) <= 1 + sum(1 + len(one) // 60 for one in sentences[1:])
        whole = " ".join(" ".join(lines).split())
        assert all(" ".join(one.split()) in whole for one in sentences)


def test_what_does_not_fit_is_a_sentence(world: World, tmp_path: Path) -> None:
    desk, file = Desk(world), tmp_path / "map.json"
    file.write_text(json.dumps(FIELD_MAP | {"kind": "nothing"}))
    status, said = daybook(world.settings, "source", "map", desk.source.id, "--from", file)
    assert (status, "no such kind" in said) == (1, True), said
    file.write_text('{"rows": 1}')
    assert daybook(world.settings, "source", "map", desk.source.id, "--from", file)[0] == 1
    status, said = daybook(world.settings, "source", "add", world.study_id, "nothing", "A")
    assert (status, "typeform" in said) == (1, True), said
