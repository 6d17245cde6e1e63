"""Applies operations from phones: many in one transaction, with a handful of set-based statements.

A single PUT and a sync of fifty are this same function with one operation or more.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from api.core.problems import Problem
from api.diary.decide import decide
from api.diary.known import load
from api.diary.operations import Applied, Operation
from api.diary.quota import Quota
from api.diary.store import Changes, write


def apply(
    connection: Connection, operations: Sequence[Operation], quota: Quota | None = None
) -> Sequence[Applied | Problem]:
    """Apply operations in their order; each is accepted or refused on its own."""
    known = load(connection, operations, quota)
    changes = Changes()
    outcomes: list[Applied | Problem] = []
    for operation in operations:
        try:
            outcomes.append(decide(known, changes, operation))
        except Problem as problem:
            outcomes.append(problem)
    write(connection, changes)
    return outcomes
