"""Where a push message may be sent: phones name the address, so that it could be a machine of our own network.

Only https, only its usual port, and only a host that the operator listed. On a developer's own machine, a listed
loopback host may have any port and no TLS.
"""

from urllib.parse import SplitResult, urlsplit

from api.core import outbound
from api.core.config import Settings

_OWN_MACHINE = {"127.0.0.1", "localhost", "::1"}


def is_allowed(settings: Settings, endpoint: str) -> bool:
    """Say whether the operator lets us send to this address, as far as it can be read from it."""
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not endpoint.isascii() or "@" in parts.netloc or "\\" in endpoint or not _is_listed(settings, host):
        return False
    if is_own_machine(settings, parts):
        return parts.scheme in {"http", "https"}
    return parts.scheme == "https" and port in {None, 443} and host not in _OWN_MACHINE


def is_own_machine(settings: Settings, parts: SplitResult) -> bool:
    """Say whether an address is on a developer's own machine."""
    return settings.environment == "development" and (parts.hostname or "") in _OWN_MACHINE


def resolved(settings: Settings, endpoint: str) -> tuple[str, str]:
    """Return an endpoint with a network address in the name's place, and the name; or raise outbound.NotAnswered.

    A listed name that leads into a private network is as good as one that leads nowhere.
    """
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    if is_own_machine(settings, parts):
        return endpoint, host
    found = outbound.public_address(host)
    return parts._replace(netloc=f"[{found}]" if ":" in found else found, fragment="").geturl(), host


def _is_listed(settings: Settings, host: str) -> bool:
    return any(
        host.endswith(one[1:]) and host != one[2:] if one.startswith("*.") else host == one
        for one in settings.push_hosts
    )
