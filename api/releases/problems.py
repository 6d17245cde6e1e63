"""Refusals of releases."""

from api.core.problems import Conflict, Invalid, Unexpected


class PolicyNotPossible(Invalid):
    """A disclosure policy names what it cannot use, or allows what its tier does not; `errors` says which."""

    slug, title = "policy-not-possible", "Releases cannot be made by this policy."


class HierarchyWrong(Invalid):
    """An uploaded hierarchy has a fault; `errors` says in which line."""

    slug, title = "hierarchy-wrong", "These generalisations cannot be used."


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
