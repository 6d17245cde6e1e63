"""The storing-nothing twin: the same door, authentication and validation, and a writer that only answers."""

from collections.abc import Sequence

from api import main
from api.core import clock
from api.core.problems import Problem
from api.core.writer import Writer
from api.diary.known import receipt
from api.diary.operations import Applied, Operation, Put
from api.webhooks.arriving import Arrival, Outcome
from scripts.cli import serve as real


class NothingStored(Writer[Operation | Arrival, Applied | Outcome]):
    """Answers every put with a receipt and every post as stored, without a transaction."""

    def _commit(self, operations: Sequence[Operation | Arrival]) -> list[Applied | Outcome | Problem]:
        now = clock.now()
        return [
            Applied(201, receipt(one.id, 1, one.content_hash, now, None))
            if isinstance(one, Put)
            else Outcome.STORED
            for one in operations
        ]


def serve(host: str, port: int) -> None:
    """Serve the real application with that writer."""
    vars(main)["Writer"] = NothingStored
    real.serve(host=host, port=port)
