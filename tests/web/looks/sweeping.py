"""Goes from screen to screen and collects what is wrong."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.web.looks.filled import Looked
from tests.web.looks.looking import unfold
from tests.web.looks.screens import JOINED

TALL = 6000  # as tall as the page: what the bar of tabs covers could be scrolled to


def sweep(phone: Looked, paths: list[str], *looks: Callable[[Page], list[str]]) -> None:
    """Look at each screen; say everything that is wrong."""
    found = []
    for path in paths:
        phone.look(path)
        unfold(phone.page)
        found += [f"{path}: {one}" for look in looks for one in look(phone.page)]
    assert not found, "\n".join(found)
    assert phone.errors == []


def all_of(phone: Looked) -> list[str]:
    """Return every address at which this phone's screens are looked at."""
    return [path.format_map(phone.ids) for paths in JOINED.values() for path in paths]
