"""Refusals of instruments."""

from api.core.problems import Conflict, Invalid


class InstrumentUnknown(Invalid):
    """An entry names an instrument version that this study never published."""

    slug, title = "instrument-unknown", "This study has no such instrument version."


class InstrumentPublished(Conflict):
    """A published version is immutable."""

    slug, title = "instrument-published", "A published version cannot be changed; make the next version."


class ChangeNotAllowed(Conflict):
    """A new version would break what earlier versions promised."""

    slug, title = "change-not-allowed", "The new version changes what must stay the same."
