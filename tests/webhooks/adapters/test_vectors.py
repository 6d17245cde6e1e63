"""Every signed vector has its verdict."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from api.webhooks.adapters import ADAPTERS
from api.webhooks.normalised import Post
from schemas.source import Proof, SourceOptions
from tests.webhooks.samples import needs_samples, vectors

HOW = {
    "qualtrics": ("qualtrics_event", Proof.SIGNATURE),
    "standard_webhooks": ("standard", Proof.SIGNATURE),
    "formbricks": ("standard", Proof.SIGNATURE),
    "typeform": ("typeform", Proof.SIGNATURE),
    "tally": ("tally", Proof.SIGNATURE),
    "surveymonkey": ("surveymonkey", Proof.SIGNATURE),
    "kobotoolbox": ("kobo", Proof.BASIC),
    "limesurvey": ("generic_json", Proof.BODY_TOKEN),
    "redcap": ("redcap", Proof.PATH_TOKEN),
    "jotform": ("jotform", Proof.PATH_TOKEN),
}


@needs_samples
def test_there_are_vectors() -> None:
    assert len(vectors()) == 19


@pytest.mark.parametrize(
    "vector",
    [one for one in vectors() if HOW[one["tool"]][0] in ADAPTERS],
    ids=lambda one: f"{one['tool']}-{one['name']}",
)
def test_a_vector_has_its_verdict(vector: dict[str, Any]) -> None:
    tool, proof = HOW[vector["tool"]]
    secret = vector["secret"]
    if isinstance(secret, dict):
        secret = f"{secret['client_id']}&{secret['client_secret']}"
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    post = Post(vector["body"], vector["content_type"], headers)
    options = SourceOptions(proof=proof, forms=[], token_path="api_token")
    at = vector["verify_at_unix"]
    with time_machine.travel(datetime.fromtimestamp(at or 1_764_000_000, UTC), tick=False):
        refusal = ADAPTERS[tool].refusal(post, [secret], options)
    assert (refusal is None) == vector["valid"], vector["reason"]
