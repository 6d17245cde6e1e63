"""What a release says of its pseudonyms, in every place where it says it, is true of its tier."""

import csv
import io
import json

import pytest

from tests.personas import Leader, World
from tests.releases.test_pipeline import ask, table

WORDS = {
    "safeguarded": (
        "of participants: stable for this recipient and purpose; of entries: fresh in each release",
        "pseudonym of the participant, the same in every release to this recipient for this purpose",
        "People keep their pseudonym in other releases to the same recipient for the same purpose, and nowhere else.",
    ),
    "open": (
        "of participants and of entries: fresh in each release",
        "pseudonym of the participant, fresh in each release",
        "Pseudonyms of people and of entries are fresh in each release",
    ),
}


@pytest.mark.parametrize("tier", WORDS)
def test_manifest_codebook_and_reports_say_what_two_releases_show(
    world: World, leaders: list[Leader], tier: str
) -> None:
    people, entries = [], []
    for number in (1, 2):
        assert ask(world, tier=tier)["status"] == "published"
        people.append({row["participant"] for row in table(world, "participants.csv", str(number))})
        entries.append({row["entry"] for row in table(world, "entries.csv", str(number))})
    assert (people[0] == people[1], bool(people[0] & people[1])) == ((tier == "safeguarded"),) * 2
    assert not entries[0] & entries[1]
    told, label, sentence = WORDS[tier]

    def file(name: str) -> str:
        return str(world.ana.get(f"{world.path}/releases/2/{name}").text)

    assert json.loads(file("manifest.json"))["pseudonyms"] == told
    rows = csv.DictReader(io.StringIO(file("codebook.csv")))
    assert {row["label"] for row in rows if row["column"] == "participant"} == {label}
    assert sentence in file("DISCLOSURE.md")
    assert sentence in world.olivia.get(f"{world.path}/releases/2/report").json()["pseudonyms"]
