"""Release files in a store that is not a folder: a real S3 server, and stores that are full or away."""

from collections.abc import Iterator

import pytest
import s3fs  # type: ignore[import-untyped] # it says nothing of its types
from moto.server import ThreadedMotoServer

from api.core.ids import new_id
from api.core.jobs import JobContext
from api.releases import build
from api.releases.problems import ReleaseNotStored
from tests.commands import daybook
from tests.personas import Leader, World
from tests.releases.test_pipeline import ask


@pytest.fixture
def s3(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadedMotoServer]:
    """Run an S3 server on this machine, where its library's own settings say, with an empty bucket for this test."""
    bucket = f"daybook-{new_id().hex}"
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir(bucket)
    world.settings.storage_url = f"s3://{bucket}/files"
    yield server
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_a_release_lives_in_s3_as_it_lives_in_a_folder(
    world: World,
    leaders: list[Leader],
    s3: ThreadedMotoServer,
) -> None:
    release = ask(world)
    assert release["status"] == "published", release
    assert not (world.settings.data_dir / "releases").exists()
    path = f"{world.path}/releases/1/entries.csv"
    whole = world.ana.get(path)
    assert (whole.status_code, len(whole.text.splitlines())) == (200, 17)
    part = world.ana.get(path, headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    storage = {"DAYBOOK_STORAGE_URL": world.settings.storage_url}
    status, said = daybook(world.settings, "release", "verify", world.study_id, "1", **storage)
    assert (status, "as it was published" in said) == (0, True), said


def test_a_store_that_goes_away_publishes_nothing_and_says_so(
    world: World,
    leaders: list[Leader],
    s3: ThreadedMotoServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert ask(world)["status"] == "published"
    s3.stop()
    body = {"recipient": "Dr Ana Analyst", "purpose": "another"}
    asked = world.olivia.post(f"{world.path}/releases", body)
    with pytest.raises(ReleaseNotStored):
        build.build(JobContext(world.settings, "test"), asked.json()["id"])
    found = world.ana.get(asked.headers["Location"]).json()
    assert (found["status"], found["files"]) == ("failed", [])
    assert "full or cannot be reached" in found["refusal"]
    away = world.ana.get(f"{world.path}/releases/1/entries.csv")
    assert (away.status_code, away.json()["type"]) == (503, "urn:daybook:problem:release-files-away")


def test_a_full_folder_publishes_nothing_and_leaves_nothing(
    world: World,
    leaders: list[Leader],
) -> None:
    folder = world.settings.data_dir / "releases"
    folder.parent.mkdir(exist_ok=True)
    folder.write_text("a file is where the folder should be: nothing can be stored under it")
    body = {"recipient": "Dr Ana Analyst", "purpose": "themes"}
    asked = world.olivia.post(f"{world.path}/releases", body)
    with pytest.raises(ReleaseNotStored):
        build.build(JobContext(world.settings, "test"), asked.json()["id"])
    assert world.ana.get(asked.headers["Location"]).json()["status"] == "failed"
    assert list((world.settings.data_dir / "building").iterdir()) == []
    folder.unlink()
    assert ask(world)["status"] == "published"
