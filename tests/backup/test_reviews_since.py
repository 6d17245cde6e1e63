"""A restore brings back no review that was corrected or taken back since the backup."""

from pathlib import Path

from api.core import db
from api.core.config import Settings
from api.releases.review.reviewed import reviewed
from scripts.backup.making import back_up
from scripts.backup.restoring import restore
from tests.backup.chest import PASSPHRASE
from tests.personas import World
from tests.releases.review.desk import Desk, piece


def test_a_review_that_was_corrected_since_the_backup_is_done_again(
    world: World, place: Settings, tmp_path: Path
) -> None:
    desk = Desk(world)
    corrected, withheld, kept = (desk.writes(f"the plan of Ann Archer {number}") for number in range(3))
    for entry in (corrected, withheld, kept):
        desk.decided(desk.text(entry), spans=[])
    text = desk.decided(desk.text(kept), "withheld")
    desk.decided(text, spans=[])  # again before the backup: it is in there
    back_up(world.settings, tmp_path / "daybook.backup", PASSPHRASE)
    words = desk.text(corrected)
    desk.decided(words, spans=[piece(words["text"], "Ann Archer")])
    desk.decided(desk.text(withheld), "withheld")
    done = restore(place, tmp_path / "daybook.backup", PASSPHRASE)
    assert done.redone == {"text.decided_again": 2}
    engine = db.make_engine(place)
    with db.reading(engine) as session:
        exported = list(reviewed(session, world.study_id, [corrected, withheld, kept]))
    engine.dispose()
    assert [one.entry_id for one in exported] == [kept]
