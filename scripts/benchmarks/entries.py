"""`scripts/bench entries`: one entry of about 1 KB per PUT, 16 connections, one server process."""

from typing import Annotated, Any

import typer

from api.core.ids import new_id
from scripts.benchmarks.lab import CONNECTIONS, Subject, request
from scripts.benchmarks.report import keep, show
from scripts.benchmarks.rounds import measure, table
from tests.personas import DECISION, entry_body

BARS = {"sqlite": "0.5 / 0.65", "postgresql": "0.45 / 0.7"}
ANSWERS: dict[str, Any] = DECISION | {
    "initiator": "partner",
    "trigger": "deadline",
    "stakes": 4,
    "reversibility": "with_cost",
    "time_pressure": 3,
    "time_available": "weeks",
    "authority": "shared_formal",
    "evidence_used": ["local_data", "peer_place", "professional_judgement"],
}


def puts(subject: Subject, count: int) -> list[list[str]]:
    """Write the requests of every connection."""
    body = entry_body(ANSWERS)
    return [
        [request("PUT", f"/v1/entries/{new_id()}", token, body) for _ in range(count // CONNECTIONS)]
        for token in subject.tokens
    ]


def main(
    rounds: Annotated[int, typer.Option(help="Interleaved rounds; medians are reported.")] = 15,
    count: Annotated[int, typer.Option(help="Requests per round and server.")] = 800,
) -> None:
    """Compare full semantics on each database with the twin that stores nothing, and with raw inserts."""
    made = measure(puts, 1, rounds, count)
    told = made.told()
    size = len(request("PUT", "/", "", entry_body(ANSWERS)).split("\r\n\r\n", 1)[1])
    title = f"One entry of {size} bytes per PUT, {CONNECTIONS} connections, {rounds} rounds of {count}"
    show(title, *table(told, BARS, "to_twin"))
    keep("entries", {"rounds": rounds, "count": count, "bytes": size, "subjects": told, "raw": made.raw})


if __name__ == "__main__":
    typer.run(main)
