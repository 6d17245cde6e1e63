"""Draws bars as SVG: no script, no font and no colour that is needed to understand them."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.releases.report.markup import Html, el

_WIDTH, _LONGEST, _ROW, _LABEL = 360, 260, 46, 44


@dataclass(frozen=True)
class Bar:
    """One bar: what it is of, how long it is (0 to 1), what is written at its end, and whether it is pale."""

    label: str
    length: float
    shown: str
    pale: bool = False


def bars(name: str, title: str, description: str, rows: Sequence[Bar]) -> Html:
    """Return a picture of horizontal bars; `name` makes its ids the page's own."""
    height = _ROW * max(len(rows), 1)
    return el(
        "svg",
        el("title", title, id=f"{name}-title"),
        el("desc", description, id=f"{name}-desc"),
        *(_bar(row, number * _ROW) for number, row in enumerate(rows)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )


def _bar(row: Bar, top: int) -> Html:
    long = round(max(min(row.length, 1.0), 0.0) * _LONGEST, 1)
    colour = (
        {"fill": "#c9dcf2", "stroke": "#1d4f91"} if row.pale else {"fill": "#1d4f91", "stroke": "#1d4f91"}
    )
    label = row.label if len(row.label) <= _LABEL else f"{row.label[: _LABEL - 1]}…"
    return el(
        "g",
        el("text", label, x=1, y=top + 14, font_size=14, fill="#1b1b1b"),
        el("rect", x=1, y=top + 20, width=max(long, 0.5), height=16, **colour),
        el("text", row.shown, x=long + 8, y=top + 33, font_size=14, fill="#1b1b1b"),
    )
