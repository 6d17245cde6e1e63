"""The operator says who administers the site; one always stays."""

import pytest

from api.audit.events import Event
from api.audit.service import OPERATOR
from api.auth import administration, service
from api.auth.problems import LastAdministrator
from api.core import db
from tests.auth.people import person
from tests.auth.test_renewing import recorded
from tests.commands import daybook
from tests.meta.shape import nothing_stored, refused
from tests.personas import World

EVENTS = (Event.ADMINISTRATOR_ADDED, Event.ADMINISTRATOR_REMOVED)


def administrator(world: World, email: str, *more: str) -> tuple[int, str]:
    return daybook(world.settings, "staff", "administrator", email, *more)


def test_somebody_who_signs_in_becomes_administrator_and_is_one_no_more(world: World) -> None:
    ada, nia = person(world, "Ada Administrator", administrator=True), person(world, "Nia New")
    mine = nia.signs_in()
    refused(mine.get("/v1/staff"), 403, "forbidden")
    assert administrator(world, nia.email.upper()) == (0, "Nia New: site administrator\n")
    assert mine.get("/v1/staff").status_code == 200, "at once"
    with nothing_stored(world.engine):
        assert administrator(world, nia.email)[0] == 0
    assert administrator(world, ada.email, "--remove") == (0, "Ada Administrator: no site administrator\n")
    refused(ada.signs_in().get("/v1/staff"), 403, "forbidden")
    with nothing_stored(world.engine):
        assert administrator(world, ada.email, "--remove")[0] == 0
        status, said = administrator(world, nia.email, "--remove")
    assert (status, "needs an administrator" in said) == (1, True)
    assert mine.get("/v1/staff").status_code == 200
    assert recorded(world, *EVENTS) == 2


def test_nobody_who_cannot_sign_in_becomes_administrator(world: World) -> None:
    daybook(world.settings, "staff", "add", "rita@example.org", "--name", "Rita Reader")
    with nothing_stored(world.engine):
        for email, why in (("rita@example.org", "cannot sign in yet"), ("nobody@example.org", "No member")):
            status, said = administrator(world, email)
            assert (status, why in said) == (1, True)


def test_an_administrator_who_is_disabled_is_none_to_rely_on(world: World) -> None:
    ada, nia = (person(world, name, administrator=True) for name in ("Ada Administrator", "Nia New"))
    with db.transaction(world.engine) as session:
        gone = service.staff_by_email(session, nia.email)
        administration.set_disabled(session, OPERATOR, gone.id, disabled=True)
        last = service.staff_by_email(session, ada.email)
        with pytest.raises(LastAdministrator):
            administration.set_administrator(session, OPERATOR, last, administrator=False)
    assert administrator(world, nia.email, "--remove")[0] == 0
