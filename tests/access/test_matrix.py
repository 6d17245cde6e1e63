"""Every route, asked by everybody: the whole matrix, on both databases."""

from collections import Counter

import pytest
from fastapi import FastAPI

from tests import one_build
from tests.access.callers import CALLERS
from tests.access.conftest import Pair
from tests.access.matrix import Matrix, cells
from tests.access.weakening import weakened
from tests.meta.routing import routes, table
from tests.meta.shape import nothing_stored

LISTED = table()
CLOSED = {route: who for route, who in LISTED.items() if who != "public"}
# One of the forgers signs with another algorithm, for which our key is short.
pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")


@pytest.fixture(autouse=True)
def own_build() -> None:
    """Locks are taken off the application's own routes, which no other test may share."""
    one_build.forget()


def test_every_caller_hears_at_every_route_what_the_rules_say(tenants: Pair) -> None:
    matrix, everything = Matrix(*tenants), list(cells(LISTED))
    assert routes(app_of(tenants)).keys() == LISTED.keys(), (
        "Give each route its line in tests/meta/routes.txt."
    )
    assert len(everything) == len(LISTED) * len(CALLERS) > 1_400
    refused = [cell for cell in everything if cell.refusal]
    with nothing_stored(tenants[0].engine, but={"audit_event"}):
        wrong = [said for cell in refused if (said := matrix.wrong(cell))]
    wrong += [said for cell in everything if not cell.refusal and (said := matrix.wrong(cell))]
    assert wrong == []
    outcomes = Counter(cell.refusal for cell in everything)
    assert len(outcomes) >= 8
    assert min(outcomes.values()) > 3


def test_a_lock_taken_off_any_route_is_noticed(tenants: Pair) -> None:
    app, matrix, unnoticed, tried = app_of(tenants), Matrix(*tenants), [], 0
    for route, who in CLOSED.items():
        refused = [cell for cell in cells({route: who}) if cell.refusal]
        for how, replaced in weakened(app, route, tenants[0]):
            tried += 1
            app.dependency_overrides = replaced
            if not any(matrix.wrong(cell) for cell in refused):
                unnoticed.append((route, how))
            app.dependency_overrides = {}
    assert unnoticed == []
    assert tried > len(CLOSED) > 30


def app_of(tenants: Pair) -> FastAPI:
    """Return the application that both tenants use."""
    app = tenants[0].client.app
    assert isinstance(app, FastAPI)
    return app
