"""A restore does not bring back a source's secret, address or liveness that were taken back since the backup."""

from api.core import clock, db, ledger
from api.core.ledger import Ledger, Line
from api.webhooks.models import WebhookSource
from schemas.inbox import SourceStatus
from tests.personas import World
from tests.webhooks.desk import Desk, answered


def test_what_was_taken_back_is_noted_and_a_restore_pauses_the_source(world: World) -> None:
    desk, leo = Desk(world), world.join()
    with db.transaction(world.engine) as session:
        backup = session.get_one(WebhookSource, desk.id)
        then = backup.version, backup.secrets
    mark = Ledger(world.settings).mark()
    desk.rotate(keep_old_hours=0)
    (noted,) = [one for one in Ledger(world.settings).lines(mark) if one.kind == "source.stopped"]
    assert noted.ids["source_id"] == desk.source.id
    with db.transaction(world.engine) as session:
        restored = session.get_one(WebhookSource, desk.id)
        restored.version, restored.secrets = then
        assert ledger.redo(session, [noted]) == {"source.stopped": 1}
        assert ledger.redo(session, [noted]) == {}
        assert restored.status == SourceStatus.PAUSED
    assert (
        desk.post(answered(desk.code(leo))).status_code == 503
    )  # the old secret is good again, and opens nothing
    nobody = Line(clock.now(), "source.stopped", {"source_id": str(world.study_id), "version": "1"})
    with db.transaction(world.engine) as session:
        assert ledger.redo(session, [nobody]) == {}
