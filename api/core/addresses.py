"""Finds out from which network address a request comes."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
UNKNOWN = "unknown"


def client_address(peer: str | None, forwarded: Iterable[str], trusted: Sequence[Network]) -> str:
    """Return the right-most hop that is no proxy of ours, IPv6 as its /64: what one household or phone is given.

    `forwarded` holds the X-Forwarded-For lines in their order. Each hop was written by the one after it, so a hop
    is believed only as long as its writer is trusted; what cannot be read ends the walk.
    """
    found = _read(peer or "")
    if found is None:
        return UNKNOWN
    hops = [hop for line in forwarded for hop in line.split(",")]
    while hops and any(found in network for network in trusted):
        earlier = _read(hops.pop())
        if earlier is None:
            break
        found = earlier
    return str(found if isinstance(found, IPv4Address) else IPv6Network((int(found), 64), strict=False))


def _read(hop: str) -> Address | None:
    """Read `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1` or `[2001:db8::1]:443`."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
