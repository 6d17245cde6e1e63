"""The plots of the report, each beside a table of the same numbers."""

from collections.abc import Sequence
from itertools import pairwise

from api.releases.report.markup import Html, el, table
from api.releases.report.plots import Bar, bars
from api.releases.report.words import number, percent
from schemas.report import ReleaseReport, ReportClassSize

_MOST_SIZES = 12
_EDGES = tuple(step * 10**power for power in range(9) for step in (1, 2, 5))


def class_sizes(report: ReleaseReport) -> Html:
    """Show how many people are in groups of which size."""
    sizes = binned(report.class_sizes)
    most = max((people for _, _, people in sizes), default=1)
    drawn = [Bar(f"groups of {name}", people / most, f"{number(people)} people") for name, _, people in sizes]
    rows = [(name, number(classes), number(people)) for name, classes, people in sizes]
    what = "People by the size of their group"
    picture = bars("sizes", what, "Longer bars: more people are in groups of that size.", drawn)
    return _beside(picture, table(what, ("people in a group", "groups", "people in all"), rows))


def loss(report: ReleaseReport) -> Html:
    """Show what each attribute lost."""
    drawn = [Bar(one.key, one.loss, percent(one.loss)) for one in report.attributes]
    rows = [(one.key, one.levels[one.level].name, percent(one.loss)) for one in report.attributes]
    what = "Loss of each attribute"
    picture = bars("loss", what, "From 0 %, as answered, to 100 %, hidden.", drawn)
    header = ("attribute", "level shown", "Loss")
    return _beside(picture, table(what, header, rows))


def risk(report: ReleaseReport) -> Html:
    """Show the risk by the answers as given, and as the release shows them."""
    first = report.risk[0]
    measures = [(one, getattr(first.before, one), getattr(first.after, one)) for one in _MEASURES]
    drawn = [
        bar
        for one, before, after in measures
        for bar in (
            Bar(f"{_MEASURES[one]}, as answered", before, percent(before), pale=True),
            Bar(f"{_MEASURES[one]}, in this release", after, percent(after)),
        )
    ]
    rows = [
        (
            f"{risk.model}: {_MEASURES[one]}",
            percent(getattr(risk.before, one)),
            percent(getattr(risk.after, one)),
        )
        for risk in report.risk
        for one in _MEASURES
    ]
    what = f"Risk before and after generalisation ({first.model})"
    picture = bars("risk", what, "Pale bars: by the answers as given. Dark bars: by the release.", drawn)
    return _beside(picture, table("Risk before and after", ("risk", "as answered", "in this release"), rows))


_MEASURES = {"highest": "highest", "average": "average", "at_risk": "above 1/k"}


def binned(sizes: Sequence[ReportClassSize]) -> list[tuple[str, int, int]]:
    """Return name, groups and people of each size; of many sizes in steps, so that a page stays short."""
    if len(sizes) <= _MOST_SIZES:
        return [(number(one.people), one.classes, one.people * one.classes) for one in sizes]
    found = []
    for low, next_low in pairwise(_EDGES):
        within = [one for one in sizes if low <= one.people < next_low]
        if within:
            name = f"{number(low)} to {number(next_low - 1)}" if next_low > low + 1 else number(low)
            people = sum(one.people * one.classes for one in within)
            found.append((name, sum(one.classes for one in within), people))
    return found


def _beside(picture: Html, numbers: Html) -> Html:
    return el("div", el("figure", picture), numbers, class_="beside")
