"""Refusals of releases."""

from api.core.problems import Conflict, Invalid, NotFound, Unavailable, Unexpected


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


class NotReachable(Conflict):
    """The policy's suppression limit, l or t cannot be kept; `detail` says what would make it possible."""

    slug, title = "not-reachable", "What the study's policy asks for cannot be reached."


class AgreementNeeded(Conflict):
    """The study has recorded agreements, and none with this recipient for this purpose."""

    slug, title = (
        "agreement-needed",
        "The study has recorded no agreement with this recipient for this purpose.",
    )


class AgreementOver(Conflict):
    """The agreement with this recipient for this purpose has ended, or has not begun."""

    slug, title = "agreement-over", "The agreement with this recipient for this purpose is not in force."


class ReleaseTellsPeopleApart(Conflict):
    """Beside an earlier release, this one would single out fewer than k people; it says what would pass."""

    slug, title = "release-differs-too-little", "Beside an earlier release, this one would single people out."


class ReleaseNotCompared(Conflict):
    """Nothing is known any more of an earlier release; an owner may confirm with a reason that this one is made."""

    slug, title = "release-not-compared", "An earlier release cannot be compared with this one."


class ReleaseNotVerified(Unexpected):
    """The written files did not pass their independent verification."""

    slug, title = "release-not-verified", "The release failed its own verification and was not published."


class ReleaseFilesAway(Unavailable):
    """The store of the release files cannot be reached, or a file is missing there."""

    slug, title = "release-files-away", "The release's files cannot be reached. Please try again in a moment."


class ReleaseNotStored(Unavailable):
    """The store of the release files was full or away when a release was to be published."""

    slug, title = (
        "release-not-stored",
        "The release's files could not be stored: the store is full or cannot be reached. Please ask for it again.",
    )


class NoReport(NotFound):
    """A release was published before reports were kept with releases."""

    slug, title = (
        "no-report",
        "This release has no disclosure-risk report: it was made before they were kept.",
    )
