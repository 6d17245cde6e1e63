"""`scripts/bench entries`: one entry of about 1 KB per PUT, 16 connections, one server process."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from api.core.ids import new_id
from scripts.benchmarks import raw
from scripts.benchmarks.lab import CONNECTIONS, Run, Subject, request, subjects
from scripts.benchmarks.report import keep, middle, ratio, show
from tests.personas import DECISION, entry_body

BARS = {"sqlite": (0.5, 0.65), "postgresql": (0.45, 0.7)}
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
    runs: dict[str, list[Run]] = {}
    rates: dict[str, list[float]] = {}
    with subjects() as found:
        for (
            subject
        ) in found.values():  # the first requests fill caches, and leave the rows that raw inserts copy
            subject.measure(puts(subject, 10 * CONNECTIONS), {"201"})
        for _ in range(rounds):
            for name, subject in found.items():
                runs.setdefault(name, []).append(subject.measure(puts(subject, count), {"201"}))
            for name in BARS:
                rate = raw.inserted_per_second(found[name].settings, count, 1)
                rates.setdefault(name, []).append(rate)
        memory = {name: subject.peak_memory() for name, subject in found.items()}
    rows, kept = [], {}
    for name, several in runs.items():
        one = middle(several)
        to_twin = ratio([run.rate for run in several], [run.rate for run in runs["twin"]])
        to_raw = ratio([run.rate for run in several], rates[name]) if name in rates else None
        kept[name] = asdict(one) | {"to_twin": to_twin, "to_raw": to_raw, "peak_mib": memory[name]}
        bar = f"{BARS[name][0]} / {BARS[name][1]}" if name in BARS else ""
        rows.append(
            [
                name,
                *(f"{value:,.0f}" for value in (one.rate,)),
                *(f"{value:.1f}" for value in (one.p50, one.p99)),
                f"{one.cpu:.2f}",
                f"{to_twin:.2f}",
                bar,
                f"{to_raw:.3f}" if to_raw else "",
                f"{memory[name]:.0f}",
            ]
        )
    size = len(request("PUT", "/", "", entry_body(ANSWERS)).split("\r\n\r\n", 1)[1])
    columns = [
        "",
        "requests/s",
        "p50 ms",
        "p99 ms",
        "CPU ms",
        "to the twin",
        "floor / goal",
        "to raw",
        "peak MiB",
    ]
    show(
        f"One entry of {size} bytes per PUT, {CONNECTIONS} connections, {rounds} rounds of {count}",
        columns,
        rows,
    )
    keep("entries", {"rounds": rounds, "count": count, "bytes": size, "subjects": kept, "raw": rates})


if __name__ == "__main__":
    typer.run(main)
