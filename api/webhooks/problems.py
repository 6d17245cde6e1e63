"""Refusals of the inbox."""

from api.core.problems import BodyTooLarge, Conflict, Unauthenticated


class NotProven(Unauthenticated):
    """A post that does not show that it comes from the survey tool of this address; why is told to staff only."""

    slug, title = "not-proven", "This address does not take what was sent."


class DeliveryTooLarge(BodyTooLarge):
    """A post over the limit; that it came is noted."""

    slug, title = "delivery-too-large", "This is larger than this address takes."


class SourceUnsound(Conflict):
    """A source's settings do not fit its tool."""

    slug, title = "source-unsound", "These settings do not fit this survey tool."


class ToolNotAsked(Conflict):
    """A survey tool could not say what it holds."""

    slug, title = "tool-not-asked", "The survey tool could not be asked."


class NothingToReplay(Conflict):
    """What was sent has been erased, or was too large to be stored."""

    slug, title = "nothing-to-replay", "What was sent is no longer here, so it cannot be processed again."
