"""`daybook invite` prints what a coordinator passes on: a code, and the link that has it typed already."""

import re
from pathlib import Path

from tests.commands import daybook
from tests.personas import World


def test_a_code_and_its_link_stay_in_one_piece_in_a_narrow_window(world: World, tmp_path: Path) -> None:
    address = "https://diary.a-rather-long-name-of-an-institute.example.org"
    status, said = daybook(
        world.settings,
        *("invite", world.study_id, "--count", 2, "--qr", tmp_path / "codes"),
        DAYBOOK_PUBLIC_URL=address,
        COLUMNS="80",
    )
    assert status == 0, said
    codes = re.findall(
        r"^([2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4})  \(until \d{4}-\d\d-\d\d\)$", said, re.MULTILINE
    )
    assert len(set(codes)) == 2
    assert re.findall(r"^  (\S+)$", said, re.MULTILINE) == [f"{address}/#join={code}" for code in codes]
    assert len(list((tmp_path / "codes").iterdir())) == 2
    assert world.client.post("/v1/join/preview", json={"code": codes[0]}).status_code == 200
