"""The recorded posts of the survey tools."""

import json
import os
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(os.environ.get("DAYBOOK_DATA") or Path(__file__).parents[3] / "shared" / "data") / "webhooks"
needs_samples = pytest.mark.skipif(
    not FOLDER.is_dir() and "CI" not in os.environ, reason="the recorded posts are not on this machine"
)


@cache
def sample(name: str) -> bytes:
    """Return one recorded body, byte for byte."""
    return (FOLDER / name).read_bytes()


def sample_json(name: str) -> Any:
    """Return one recorded body as an object to change and send."""
    return json.loads(sample(name))


def vectors() -> list[dict[str, Any]]:
    """Return the signed vectors, each with its body as bytes; none where there is no data."""
    if not FOLDER.is_dir():
        return []
    found: list[dict[str, Any]] = json.loads(sample("vectors.json"))["vectors"]
    return [one | {"body": b64decode(one["body_b64"])} for one in found]
