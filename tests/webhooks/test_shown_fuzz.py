"""Twenty thousand bodies nobody would send: none that is forged becomes an entry, no answer is outside the table."""

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

import anyio
import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.personas import Leader, World
from tests.webhooks.desk import Desk, answered, told

EXAMPLES, SHOTS = 200, 50  # on each of the two databases
FORGED, TRUE, ODD = "forged", "true", "odd"
TOOLS = {"typeform": answered, "standard": told}

WORDS = st.text(max_size=40) | st.sampled_from(["\x00", "NaN", "1e999", "=1+1", "９" * 30])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
STRANGE = (
    b"", b"[" * 100_000, b"9" * 5_000, b'{"event_type":' * 3_000, b"\xff\xfe", b"\x1f\x8b\x08\x00", b"NaN",
    b'{"a":1,"a":2}', b'"\\ud800"', b"--x\r\nContent-Disposition: form-data\r\n" * 500, b"MSG=1&MSG=2&HMAC=0",
)  # fmt: skip
TYPES = st.sampled_from(
    [
        "application/json",
        "text/plain",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        'a/b;c="',
        "",
    ]
)


@dataclass(frozen=True)
class Shot:
    """One post: of which tool, what it says, how it is spoilt, and whether it is proven."""

    tool: str
    said: str
    proven: bool
    spoil: Any
    content_type: str
    forgery: str


SPOILT = (
    st.tuples(st.just("bytes"), st.binary(max_size=300) | st.sampled_from(STRANGE))
    | st.tuples(st.just("json"), JSON)
    | st.tuples(st.just("cut"), st.floats(0, 1))
    | st.tuples(st.just("part"), JSON)
)
FORGERIES = st.sampled_from(
    [
        "another secret",
        "unsigned",
        "another body",
        "cut",
        "longer",
        "not base64",
        "another address",
        "another source",
    ]
)
SHOT = st.builds(
    lambda tool, kind, spoil, content_type, forgery: Shot(
        tool, kind, kind != FORGED, None if kind == TRUE else spoil, content_type, forgery
    ),
    st.sampled_from(sorted(TOOLS)), st.sampled_from([*[FORGED] * 5, TRUE, ODD, ODD]), st.none() | SPOILT, TYPES,
    FORGERIES,
)  # fmt: skip


class Range:
    """Leo's two surveys, and what was shot at them."""

    def __init__(self, world: World) -> None:
        self.world, self.leo = world, world.join()
        self.desks = {tool: Desk(world, tool) for tool in TOOLS}
        self.codes = {tool: desk.code(self.leo) for tool, desk in self.desks.items()}
        self.true: list[str] = []
        self.answers: Counter[tuple[bool, int]] = Counter()

    def fire(self, shots: list[Shot]) -> None:
        """Send some posts at once."""
        self.answers.update(self.world.client.portal.call(self._all, shots))  # type: ignore[union-attr] # it runs

    async def _all(self, shots: list[Shot]) -> list[tuple[bool, int]]:
        heard: list[tuple[bool, int]] = []
        transport = httpx.ASGITransport(self.world.client.app)
        async with httpx.AsyncClient(transport=transport, base_url="https://testserver") as client:

            async def one(shot: Shot) -> None:
                path, body, headers = self._made(shot)
                raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
                answer = await client.post(path, content=body, headers=raw)
                heard.append((shot.proven, answer.status_code))

            async with anyio.create_task_group() as group:
                for shot in shots:
                    group.start_soon(one, shot)
        return heard

    def _made(self, shot: Shot) -> tuple[str, bytes, dict[str, str]]:
        desk = self.desks[shot.tool]
        why = f"true {len(self.true)}" if shot.said == TRUE else shot.said
        body = _spoilt(_body(shot.tool, self.codes[shot.tool], why), shot.spoil)
        if shot.said == TRUE:
            self.true.append(why)
        secret = "whsec_" + "A" * 43 + "=" if shot.forgery == "another secret" and not shot.proven else None
        sent = desk.sender.made(body, secret or desk.source.secret)
        headers = {**sent.headers, "content-type": shot.content_type}
        path = desk.source.path
        if not shot.proven:
            path, headers = self._forged(shot, path, headers)
            body += b" " if shot.forgery == "another body" else b""
        return path, body, headers

    def _forged(self, shot: Shot, path: str, headers: dict[str, str]) -> tuple[str, dict[str, str]]:
        name = next(name for name in headers if "signature" in name)
        other = next(desk for tool, desk in self.desks.items() if tool != shot.tool)
        change = {
            "unsigned": {name: ""}, "cut": {name: headers[name][:-6]}, "longer": {name: headers[name] + "A"},
            "not base64": {name: "sha256=\x80\xff,v1,%%%"},
        }  # fmt: skip
        if shot.forgery == "another address":
            path = path[:-1] + ("A" if path[-1] != "A" else "B")
        if shot.forgery == "another source":
            path = other.source.path
        return path, headers | change.get(shot.forgery, {})


def _body(tool: str, code: str, why: str) -> dict[str, Any]:
    if tool == "typeform":
        return answered(code, "I am tired", why=why)
    answers = [{"key": "mood", "value": "I am tired"}, {"key": "why", "value": why}]
    return told(code, answers=answers)


def _spoilt(body: dict[str, Any], spoil: Any) -> bytes:
    match spoil:
        case ("bytes", content):
            return bytes(content)
        case ("json", value):
            return json.dumps(value).encode()
        case ("cut", share):
            whole = json.dumps(body).encode()
            return whole[: int(len(whole) * share)]
        case ("part", value):
            return json.dumps(body | {sorted(body)[len(repr(value)) % len(body)]: value}).encode()
    return json.dumps(body).encode()


def diary(leo: Leader) -> Counter[str]:
    """Count what stands in a leader's diary."""
    found, after = list[str](), ""
    while True:
        page = leo.get(f"/v1/entries?limit=200{after}").json()
        found += [one["entry"]["answers"].get("why", "") for one in page["entries"]]
        if page["next"] is None:
            return Counter(found)
        after = f"&after={page['next']}"


def test_no_forged_post_becomes_an_entry_whatever_is_posted(world: World) -> None:
    field = Range(world)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(st.lists(SHOT, min_size=SHOTS, max_size=SHOTS))
    def fire(shots: list[Shot]) -> None:
        field.fire(shots)

    fire()
    assert sum(field.answers.values()) >= EXAMPLES * SHOTS
    assert field.answers.keys() <= {(True, 200), (False, 401)}, field.answers
    for desk in field.desks.values():
        desk.work()
    kept = diary(field.leo)
    assert kept[FORGED] == 0
    assert {why: count for why, count in kept.items() if why.startswith(TRUE)} == dict.fromkeys(field.true, 1)
    assert min(field.answers[True, 200], field.answers[False, 401], len(field.true)) > EXAMPLES
