"""A restored database knows only the tokens of its day; leaders stay signed in, and who was signed out stays out."""

from datetime import timedelta
from pathlib import Path

import time_machine
from fastapi.testclient import TestClient

from api.core import clock
from api.core.config import Settings
from api.main import create_app
from scripts.backup.making import back_up
from scripts.backup.restoring import restore
from tests.auth.test_refreshing import ask, successor
from tests.backup.chest import PASSPHRASE
from tests.meta.shape import refused
from tests.personas import World


def test_a_phone_that_refreshed_since_the_backup_goes_on_after_the_restore(
    world: World, place: Settings, tmp_path: Path
) -> None:
    backup = tmp_path / "daybook.backup"
    leo, lena, mia = world.join(), world.join(), world.join()
    leos = successor(leo, successor(leo, leo.refresh_token))
    back_up(world.settings, backup, PASSPHRASE)
    old = leos
    for _ in range(3):
        leos = successor(leo, leos)
    lenas = successor(lena, successor(lena, lena.refresh_token))
    mias = successor(mia, successor(mia, mia.refresh_token))
    refused(ask(mia, mia.refresh_token), 401, "session-ended")  # a copy: she is signed out
    restore(place, backup, PASSPHRASE)
    app = create_app(place)
    with TestClient(app, base_url="https://testserver") as client:
        leo.client = lena.client = mia.client = client
        refused(ask(mia, mias), 401, "session-ended")
        assert successor(lena, lenas)
        again = successor(leo, leos)
        assert leo.get("/v1/me").status_code == 200
        assert successor(leo, leos) == again
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            refused(ask(leo, old), 401, "session-ended")  # once only: from now on a copy is a copy
            refused(ask(leo, again), 401, "session-ended")
