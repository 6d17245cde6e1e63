"""Reports a study's compliance."""

from uuid import UUID

from sqlmodel import Session

from api.core import clock
from api.prompts.compliance.attrition import curve
from api.prompts.compliance.figures import figures, total
from api.prompts.compliance.grouping import GROUPS
from api.prompts.compliance.ledger import ledger
from api.prompts.compliance.people import people
from api.prompts.compliance.schedules import schedules
from api.studies.models import Study
from schemas.compliance import Compliance, Grouping

NOTES = (
    "Compliance is answered / sent. A prompt that was not sent, or is still open, is not missed.",
    "Only those who take part are counted: whoever left the study is in no figure.",
)


def report(session: Session, study: Study, by: Grouping) -> Compliance:
    """Return the figures by participant, day, schedule or wave: all of them."""
    return _report(session, study, by, None, None)


def page(session: Session, study: Study, by: Grouping, after: UUID | None, limit: int) -> Compliance:
    """Return the figures; those of participants in pages, of which the first has the study's own too."""
    paged = by == Grouping.PARTICIPANT
    return _report(session, study, by, after if paged else None, limit if paged else None)


def _report(
    session: Session, study: Study, by: Grouping, after: UUID | None, limit: int | None
) -> Compliance:
    now = clock.now()
    found = people(session, study, after, limit + 1 if limit else None)
    asked = [*found][:limit]
    whole = after is None
    who = people(session, study) if whole and limit else found
    within = (asked[0], asked[-1]) if asked and not whole else None
    prompts = ledger(session, study, now, who, within)
    group = GROUPS[by](study, schedules(session, study.id))
    rows = group.rows(figures(prompts, group.keys()), asked)
    return Compliance(
        by=by,
        at=now,
        total=total(prompts) if whole else None,
        rows=rows,
        next=asked[-1] if len(found) > len(asked) else None,
        attrition=curve(prompts) if whole else [],
        notes=[*NOTES, *group.notes(rows)],
    )
