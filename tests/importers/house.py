"""An empty house to import into, and a look into all its rooms."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, MetaData, func, select

from api.audit.service import OPERATOR
from api.auth import service as auth
from api.core import db
from api.core.config import Settings
from api.diary.models import EntryRevision
from scripts.importers.mpath.instrument import mapping
from scripts.importers.mpath.reading import ANSWERS, CODEBOOK, read
from scripts.importers.mpath.report import Report
from scripts.importers.mpath.run import run
from scripts.importers.mpath.study import Wanted

OWNER = "owner@example.org"


class House:
    """A database with one member of staff."""

    study_id: UUID
    report: Report

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        with db.transaction(engine) as session:
            auth.add_staff(session, OPERATOR, OWNER, "Olivia Owner")

    def take(
        self, files: tuple[Path, Path], *, advance: Callable[[int], None] = lambda _: None, **wanted: Any
    ) -> tuple[UUID, Report]:
        """Import two files in one transaction, as the command does."""
        answers = read(files[0], ANSWERS)
        plan = mapping(answers, read(files[1], CODEBOOK), "en")
        with db.transaction(self.engine) as session:
            study, report = run(session, self.settings, answers, plan, Wanted(**wanted), advance)
            return study.id, report

    def counts(self) -> dict[str, int]:
        """Count the rows of every table."""
        with self.engine.connect() as connection:
            return {
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in self._tables().items()
            }

    def everything(self) -> str:
        """Write out every column of every row of every table."""
        with self.engine.connect() as connection:
            found = [
                value.decode("latin-1") if isinstance(value, bytes) else str(value)
                for table in self._tables().values()
                for row in connection.execute(select(table))
                for value in row
            ]
        return "\n".join(found)

    def entries(self) -> list[tuple[UUID, dict[str, Any]]]:
        """Return every stored entry as it was sent, with its participant."""
        entry = self._tables()["entry"]
        revision = EntryRevision.__table__  # type: ignore[attr-defined] # SQLModel hides __table__
        query = select(entry.c.participant_id, revision.c.content).join(
            revision, revision.c.entry_id == entry.c.id
        )
        with self.engine.connect() as connection:
            return [(who, json.loads(content)) for who, content in connection.execute(query)]

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Return every row of one table."""
        with self.engine.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(select(self._tables()[table]))]

    def _tables(self) -> dict[str, Any]:
        known: MetaData = db.metadata()
        return {table.name: table for table in known.sorted_tables}
