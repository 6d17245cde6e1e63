"""A worker that is broken on purpose: it publishes before the files are stored. The crash test must catch it."""

import time
from pathlib import Path
from typing import Any

from api.core.storage import Storage
from api.releases import claim
from api.releases.models import Release
from tests.journeys import worker_process

LATE = 0.2
_real = claim.publish


class _Nowhere(Storage):
    """Stores nothing."""

    def __init__(self) -> None: ...

    def publish(self, folder: Path, name: str) -> None: ...

    def remove(self, name: str) -> None: ...


def _early(engine: Any, storage: Storage, release: Release, folder: Path, *rest: Any) -> None:
    _real(engine, _Nowhere(), release, folder, *rest)
    time.sleep(LATE)
    storage.publish(folder, f"{release.study_id}/{release.id}-{release.attempts}")


def serve(host: str, port: int) -> None:
    """Run the real jobs with the broken switch."""
    vars(claim)["publish"] = _early  # the one thing that is broken
    worker_process.serve(host, port)
