"""The service's public key for push: what a browser needs before it can subscribe."""

from sqlmodel import Session

from api.core.config import Settings


def push_public_key(_session: Session, _settings: Settings) -> str | None:
    """Return the public key, or None while push is not set up."""
    return None
