"""schemathesis over the committed OpenAPI document finds nothing, on both databases."""

import json

from api.core.config import Settings
from tests.journeys.fuzzing import DOCUMENT, credentials, fuzz
from tests.journeys.server import Forker, Server

# What no guess hits: a code, an offer that we signed, a password, a refresh token, the id of a device, a session or
# a token, a study's id or an instrument's key inside a body, a survey tool's address; no worker runs that builds a
# release, no provider is set up and no mail server, and nothing pushes.
ONLY_REFUSED = {
    "POST /v1/join",
    "POST /v1/session/code",
    "POST /v1/session/code/mail",
    "POST /v1/session/refresh",
    "DELETE /v1/me/devices/{device_id}",
    "DELETE /v1/studies/{study_id}/participants/{participant_id}/devices/{device_id}",
    "POST /v1/staff/authenticator/confirm",
    "POST /v1/staff/invitations/confirm",
    "POST /v1/staff/invitations/join",
    "POST /v1/staff/session",
    "POST /v1/staff/session/step-up",
    "POST /v1/staff/tokens",
    "PUT /v1/staff/password",
    "DELETE /v1/staff/sessions/{session_id}",
    "DELETE /v1/staff/tokens/{token_id}",
    "GET /v1/studies/{study_id}/releases/{number}/{name}",
    "GET /v1/studies/{study_id}/releases/{number}/report",
    "GET /v1/studies/{study_id}/releases/{number}/report.html",
    "PUT /v1/me/push",
    "PUT /v1/studies/{study_id}/hierarchies/{attribute}",
    "PUT /v1/studies/{study_id}/schedules/{key}",
    "POST /v1/hooks/{source_id}/{token}",
    "POST /v1/studies/{study_id}/deliveries/{delivery_id}/proposal",
    "POST /v1/studies/{study_id}/sources/{source_id}/reconciliation",
    "PUT /v1/studies/{study_id}/sources/{source_id}/map",
    "GET /v1/staff/oidc/callback",
    "GET /v1/staff/oidc/connect",
    "GET /v1/staff/oidc/start",
}
# A code that was given out opens it, until the guesses before it have used up what one address may guess; and secrets
# and ids that only the answer to an earlier try holds.
SOMETIMES_REFUSED = {
    "DELETE /v1/studies/{study_id}/members/invitations/{invitation_id}",
    "POST /v1/join/preview",
    "POST /v1/staff/invitations/accept",
}
BY_BOUNDARY_VALUES = {"PUT /v1/me/consent", "PUT /v1/studies/{study_id}/disclosure/{tier}"}
"""Bodies that few of the tries have: they are reached where boundary values are tried too."""


def test_no_answer_breaks_the_document_and_none_is_a_fault_of_ours(
    settings: Settings, forker: Forker
) -> None:
    given = credentials(settings)
    missed = set(SOMETIMES_REFUSED)
    if not settings.is_sqlite:
        # Once is enough: boundary values are refused before a database is asked.
        given["phases"] = {"coverage": {"enabled": False}}
        missed |= BY_BOUNDARY_VALUES
    with Server(settings, forker.launch) as server:
        found = fuzz(server.url, given)
    assert found.errors == []
    assert found.failures == []
    faults = {operation: counter for operation, counter in found.statuses.items() if max(counter) >= 500}
    assert faults == {}  # a 503 too: nothing here is away or overloaded
    document = json.loads(DOCUMENT.read_text())
    operations = {
        f"{method.upper()} {path}" for path, methods in document["paths"].items() for method in methods
    }
    assert set(found.statuses) == operations
    reached = {operation for operation, counter in found.statuses.items() if min(counter) < 300}
    assert operations - reached - missed == ONLY_REFUSED
    assert found.requests > (30 if settings.is_sqlite else 12) * len(operations)
    assert found.checks["response_schema_conformance"] > 1_000
