"""`daybook release report`."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Table

from api.releases.report import page, service
from api.releases.report.words import agreement, number, percent
from schemas.report import ReleaseReport
from scripts.cli.operating import operating, out


def report(
    study: UUID,
    release: Annotated[str, typer.Argument(help="A number, or latest.", metavar="NUMBER")] = "latest",
    html: Annotated[Path | None, typer.Option(help="Write the whole report as a page to this file.")] = None,
) -> None:
    """Show the main figures of a release's disclosure-risk report."""
    with operating() as (session, _):
        found = service.report_of(session, study, release)
    table = Table("figure", "value", title=f"Release {found.number} ({found.tier.value})", show_lines=False)
    for name, value in _figures(found):
        table.add_row(name, escape(value))
    out.print(table)
    if html is not None:
        html.write_text(page.html(found), encoding="utf-8")
        out.print(f"The whole report: {html}", markup=False, highlight=False, soft_wrap=True)


def _figures(found: ReleaseReport) -> list[tuple[str, str]]:
    people, texts = found.people, found.texts
    lost = [
        (f"Loss of {one.key}", f"{percent(one.loss)} ({one.levels[one.level].name})")
        for one in found.attributes
    ]
    risks = [
        (
            f"{one.model} risk, highest and average",
            f"{percent(one.after.highest)}, {percent(one.after.average)}",
        )
        for one in found.risk
    ]
    waiting = texts.unreviewed + texts.edited + texts.second
    return [
        ("recipient", found.recipient),
        ("purpose", found.purpose),
        ("agreement", agreement(found.agreement)),
        ("k reached (asked)", f"{number(found.k_reached)} ({found.k})"),
        *([("why k is so low", found.k_reason)] if found.k_reason else []),
        ("people in the release (who share)", f"{number(people.exported)} ({number(people.sharing)})"),
        ("people with everything hidden", number(people.suppressed)),
        ("entries", number(found.entries)),
        *lost,
        *risks,
        ("people who stand alone, before and after", f"{found.uniques.before}, {found.uniques.after}"),
        (f"singled out by {found.dates.known} dates", percent(found.dates.singled_out)),
        *(
            [("the same, with the part of the day", percent(found.dates.with_time_of_day))]
            if found.dates.with_time_of_day is not None
            else []
        ),
        ("texts in the release", number(texts.exported)),
        ("texts withheld, not reviewed yet", f"{number(texts.withheld)}, {number(waiting)}"),
    ]
