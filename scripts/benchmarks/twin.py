"""The storing-nothing twin: the same door, authentication and validation, and a writer that only answers."""

from collections.abc import Sequence

from api import main
from api.core import clock
from api.core.problems import Problem
from api.core.writer import Writer
from api.diary.known import receipt
from api.diary.operations import Applied, Operation, Put
from scripts.cli import serve as real


class NothingStored(Writer[Operation, Applied]):
    """Answers every put with a receipt, without a transaction."""

    def _commit(self, operations: Sequence[Operation]) -> list[Applied | Problem]:
        now = clock.now()
        puts = [operation for operation in operations if isinstance(operation, Put)]
        return [Applied(201, receipt(put.id, 1, put.content_hash, now, None)) for put in puts]


def serve(host: str, port: int) -> None:
    """Serve the real application with that writer."""
    vars(main)["Writer"] = NothingStored
    real.serve(host=host, port=port)
