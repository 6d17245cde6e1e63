"""Who is calling, as far as the network can be believed."""

from ipaddress import ip_network

import pytest

from api.core.addresses import client_address
from api.core.config import Settings
from api.main import create_app
from scripts.cli.serve import config
from tests.databases import make_settings

OURS = (ip_network("10.0.0.0/8"), ip_network("2001:db8:ff::/48"))
STRANGER = "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        (STRANGER, [], STRANGER),
        (STRANGER, ["198.51.100.1"], STRANGER),  # whoever is no proxy of ours is not believed
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["192.0.2.7, 198.51.100.1"], "198.51.100.1"),  # what the caller made up stands left
        ("10.0.0.1", ["192.0.2.7", "198.51.100.1"], "198.51.100.1"),  # in a line of its own, too
        ("10.0.0.1", ["192.0.2.7, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.0.0.1", ["10.3.3.3,10.4.4.4"], "10.3.3.3"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1:50321"], "198.51.100.1"),
        ("10.0.0.1", ["[2001:db8:1:2:3::4]:443"], "2001:db8:1:2::/64"),
        ("2001:db8:ff::1", ["198.51.100.1"], "198.51.100.1"),
        ("2001:db8:1:2:3::4", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::9", [], "2001:db8:1:2::/64"),
        ("2001:db8:1:3::4", [], "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", [], STRANGER),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("fe80::1%eth0", [], "fe80::/64"),
    ],
)
def test_the_right_most_hop_that_is_no_proxy_of_ours_counts(
    peer: str, forwarded: list[str], found: str
) -> None:
    assert client_address(peer, forwarded, OURS) == found


GARBAGE = [
    "",
    ",",
    " , ,",
    "unknown",
    "_hidden",
    "<script>",
    "1.2.3",
    "999.1.1.1",
    "a\r\nX: 1",
    "[",
    "[::1",
    "é",
]


@pytest.mark.parametrize("noise", [*GARBAGE, "1," * 20_000, "9" * 60_000], ids=range(len(GARBAGE) + 2))
def test_garbage_is_never_an_address_and_never_a_fault(noise: str) -> None:
    assert client_address(STRANGER, [noise], OURS) == STRANGER
    assert client_address("10.0.0.1", [noise, "198.51.100.1"], OURS) == "198.51.100.1"
    assert client_address("10.0.0.1", [f"198.51.100.1,{noise}"], OURS) in {"10.0.0.1", "::/64"}


def test_a_caller_without_an_address_has_one_name() -> None:
    assert {client_address(peer, ["198.51.100.1"], OURS) for peer in (None, "", "a socket")} == {"unknown"}


def test_nobody_is_trusted_unless_the_operator_says_so(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Settings().trusted_proxies == ()
    monkeypatch.setenv("DAYBOOK_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8:ff::/48 192.0.2.1")
    assert Settings().trusted_proxies == (*OURS, ip_network("192.0.2.1/32"))
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    found = make_settings(tmp_path_factory.mktemp("served"))
    served = config(found, "127.0.0.1", 0)
    assert served.proxy_headers is False  # the server's own reading of the header believes its left end
    create_app(found).state.engine.dispose()


@pytest.mark.parametrize("wrong", ["everyone", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_no_setting(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYBOOK_TRUSTED_PROXIES", wrong)
    with pytest.raises(ValueError, match="trusted_proxies"):
        Settings()
