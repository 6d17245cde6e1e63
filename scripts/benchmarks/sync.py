"""`scripts/bench sync`: fifty entries per request, 4 connections, one server process."""

from typing import Annotated

import typer

from api.core.ids import new_id
from scripts.benchmarks.entries import ANSWERS
from scripts.benchmarks.lab import Subject, request
from scripts.benchmarks.report import keep, show
from scripts.benchmarks.rounds import measure, table
from tests.personas import entry_body

PHONES = 4
OPERATIONS = 50
BARS = {"sqlite": "0.3 / 0.6", "postgresql": "0.3 / 0.6"}


def syncs(subject: Subject, count: int) -> list[list[str]]:
    """Write the requests of every connection; a phone sends its cursor along, as phones do."""
    body = entry_body(ANSWERS)
    cursor = "9000000000000000"

    def outbox() -> dict[str, object]:
        ops = [{"op": "put", "id": str(new_id()), "entry": body} for _ in range(OPERATIONS)]
        return {"cursor": cursor, "ops": ops}

    return [
        [request("POST", "/v1/sync", token, outbox()) for _ in range(count // PHONES)]
        for token in subject.tokens[:PHONES]
    ]


def main(
    rounds: Annotated[int, typer.Option(help="Interleaved rounds; medians are reported.")] = 9,
    count: Annotated[int, typer.Option(help="Requests per round and server.")] = 40,
) -> None:
    """Compare entries per second through sync with raw driver inserts, fifty to a commit."""
    made = measure(syncs, OPERATIONS, rounds, count)
    told = made.told()
    title = f"{OPERATIONS} entries per sync, {PHONES} connections, {rounds} rounds of {count}"
    show(title, *table(told, BARS, "to_raw"))
    keep("sync", {"rounds": rounds, "count": count, "subjects": told, "raw": made.raw})


if __name__ == "__main__":
    typer.run(main)
