"""Every signed vector, posted to its source as it was recorded: proven is 200 and kept, unproven is 401 and not."""

from datetime import UTC, datetime
from typing import Any

import time_machine

from schemas.source import Proof
from tests.personas import World
from tests.webhooks.adapters.test_vectors import HOW
from tests.webhooks.desk import Source, deliveries_of
from tests.webhooks.samples import needs_samples, vectors

NO_TIME = 1_764_000_000
TOKEN_IN_BODY = b"api_secret_token"


def secret_of(vector: dict[str, Any]) -> str:
    """Return a vector's secret as a researcher enters it; one shorter than we take is never sent."""
    secret = vector["secret"]
    if isinstance(secret, dict):
        return f"{secret['client_id']}&{secret['client_secret']}"
    return str(secret) if len(secret) >= 8 else f"{secret}-{secret}"


def made_for(world: World, vector: dict[str, Any]) -> Source:
    """Let Olivia make the source that a vector was signed for."""
    tool, proof = HOW[vector["tool"]]
    options: dict[str, Any] = {"proof": proof}
    if proof is Proof.BODY_TOKEN:
        paths = {"submission_id": "respondId", "answers": "response"}
        options |= {"token_path": "api_token", "paths": paths}
    body = {"tool": tool, "name": vector["name"], "options": options, "secret": secret_of(vector)}
    return Source.of(world.olivia.post(f"{world.path}/sources", body))


@needs_samples
def test_every_vector_has_its_verdict_over_http(world: World) -> None:
    for vector in vectors():
        source, name = made_for(world, vector), f"{vector['tool']} {vector['name']}"
        headers = {**vector["headers"], "content-type": vector["content_type"]}
        at = datetime.fromtimestamp(vector["verify_at_unix"] or NO_TIME, UTC)
        with time_machine.travel(at, tick=False):
            answer = world.client.post(source.path, content=vector["body"], headers=headers)
        kept = [one.raw for one in deliveries_of(world, source.id)]
        if vector["valid"]:
            assert answer.status_code == 200, name
            assert kept[0] is not None, name
            assert kept == [vector["body"]] or TOKEN_IN_BODY in vector["body"], name
            assert TOKEN_IN_BODY not in kept[0], name
        else:
            assert (answer.status_code, kept) == (401, []), (name, vector["reason"])
