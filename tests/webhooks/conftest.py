"""A survey tool that may be asked."""

from collections.abc import Iterator

import pytest

from api.core import outbound
from tests.webhooks.tools import Certificate, Tool, certificate


@pytest.fixture(scope="session")
def tools_certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("tools"))


@pytest.fixture
def tool(tools_certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tool]:
    """A tool's server, whose authority the system trusts for the length of a test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(tools_certificate.authority))
    outbound._authorities.cache_clear()
    with Tool(tools_certificate).serving() as made:
        yield made
    outbound._authorities.cache_clear()
