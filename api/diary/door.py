"""The ingest door: takes operations in, hands them to the one writer, answers after the commit."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

from pydantic import JsonValue
from starlette.concurrency import run_in_threadpool

from api.auth.principals import ParticipantPrincipal
from api.core.problems import Problem, Unavailable
from api.core.writer import Writer
from api.diary.operations import Applied, Delete, Operation, prepare
from api.diary.reading import Wanted, read_operation
from api.instruments.catalogue import Catalogue


class Door:
    """What the ingest handlers need, made once per application."""

    def __init__(self, catalogue: Catalogue, writer: Writer[Operation, Applied], patience: float) -> None:
        self._catalogue = catalogue
        self._writer = writer
        self._patience = patience + 0.5  # the database's own time-outs come first

    @asynccontextmanager
    async def soon(self) -> AsyncIterator[None]:
        """Answer 503 in time: what became of an operation is then unknown, and the phone repeats it."""
        try:
            async with asyncio.timeout(self._patience):
                yield
        except TimeoutError:
            raise Unavailable from None

    async def apply(
        self, principal: ParticipantPrincipal, wanted: Wanted, sent_at: datetime | None = None
    ) -> Applied:
        """Return what became of one operation, or raise its problem."""
        async with self.soon():
            result = (await self._writer.submit([await self._prepare(principal, wanted, sent_at)]))[0]
        if isinstance(result, Problem):
            raise result
        return result

    async def apply_all(
        self, principal: ParticipantPrincipal, raw: Sequence[JsonValue], sent_at: datetime | None
    ) -> list[Applied | Problem]:
        """Return what became of each operation of a sync; one that cannot be read blocks no other."""
        prepared: list[Operation | Problem] = []
        for one in raw:
            try:
                prepared.append(await self._prepare(principal, read_operation(one), sent_at))
            except Problem as problem:
                prepared.append(problem)
        sound = [one for one in prepared if not isinstance(one, Problem)]
        results = await self._writer.submit(sound) if sound else []
        if away := next((one for one in results if isinstance(one, Unavailable)), None):
            raise away  # the whole sync is repeated, after the pause that a 503 asks for
        rest = iter(results)
        return [one if isinstance(one, Problem) else next(rest) for one in prepared]

    async def _prepare(
        self, principal: ParticipantPrincipal, wanted: Wanted, sent_at: datetime | None
    ) -> Operation:
        if wanted.entry is None:
            return Delete(principal, wanted.id)
        name = (principal.study_id, wanted.entry.instrument, wanted.entry.version)
        published = self._catalogue.kept(*name)
        if published is None:
            published = await run_in_threadpool(self._catalogue.load, *name)
        return prepare(principal, wanted.id, wanted.entry, wanted.content, published, sent_at)
