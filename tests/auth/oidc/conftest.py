"""A service that knows a provider, and Nia who works with it."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine

from api.core.config import Settings
from tests.auth.oidc.organisation import CLIENT_ID, CLIENT_SECRET, Organisation
from tests.auth.oidc.travelling import Site
from tests.auth.people import Person, person


@pytest.fixture
def university() -> Iterator[Organisation]:
    made = Organisation()
    yield made
    made.stop()


@pytest.fixture
def settings(settings: Settings, university: Organisation) -> Settings:
    given = {
        "public_url": "https://testserver",
        "oidc_issuer": university.url,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": SecretStr(CLIENT_SECRET),
    }
    return settings.model_copy(update=given)


@pytest.fixture
def site(client: TestClient, engine: Engine, settings: Settings) -> Site:
    return Site(client, engine, settings)


@pytest.fixture
def nia(site: Site, university: Organisation) -> Person:
    """Nia, whom the university knows by her own address."""
    made = person(site, "Nia New")
    university.email = made.email
    return made
