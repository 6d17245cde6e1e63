"""`scripts/bench sync`: fifty entries per request, 4 connections, one server process."""

from dataclasses import asdict
from typing import Annotated

import typer

from api.core.ids import new_id
from scripts.benchmarks import raw
from scripts.benchmarks.entries import ANSWERS
from scripts.benchmarks.lab import Run, Subject, request, subjects
from scripts.benchmarks.report import keep, middle, ratio, show
from tests.personas import entry_body

PHONES = 4
OPERATIONS = 50
BAR = "0.3 / 0.6"


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
    runs: dict[str, list[Run]] = {}
    raws: dict[str, list[float]] = {}
    with subjects() as found:
        for subject in found.values():
            subject.measure(syncs(subject, PHONES * 2), {"200"})
        for _ in range(rounds):
            for name, subject in found.items():
                runs.setdefault(name, []).append(subject.measure(syncs(subject, count), {"200"}))
                if name != "twin":
                    rate = raw.inserted_per_second(subject.settings, count * OPERATIONS, OPERATIONS)
                    raws.setdefault(name, []).append(rate)
        memory = {name: subject.peak_memory() for name, subject in found.items()}
    rows, kept = [], {}
    for name, several in runs.items():
        one = middle(several)
        rates = [run.rate * OPERATIONS for run in several]
        to_raw = ratio(rates, raws[name]) if name in raws else None
        kept[name] = asdict(one) | {
            "entries": one.rate * OPERATIONS,
            "to_raw": to_raw,
            "peak_mib": memory[name],
        }
        rows.append(
            [
                name,
                f"{one.rate * OPERATIONS:,.0f}",
                f"{one.p50:.0f}",
                f"{one.p99:.0f}",
                f"{one.cpu / OPERATIONS:.2f}",
                f"{to_raw:.2f}" if to_raw else "",
                BAR if to_raw else "",
                f"{memory[name]:.0f}",
            ]
        )
    columns = [
        "",
        "entries/s",
        "p50 ms",
        "p99 ms",
        "CPU ms/entry",
        "to raw inserts",
        "floor / goal",
        "peak MiB",
    ]
    show(f"{OPERATIONS} entries per sync, {PHONES} connections, {rounds} rounds of {count}", columns, rows)
    keep("sync", {"rounds": rounds, "count": count, "subjects": kept, "raw": raws})


if __name__ == "__main__":
    typer.run(main)
