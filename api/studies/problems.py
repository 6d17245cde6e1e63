"""Refusals of studies."""

from api.core.problems import Conflict, Forbidden


class StudyNotReady(Conflict):
    """A study lacks what it needs to open."""

    slug, title = "study-not-ready", "The study is not ready to open."


class StudyNotOpen(Forbidden):
    """A study that is a draft, paused or closed takes no new participants."""

    slug, title = "study-not-open", "This study is not taking part in anything new at the moment."


class StudyClosed(Forbidden):
    """A closed study takes only entries made before it closed."""

    slug, title = "study-closed", "This study has ended; entries made after its end are not taken."
