"""How a tool is asked what it holds, page by page: what is asked, what a page says, and what of it comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Asking:
    """How far a tool has been asked what it holds; `mark` is empty at first, then what the last page said."""

    since: datetime
    token: str = field(repr=False)
    mark: str = ""

    @property
    def skip(self) -> int:
        """Return the mark of a tool that is asked by number."""
        return int(self.mark or 0)


@dataclass(frozen=True)
class Listed:
    """A page of what a tool holds: by the name of each submission the post that tells of it, if one can be written."""

    posts: Mapping[str, bytes | None] = field(repr=False)
    next: str | None = None
    """The mark of the next page, if there is one."""
    is_ready: bool = True
    """Whether the next page can be asked for at once, or the tool is still at work on it."""


def following(asking: Asking, count: int, full: int) -> str | None:
    """Return the mark of the next page, if this one is full.

    It begins before the end of this one: what is deleted meanwhile moves the rest to the page before.
    """
    return str(asking.skip + full * 9 // 10) if count >= full else None
