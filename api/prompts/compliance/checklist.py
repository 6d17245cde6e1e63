"""The Checklist for Reporting EMA Studies, CREMAS: Liao et al., J Med Internet Res 2016;18(6):e151, table 3.

What data and schedules say is filled in; what only the team can write is an empty line that says so.
"""

from collections.abc import Iterator

from sqlmodel import Session

from api.core import clock
from api.prompts.compliance.lines import Line
from api.prompts.compliance.methods import methods
from api.prompts.compliance.results import results
from api.prompts.compliance.studied import Studied, studied
from api.studies.models import Study
from schemas.compliance import Cremas, CremasRow, Source


def cremas(session: Session, study: Study) -> Cremas:
    """Return the checklist of a study as it stands now."""
    now = clock.now()
    return Cremas(at=now, rows=[*_rows(studied(session, study, now))])


def _rows(found: Studied) -> Iterator[CremasRow]:
    yield Line(1, "Title", "Title and key words").team("that ecological momentary assessment is in both")
    rationale = Line(2, "Introduction", "Rationale")
    yield rationale.team("what the method is, and why it was used here")
    yield from methods(found)
    yield from results(found)
    yield Line(15, "Discussion", "Limitations").team("limitations, and sources of bias of the method")
    yield Line(16, "Discussion", "Conclusions").team("the interpretation, and what the method was good for")
    for note in found.notes:
        yield Line(16, "About this table", "Who is counted").row("note", None, Source.COMPUTED, note)
