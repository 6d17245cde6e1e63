"""The watch over the whole suite can see: each way in which a test could leak fails that test."""

import subprocess
import sys
from pathlib import Path

from tests.meta.repository import ROOT

LEAKS = """
import logging
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.responses import JSONResponse
from api.core import crypto
from api.core.metrics import Metrics
from api.main import create_app
from tests.canaries import WATCH
from tests.databases import make_settings

TEXT = "Whether to pool the skills budget with two neighbouring councils"

def test_a_text_is_printed():
    print("the entry was", TEXT)

def test_a_token_is_logged():
    logging.getLogger("api").warning("signed in with %s", crypto.new_secret("dbr"))

def test_a_code_is_logged_in_setup(code):
    assert code

def test_a_name_is_in_a_problem():
    app = FastAPI()
    WATCH.keep("a name", ["Olivia Owner"])
    app.get("/")(lambda: JSONResponse({"detail": "Olivia Owner"}, 404, media_type="application/problem+json"))
    with TestClient(app) as client:
        client.get("/")

def test_an_address_is_in_the_metrics(tmp_path):
    app = create_app(make_settings(tmp_path))
    app.state.metrics.requests.labels("GET", "/v1/olivia@example.org", 200).inc()
    with TestClient(app):
        pass

def test_a_text_is_in_the_audit():
    WATCH.hear("an audit event", str({"detail": TEXT}))

def test_nothing_leaks():
    WATCH.keep("a name", ["Olivia Owner"])
    print(crypto.digest(crypto.new_secret("dbr")), "Olivia")
"""
CONFTEST = """
import pytest
from api.core import crypto
from tests import canaries

def pytest_configure(config):
    canaries.install(config)

@pytest.fixture
def code():
    made = crypto.new_code()
    print(made)
    return made
"""


def test_a_test_that_leaks_fails_and_says_what_leaked_where(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "test_leaks.py").write_text(LEAKS)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for leak in (
        "a text in captured stdout call",
        "a token in captured log call",
        "a code in captured stdout setup",
        "a name in a problem",
        "an address in the metrics",
        "a text in an audit event",
    ):
        assert leak in ran.stdout, (leak, ran.stdout + ran.stderr)
    assert "7 passed, 6 errors" in ran.stdout
    assert "test_nothing_leaks" not in ran.stdout
