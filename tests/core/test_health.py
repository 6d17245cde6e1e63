"""Probes tell the truth, and metrics hold no id."""

from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import Engine, event, text

from api.core.health import expected_migration
from api.main import create_app
from tests.databases import make_settings
from tests.meta.shape import refused
from tests.personas import World


def test_ready_names_the_migration(client: TestClient) -> None:
    assert client.get("/health/ready").json() == {"status": "ok", "migration": expected_migration()}


def test_an_empty_database_is_not_ready(tmp_path: Path) -> None:
    with TestClient(create_app(make_settings(tmp_path))) as client:
        refused(client.get("/health/ready"), 503, "not-migrated")
        assert client.get("/health/live").status_code == 200


def test_another_version_of_the_database_is_not_ready(client: TestClient, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    body = refused(client.get("/health/ready"), 503, "not-migrated")
    assert "9999" not in str(body)


def test_live_touches_no_database(client: TestClient) -> None:
    used: list[int] = []
    engine: Engine = client.app.state.engine  # type: ignore[attr-defined] # the app is ours
    event.listen(engine, "checkout", lambda *_: used.append(1))
    assert client.get("/health/live").json() == {"status": "ok", "migration": None}
    assert used == []
    client.get("/health/ready")
    assert used == [1]


def test_metrics_are_by_route_template(world: World) -> None:
    leo = world.join()
    kept = leo.keeps().json()["id"]
    leo.get(f"/v1/entries/{kept}")
    leo.get(f"/v1/entries/{world.study_id}")
    world.client.get(f"/v1/secret/{kept}")
    world.client.request("BREW", "/v1/me")
    text_ = world.client.get("/metrics").text
    assert 'route="/v1/entries/{entry_id}",status="200"} 1.0' in text_
    assert 'route="/v1/entries/{entry_id}",status="404"} 1.0' in text_
    assert 'route="unmatched",status="404"} 1.0' in text_
    assert 'method="OTHER"' in text_
    assert "BREW" not in text_
    for known in (kept, world.study_id, leo.participant_id, leo.device_id, "secret"):
        assert str(known) not in text_
