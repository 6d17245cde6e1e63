"""What an OpenID provider says of somebody, and how it is not believed."""

from dataclasses import dataclass

_LONGEST_SUBJECT = 255


class Unbelievable(Exception):
    """An ID token that is not for this sign-in, or not by this provider; `why` is a code of ours."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class UnknownKey(Exception):
    """An ID token signed with a key that is not among those that we know of its provider."""


@dataclass(frozen=True)
class Expected:
    """Whom an ID token must be by, for whom, and for which sign-in."""

    issuer: str
    client_id: str
    nonce: str


@dataclass(frozen=True)
class Identity:
    """Somebody as their provider knows them; their address only if the provider has verified it."""

    issuer: str
    subject: str
    verified_email: str | None

    def has_address(self, email: str) -> bool:
        """Say whether this is the verified address; letters beyond ASCII must be the same ones."""
        said = self.verified_email or ""
        return email in {said, said.lower() if said.isascii() else said}


def identity(issuer: str, subject: object, email: object, verified: object) -> Identity:
    """Return an identity of what a token claims, or raise Unbelievable."""
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise Unbelievable("token.sub")
    if not subject.isascii() or not subject.isprintable():
        raise Unbelievable("token.sub")
    return Identity(issuer, subject, email if verified is True and isinstance(email, str) else None)
