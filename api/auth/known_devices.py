"""Browsers in which somebody has signed in before: strangers' failures do not count against them.

A cookie of a nonce and its HMAC, after OWASP's device cookies: it opens nothing, and guesses from it have a limit of
their own (docs/decisions/0018-accounts-of-staff.md).
"""

import hmac

from api.core import crypto
from api.core.config import Settings
from api.core.ids import new_id

_LONGEST = 200


def issue(settings: Settings, email: str) -> str:
    """Return what a browser keeps after a sign-in."""
    nonce = new_id().hex
    return f"{nonce}.{_code(settings, nonce, email)}"


def scope(settings: Settings, cookie: str | None, email: str, address: str) -> tuple[str, str]:
    """Return the address and the account against which a sign-in's failure counts."""
    nonce, _, code = (cookie or "")[:_LONGEST].partition(".")
    if hmac.compare_digest(_code(settings, nonce, email).encode(), code.encode()):
        return f"known {nonce}", f"known {nonce}"
    return address, email.lower()


def _code(settings: Settings, nonce: str, email: str) -> str:
    key = settings.signing_key.get_secret_value()
    return crypto.derive(key, "known-device", nonce, email.lower()).hex()
