"""`daybook review`."""

from uuid import UUID

from api.core import db
from api.releases.review import refresh, reviewed
from api.studies import service as studies
from scripts.cli.operating import opened, out


def review(study: UUID) -> None:
    """Look through what changed in a study's texts, and count them by where they stand."""
    with opened() as (engine, found):
        with db.reading(engine) as session:
            title = studies.get(session, study).title
        refresh.catch_up(engine, found, study)
        with db.reading(engine) as session:
            counted = reviewed.counts(session, study)
    out.print(f"Texts of {title}", markup=False, highlight=False)
    for state in ("unreviewed", "edited", "second", "withheld", "reviewed"):
        out.print(f"  {getattr(counted, state)} {state}", highlight=False)
    if counted.redacted:
        kinds = ", ".join(f"{kind}: {number}" for kind, number in sorted(counted.redacted.items()))
        out.print(f"  replaced in what is exported: {kinds}", highlight=False)
