"""What the pages on survey tools tell people to paste works: run, posted and read."""

import json
import os
import re
import shutil
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Post, Stage
from schemas.source import Paths, Proof
from tests.meta.repository import ROOT
from tests.webhooks.adapters.reading import by_key, read, values
from tests.webhooks.senders import SENDERS, options

PAGES = ROOT / "docs" / "survey-tools"
SECRET = SENDERS["standard"].secret
NOON = 1_794_000_000_000
QUARTER, DAY = 900_000, 86_400_000
RESPONSE: dict[str, Any] = {
    "id": "2_ABaOnue",
    "timestamp": "2026-11-06T20:00:00.000Z",
    "items": [
        {"id": 1, "title": " pid ", "type": "TEXT", "value": " K7Q "},
        {"id": 2, "title": "What did you decide?", "type": "PARAGRAPH_TEXT", "value": 'Café “£2m” 🐝\n"no"'},
        {"id": 3, "title": "Which themes?", "type": "CHECKBOX", "value": ["Skills", "Data"]},
        {"id": 4, "title": "A photo", "type": "FILE_UPLOAD", "value": ["1AbC"]},
    ],
}
needs_node = pytest.mark.skipif(
    shutil.which("node") is None and "CI" not in os.environ, reason="there is no node on this machine"
)


def block(page: str, language: str) -> str:
    (found,) = re.findall(
        rf"^ *```{language}\n(.*?)^ *```", (PAGES / page).read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(found)


def run(statuses: list[int | None], later: list[int]) -> dict[str, Any]:
    """Run the page's script: a response arrives at noon, and what waits is sent again at the later times."""
    given = {
        "script": block("google-forms-apps-script.md", "js"),
        "settings": {"SOURCE_ADDRESS": "https://diary.example.org/v1/hooks/1/t", "SOURCE_SECRET": SECRET},
        "response": RESPONSE,
        "statuses": statuses,
        "from": NOON,
        "later": later,
    }
    ran = subprocess.run(
        ["node", str(ROOT / "tests" / "webhooks" / "google.js")],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def proven(post: dict[str, Any], at: int) -> bytes:
    """Assert that our door would take a post of the script at a time, and return its body."""
    assert (post["method"], post["contentType"], post["followRedirects"]) == (
        "post",
        "application/json",
        False,
    )
    body: bytes = post["payload"].encode("ascii")
    with time_machine.travel(datetime.fromtimestamp(at / 1_000, UTC), tick=False):
        made = Post(body, post["contentType"], post["headers"])
        assert ADAPTERS["standard"].refusal(made, [SECRET], SENDERS["standard"].options) is None
    return body


@needs_node
def test_the_script_for_google_forms_posts_what_we_take() -> None:
    ran = run([200], [NOON + QUARTER])
    assert (len(ran["posts"]), ran["left"], ran["complaint"]) == (1, [0, 0], None)
    assert ran["triggers"] == ["onResponse", "sendWaiting"]
    found = read("standard", proven(ran["posts"][0], NOON))
    assert (found.stage, found.form_id, found.submission_id) == (Stage.COMPLETE, "FORM", "2_ABaOnue")
    assert found.claims == {"pid": "K7Q"}
    assert values(found) == {"2": 'Café “£2m” 🐝\n"no"', "3": ["Skills", "Data"]}
    assert by_key(found)["2"].label == "What did you decide?"
    assert found.submitted_at == datetime(2026, 11, 6, 20, tzinfo=UTC)


@needs_node
@pytest.mark.parametrize("away", [503, 500, None], ids=["503", "500", "no connection"])
def test_what_was_not_taken_is_sent_again_and_signed_anew(away: int | None) -> None:
    ran = run([away, away, 200], [NOON + QUARTER, NOON + 2 * QUARTER, NOON + 3 * QUARTER])
    assert (len(ran["posts"]), ran["left"]) == (3, [1, 1, 0, 0])
    bodies = [proven(post, NOON + number * QUARTER) for number, post in enumerate(ran["posts"])]
    assert len(set(bodies)) == 1
    assert not any("decide" in str(kept) for kept in ran["properties"].values()), "no answer is kept aside"


@needs_node
def test_a_response_that_waits_for_a_day_is_told_to_the_owner() -> None:
    ran = run([503, 503], [NOON + DAY + 1])
    assert (ran["left"], ran["complaint"]) == ([1, 1], "1 responses wait for more than a day.")


def test_the_flow_of_power_automate_makes_what_we_read() -> None:
    page = (PAGES / "power-automate.md").read_text("utf-8")
    paths = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|$", page, re.MULTILINE))
    filled = {
        "body/responseId": "17",
        "body/submitDate": "2026-11-03T08:30:00Z",
        "body/r1111": "K7Q",
        "body/r2222": 'She said "no"\nto the board',
        "body/r3333": '["Skills","Data"]',
    }
    text = block("power-automate.md", "json")
    body = json.loads(
        text, object_hook=lambda part: {key: fill(value, filled) for key, value in part.items()}
    )
    wanted = options(Proof.HEADER, paths=Paths.model_validate(paths))
    found = read("generic_json", body, wanted)
    assert (found.form_id, found.submission_id, found.claims) == ("diary", "17", {"pid": "K7Q"})
    assert found.submitted_at == datetime(2026, 11, 3, 8, 30, tzinfo=UTC)
    assert values(found) == {"decided": 'She said "no"\nto the board', "themes": ["Skills", "Data"]}
    told = ADAPTERS["generic_json"].instructions("https://x", wanted)
    assert all(f"{name}: {path}" in told for name, path in paths.items()), "as the instructions say"


def fill(value: Any, filled: dict[str, str]) -> Any:
    """Do what Power Automate does to one value: an expression becomes what it finds."""
    if not isinstance(value, str) or not value.startswith("@{"):
        return value
    (name,) = re.findall(r"\['(body/\w+)'\]", value)
    return filled[name]
