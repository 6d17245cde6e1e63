"""Builds HTML and SVG of which every word is escaped unless it was built here."""

from collections.abc import Sequence
from html import escape


class Html(str):
    """Markup that is safe as it stands."""

    __slots__ = ()


def el(name: str, *children: str | None, **attributes: str | float) -> Html:
    """Return an element; plain text among its children is escaped, None left out.

    `class_` is written class, and `stroke_width` stroke-width.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items()
    )
    return Html(f"<{name}{written}>{joined(*children)}</{name}>")


def joined(*children: str | None) -> Html:
    """Return children side by side."""
    return Html("".join(one if isinstance(one, Html) else escape(one) for one in children if one is not None))


def pairs(caption: str, rows: Sequence[tuple[str, str]]) -> Html:
    """Return a table of names and values; its caption is heard, not seen."""
    body = (el("tr", el("th", name, scope="row"), el("td", value)) for name, value in rows)
    return el("table", el("caption", caption, class_="heard"), el("tbody", *body))


def table(caption: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Html:
    """Return a table whose first column names its rows."""
    head = el("tr", *(el("th", one, scope="col") for one in header))
    body = (
        el("tr", el("th", first, scope="row"), *(el("td", cell) for cell in rest)) for first, *rest in rows
    )
    return el("table", el("caption", caption), el("thead", head), el("tbody", *body))
