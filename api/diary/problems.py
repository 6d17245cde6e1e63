"""Refusals of entries."""

from api.core.problems import BodyTooLarge, Conflict, Forbidden, Gone


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
