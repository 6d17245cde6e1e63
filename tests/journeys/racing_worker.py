"""The real worker, but the first attempt at a release waits, its files written, until another one has begun."""

import time
from typing import Any

from sqlalchemy import Engine

from api.core import db
from api.releases import claim
from api.releases.models import Release
from tests.journeys import worker_process
from tests.journeys.server import PATIENCE

_real = claim.publish


def _late(engine: Engine, storage: Any, release: Release, *rest: Any) -> None:
    until = time.monotonic() + PATIENCE
    while release.attempts == 1 and _attempts(engine, release) == 1 and time.monotonic() < until:
        time.sleep(worker_process.SOON)
    _real(engine, storage, release, *rest)


def _attempts(engine: Engine, release: Release) -> int:
    with db.reading(engine) as session:
        return session.get_one(Release, release.id).attempts


def serve(host: str, port: int) -> None:
    """Run the real jobs with the late switch."""
    vars(claim)["publish"] = _late
    worker_process.serve(host, port)
