"""Refusals of releases."""

from api.core.problems import Conflict, Invalid, Unexpected


class QuasiIdentifierUnknown(Invalid):
    """A quasi-identifier that the study's profile does not ask, or whose class is not `generalise`."""

    slug, title = (
        "quasi-identifier-unknown",
        "A quasi-identifier must be a profile question of class generalise.",
    )


class NothingToRelease(Invalid):
    """The study has published no instrument whose answers could be released."""

    slug, title = "nothing-to-release", "This study has published no instrument yet."


class ReleaseNotReady(Conflict):
    """A file was asked for before its release was published."""

    slug, title = "release-not-ready", "This release has not been published."


class TooFewParticipants(Conflict):
    """Too few people consented to share for the asked k."""

    slug, title = "too-few-participants", "Too few people share their entries for a release."


class ReleaseNotVerified(Unexpected):
    """The written files did not pass their independent verification."""

    slug, title = "release-not-verified", "The release failed its own verification and was not published."
