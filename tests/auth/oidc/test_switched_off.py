"""Single sign-on is an extra: without its setting nothing of it is there, and its library is not needed."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.core.config import Settings, UnsafeSettings
from api.main import create_app
from tests.auth.oidc.travelling import CALLBACK, CONNECT, START
from tests.auth.people import OURS, person
from tests.databases import KEYS, ROOT, make_settings
from tests.meta.shape import nothing_stored, refused
from tests.personas import World

SOUND: dict[str, Any] = {
    "oidc_issuer": "https://login.example.org",
    "oidc_client_id": "daybook",
    "oidc_client_secret": SecretStr("of the provider"),
}
# A Python in which the library is not installed.
BLOCKED = """
import sys
sys.modules["authlib"] = sys.modules["joserfc"] = None
from scripts.cli.main import app
from scripts.cli import serve
serve.uvicorn.Server.run = lambda self: print("serves")
app(["serve", "--port", "0"])
"""


@pytest.fixture
def off(settings: Settings) -> Settings:
    return settings.model_copy(update={"oidc_issuer": ""})


def test_without_the_setting_nothing_of_it_is_there(off: Settings, world: World) -> None:
    here = person(world, "Nia New").signs_in()
    with TestClient(create_app(off), base_url="https://testserver") as client, nothing_stored(world.engine):
        for path, headers in ((START, OURS), (CALLBACK, {}), (CONNECT, here.headers)):
            answer = client.get(path, headers=headers, follow_redirects=False)
            refused(answer, 404, "not-found")
            assert "set-cookie" not in answer.headers


def served(tmp_path: Path, issuer: str) -> subprocess.CompletedProcess[str]:
    given = {f"DAYBOOK_{name.upper()}": key.get_secret_value() for name, key in KEYS.items()}
    given |= {"DAYBOOK_DATA_DIR": str(tmp_path), "DAYBOOK_OIDC_ISSUER": issuer}
    given |= {"DAYBOOK_OIDC_CLIENT_ID": "daybook", "DAYBOOK_OIDC_CLIENT_SECRET": "of the provider"}
    return subprocess.run(
        [sys.executable, "-c", BLOCKED],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_without_the_library_the_service_starts_unless_an_issuer_is_set(tmp_path: Path) -> None:
    ran = served(tmp_path, "")
    assert (ran.returncode, ran.stdout) == (0, "serves\n"), ran.stderr
    ran = served(tmp_path, "https://login.example.org")
    assert (ran.returncode, ran.stdout) == (2, "")
    said = " ".join(ran.stderr.split())
    assert said == (
        "DAYBOOK_OIDC_ISSUER is set, but the library for it is not installed: install Daybook with its extra oidc, "
        "or set no issuer."
    )


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"oidc_issuer": "http://login.example.org"}, "Set DAYBOOK_OIDC_ISSUER to the https:// address"),
        ({"oidc_issuer": "login.example.org"}, "Set DAYBOOK_OIDC_ISSUER to the https:// address"),
        ({"oidc_client_id": ""}, "Set DAYBOOK_OIDC_CLIENT_ID and DAYBOOK_OIDC_CLIENT_SECRET"),
        ({"oidc_client_secret": SecretStr("")}, "Set DAYBOOK_OIDC_CLIENT_ID and DAYBOOK_OIDC_CLIENT_SECRET"),
    ],
    ids=["no TLS", "no address", "no name", "no secret"],
)
def test_half_a_setting_refuses_to_start(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    create_app(make_settings(tmp_path, **SOUND))
    with pytest.raises(UnsafeSettings) as refused:
        create_app(make_settings(tmp_path, **SOUND | changes))
    assert str(refused.value).startswith(sentence)


def test_the_secret_is_shown_nowhere(tmp_path: Path) -> None:
    made = make_settings(tmp_path, **SOUND)
    assert "of the provider" not in repr(made)
    assert "of the provider" not in made.model_dump_json()
