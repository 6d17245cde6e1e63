"""Refusals of access."""

from api.core.problems import Forbidden, Unauthenticated


class SessionEnded(Unauthenticated):
    """The device was signed out or its token has expired."""

    slug, title = "session-ended", "This device is signed out. Please sign in again."


class WrongCredential(Unauthenticated):
    """A valid credential of another kind: a researcher's on a leader's address, or the reverse."""

    slug, title = "wrong-credential", "This address needs another kind of sign-in."


class CrossSite(Forbidden):
    """A cookie came with a request that our own page did not make."""

    slug, title = "cross-site", "This request did not come from our own page."
