"""`scripts/bench webhooks`: one signed Typeform post, each another one, 16 connections, one server process."""

import json
from dataclasses import asdict
from typing import Annotated

import typer
from fastapi.testclient import TestClient

from api.core import db
from api.core.config import Settings
from api.main import create_app
from scripts.benchmarks.lab import CONNECTIONS, Run, Subject, subjects
from scripts.benchmarks.report import keep, middle, ratio, show
from tests.personas import World
from tests.webhooks.desk import Desk, answered
from tests.webhooks.senders import typeform

BAR = "0.5 / 0.65"
WORDS = "Whether to pool the skills budget with two neighbouring councils before the spring. " * 6


def survey(settings: Settings) -> list[str]:
    """Fill an empty database with a source; return its path, its secret and a participant's code."""
    engine = db.make_engine(settings)
    with TestClient(create_app(settings), base_url="https://testserver") as client:
        world = World(client, engine, settings)
        desk = Desk(world)
        found = [desk.source.path, desk.source.secret, desk.code(world.join())]
    engine.dispose()
    return found


def posts(subject: Subject, count: int) -> list[list[str]]:
    """Write the requests of every connection: no two bodies are the same."""
    path, secret, code = subject.tokens
    return [
        [
            post(path, secret, json.dumps(answered(code, "I am tired", why=WORDS)))
            for _ in range(count // CONNECTIONS)
        ]
        for _ in range(CONNECTIONS)
    ]


def post(path: str, secret: str, body: str) -> str:
    """Write one signed request as it goes over the wire."""
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in typeform(body.encode(), secret)[1].items()),
    ]
    return "\r\n".join([*head, "", body])


def main(
    rounds: Annotated[int, typer.Option(help="Interleaved rounds; medians are reported.")] = 15,
    count: Annotated[int, typer.Option(help="Requests per round and server.")] = 800,
) -> None:
    """Compare the inbox's door on each database with the twin that stores nothing."""
    runs: dict[str, list[Run]] = {}
    with subjects(survey) as found:
        for subject in found.values():
            subject.measure(posts(subject, 10 * CONNECTIONS), {"200"})
        for _ in range(rounds):
            for name, subject in found.items():
                runs.setdefault(name, []).append(subject.measure(posts(subject, count), {"200"}))
    rates = {name: [run.rate for run in several] for name, several in runs.items()}
    told = {
        name: asdict(middle(several)) | {"to_twin": ratio(rates[name], rates["twin"])}
        for name, several in runs.items()
    }
    columns = ["rate", "p50", "p95", "p99", "cpu", "to_twin"]
    rows = [
        [name, *(f"{one[key]:,.2f}" for key in columns), "" if name == "twin" else BAR]
        for name, one in told.items()
    ]
    size = len(json.dumps(answered("AAAA-BBBB-CCCC", "I am tired", why=WORDS)))
    title = f"One signed post of {size} bytes, {CONNECTIONS} connections, {rounds} rounds of {count}"
    show(title, ["", "posts/s", *columns[1:], "floor / goal of to_twin"], rows)
    keep("webhooks", {"rounds": rounds, "count": count, "bytes": size, "subjects": told})


if __name__ == "__main__":
    typer.run(main)
