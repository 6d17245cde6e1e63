"""A whole release: every file in every format, its hashes, its zip, and the same bytes from the same seed."""

import csv
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pyreadstat
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from api.core.config import Settings
from api.releases import build
from api.releases.models import Release
from tests.personas import Leader, World
from tests.releases.test_pipeline import ask

DESCRIBED = {
    "DISCLOSURE.md",
    "codebook.csv",
    "codebook.json",
    "csv-metadata.json",
    "manifest.json",
    "SHA256SUMS",
    "bundle.zip",
}


@pytest.fixture
def asked(world: World, leaders: list[Leader]) -> dict[str, Any]:
    """A release of sixteen leaders; four wrote a second entry."""
    for leader in leaders[:4]:
        assert leader.keeps().status_code == 201
    return ask(world)


@pytest.fixture
def folder(asked: dict[str, Any], world: World, engine: Engine, tmp_path: Path) -> Path:
    """The published release as Ana's script downloads it."""
    assert asked["status"] == "published", asked["refusal"]
    folder = tmp_path / "downloads"
    folder.mkdir()
    for file in asked["files"]:
        answer = world.ana.get(f"{world.path}/releases/1/{file['name']}")
        assert answer.status_code == 200, file["name"]
        (folder / file["name"]).write_bytes(answer.content)
    return folder


def test_every_table_is_there_in_every_format_with_the_same_rows(folder: Path) -> None:
    tables = {path.stem for path in folder.glob("*.csv")} - {"codebook"}
    assert {"entries", "answers_long", "participants", "prompts", "followups", "options_considered"} <= tables
    formats = {f"{table}.{end}" for table in tables for end in ("csv", "parquet", "jsonl", "sav")}
    assert {path.name for path in folder.iterdir()} == formats | DESCRIBED
    for table in tables:
        with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
            header, *rows = csv.reader(file)
        columns = pl.read_parquet(folder / f"{table}.parquet")
        assert columns.columns == header
        labelled, _ = pyreadstat.read_sav(folder / f"{table}.sav", output_format="polars")
        lines = (folder / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
        assert len(rows) == columns.height == labelled.height == len(lines), table
        first = [row[0] for row in rows]
        assert first == columns[header[0]].to_list() == labelled[header[0]].to_list()
        assert first == [json.loads(line)[header[0]] for line in lines]
    assert pl.read_parquet(folder / "entries.parquet").height == 20


def test_the_hashes_are_those_that_sha256sum_finds(folder: Path) -> None:
    ran = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    listed = {line.removesuffix(": OK") for line in ran.stdout.splitlines()}
    assert listed == {path.name for path in folder.iterdir()} - {"SHA256SUMS", "bundle.zip"}
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in manifest["files"]} == listed - {"manifest.json"}


def test_the_zip_holds_everything_and_no_times(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bundle.zip") as bundle:
        files = bundle.infolist()
        assert bundle.testzip() is None
    assert {one.filename for one in files} == {path.name for path in folder.iterdir()} - {"bundle.zip"}
    assert {one.date_time for one in files} == {(1980, 1, 1, 0, 0, 0)}
    stored = {one.filename for one in files if one.compress_type == zipfile.ZIP_STORED}
    assert stored == {one.filename for one in files if one.filename.endswith(".parquet")}


def test_keys_and_links_hold_as_the_metadata_says(folder: Path) -> None:
    group = json.loads((folder / "csv-metadata.json").read_text(encoding="utf-8"))
    tables = {one["url"]: pl.read_csv(folder / one["url"], infer_schema=False) for one in group["tables"]}
    assert set(tables) == {path.name for path in folder.glob("*.csv")}
    checked = 0
    for one in group["tables"]:
        frame, schema = tables[one["url"]], one["tableSchema"]
        assert frame.columns == [column["titles"] for column in schema["columns"]]
        assert frame.select(schema["primaryKey"]).is_duplicated().sum() == 0, one["url"]
        for key in schema.get("foreignKeys", []):
            known = tables[key["reference"]["resource"]][key["reference"]["columnReference"]]
            assert frame[key["columnReference"]].drop_nulls().is_in(known.implode()).all(), (one["url"], key)
            checked += 1
    assert checked > 5


def test_the_codebook_describes_every_column_once(folder: Path) -> None:
    rows = pl.read_csv(folder / "codebook.csv", infer_schema=False)
    named = list(zip(rows["file"], rows["column"], strict=True))
    found = [
        (path.name, column)
        for path in folder.glob("*.csv")
        if path.name != "codebook.csv"
        for column in pl.read_csv(path, infer_schema=False).columns
    ]
    assert sorted(named) == sorted(found)


def test_the_same_release_made_twice_is_the_same_bytes(
    asked: dict[str, Any], engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    with Session(engine) as session:
        release = session.exec(select(Release)).one()
        session.expunge(release)
    made = []
    for number in range(2):
        own = tmp_path / str(number)
        (own / "files").mkdir(parents=True)
        _, files, _ = build.write(engine, settings, release, own / "files", own / "work")
        made.append({one.name: (own / "files" / one.name).read_bytes() for one in files})
    assert made[0].keys() == made[1].keys()
    assert [name for name, bytes_ in made[0].items() if made[1][name] != bytes_] == []
    hashes = {file["name"]: file["sha256"] for file in asked["files"]}
    assert {one.name: one.sha256 for one in files} == hashes
