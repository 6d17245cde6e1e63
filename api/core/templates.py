"""Fills in the texts that are mailed and the small pages that mails lead to."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

DEFAULT_LANGUAGE = "en"


def fill(folder: Path, name: str, **values: Any) -> str:
    """Return a template of a folder, filled in; what goes into a page (.html) is escaped, a missing value raises."""
    return _environment(folder).get_template(name).render(**values)


def language_of(wanted: str, known: list[str]) -> str:
    """Return the language among the known ones that serves somebody who reads `wanted`, such as cy-GB."""
    for one in (wanted, wanted.split("-", maxsplit=1)[0]):
        if one in known:
            return one
    return DEFAULT_LANGUAGE


@lru_cache
def _environment(folder: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
