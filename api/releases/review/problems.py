"""Refusals of the review of texts."""

from api.core.problems import Conflict, Invalid


class TextEditedMeanwhile(Conflict):
    """The leader edited the text after it was read for this decision."""

    slug, title = "text-edited-meanwhile", "This text was edited meanwhile. Please read it again."


class TextDecidedMeanwhile(Conflict):
    """Somebody decided about the text after it was read for this decision."""

    slug, title = (
        "text-decided-meanwhile",
        "Somebody decided about this text meanwhile. Please look at their decision first.",
    )


class SecondPersonNeeded(Conflict):
    """Who reviewed a text cannot sign it off too."""

    slug, title = "second-person-needed", "Another person than the one who reviewed a text signs it off."


class NothingToSignOff(Conflict):
    """The latest decision about the text is not that it may be exported."""

    slug, title = "nothing-to-sign-off", "This text has no review that could be signed off."


class SpansUnsound(Invalid):
    """Pieces overlap, lie outside the text, or have a placeholder that does not fit."""

    slug, title = "spans-unsound", "Some marked pieces do not fit the text."


class CandidatesLeft(Invalid):
    """A known name or a proven pattern is neither replaced nor cleared."""

    slug, title = "candidates-left", "Something that tells of somebody is neither replaced nor cleared."


class TooManyTerms(Conflict):
    """The study's list of known names is full."""

    slug, title = "too-many-terms", "The list of known names is full. Please remove some first."
