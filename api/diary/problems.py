"""Refusals of entries."""

from api.core.problems import BodyTooLarge, Conflict, Forbidden, Gone, Problem


class EditWindowOver(Forbidden):
    """The entry is too old to change."""

    slug, title = "edit-window-over", "This entry can no longer be changed."


class EntryConflict(Conflict):
    """The entry was changed elsewhere; `stored` is the server's copy."""

    slug, title = "entry-conflict", "This entry was changed on another device."


class EntryGone(Gone):
    """The entry was deleted; its id is never used again."""

    slug, title = "entry-gone", "This entry was deleted."


class SyncTooLarge(BodyTooLarge):
    """A sync carries too much at once."""

    slug, title = "sync-too-large", "Send fewer entries at once."


class TooManyEntries(Problem):
    """A leader stored more new entries today than anybody writes; `retry_after` seconds are left of the day."""

    status, slug, title = (
        429,
        "too-many-entries",
        "Very many entries came today. Keep this one on your phone; it can be stored tomorrow.",
    )

    def __init__(self, *, retry_after: int = 1) -> None:
        super().__init__(retry_after=retry_after)  # in the body too: an operation of a sync has no headers
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Say in how many whole seconds the next day begins."""
        return {"Retry-After": str(self.retry_after)}
