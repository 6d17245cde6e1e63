"""Answers a sync: what became of each operation, and what the phone does not know yet."""

from collections.abc import Sequence

from pydantic import JsonValue
from sqlalchemy import Engine

from api.auth import sessions
from api.auth.principals import ParticipantPrincipal
from api.core import clock
from api.core.db import reading
from api.core.problems import Problem
from api.diary import service
from api.diary.operations import Applied
from api.diary.reading import operation_id
from schemas.entry import OperationResult, SyncEnvelope, SyncResponse


def answer(
    engine: Engine,
    principal: ParticipantPrincipal,
    wanted: SyncEnvelope,
    results: Sequence[Applied | Problem],
) -> SyncResponse:
    """Return the results of a sync's operations, and the changes since its cursor that they did not make."""
    answers = list(map(_result, wanted.ops, results))
    known = {(one.receipt.id, one.receipt.version) for one in answers if one.receipt}
    with reading(engine) as session:
        sessions.require_signed_in(session, principal)
        changes, cursor, more = service.changes(
            session, principal.participant_id, int(wanted.cursor or 0), known
        )
    return SyncResponse(
        results=answers, changes=changes, cursor=str(cursor), more=more, server_time=clock.now()
    )


def _result(raw: JsonValue, result: Applied | Problem) -> OperationResult:
    entry_id = operation_id(raw)
    if isinstance(result, Problem):
        return OperationResult(id=entry_id, status=result.status, problem=result.body())
    return OperationResult(id=entry_id, status=result.status, receipt=result.receipt)
