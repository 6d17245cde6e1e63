"""Nothing that somebody sent is in a problem, a log line, a metric or an audit event."""

import copy
from collections.abc import Iterator
from typing import Any

from tests.core.logs import captured_logs
from tests.meta.bodies import BODIES, carried
from tests.meta.routing import address, table
from tests.meta.shape import contents
from tests.personas import World

CANARY = "Canary text \u00e9 zqjx"
BIRD = "canary-zqjx"
HEADERS = ("User-Agent", "X-Forwarded-For", "If-None-Match", "Range", "Origin", "Referer", "X-Request-Id")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Walk to every value inside a body."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def spoiled(body: Any, path: tuple[Any, ...]) -> Iterator[Any]:
    """Put a canary in a value's place, in several wrong forms, and beside it under a name of its own."""
    for wrong in (CANARY, BIRD, [CANARY], {CANARY: CANARY}):
        if not path:
            yield wrong
            continue
        made = copy.deepcopy(body)
        parent = made
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = wrong
        if isinstance(parent, dict):
            parent[CANARY] = CANARY if wrong == BIRD else parent.get(CANARY)
            if parent[CANARY] is None:
                del parent[CANARY]
        yield made


def heard(text: str) -> bool:
    return any(bird in text for bird in (CANARY, BIRD, "anary", "zqjx"))


def results(answer: Any) -> str:
    """Return what a sync said of each operation, without the stored copy that a conflict gives its author."""
    found = answer.json()["results"]
    for result in found:
        (result["problem"] or {}).pop("stored", None)
    return str(found)


def test_no_refusal_and_no_log_line_repeats_a_body(world: World) -> None:
    leo, listed, refusals = world.join(), table(), 0
    with captured_logs() as log:
        for route, body in BODIES.items():
            method, path = route.split()
            caller = world.olivia if listed[route].startswith("staff") else leo
            for place in places(body):
                for wrong in spoiled(body, place):
                    answer = world.client.request(
                        method, address(path, world.study_id), **carried(wrong), headers=caller.headers
                    )
                    assert answer.status_code < 500, (route, place)
                    if answer.status_code >= 400:
                        refusals += 1
                        assert not heard(answer.text), (route, place, answer.text)
                    elif route == "POST /v1/sync":
                        assert not heard(results(answer)), (place, answer.text)
    assert refusals > 400
    assert "request" in log.getvalue()
    assert not heard(log.getvalue())
    assert not heard(str(contents(world.engine)["audit_event"]))
    assert not heard(world.client.get("/metrics").text)


def test_no_refusal_and_no_log_line_repeats_a_path_a_query_or_a_header(world: World) -> None:
    leo = world.join()
    with captured_logs() as log:
        for route, who in table().items():
            method, path = route.split()
            caller = world.olivia if who.startswith("staff") else leo
            sound = address(path, world.study_id)
            filled = path.replace("{study_id}", str(world.study_id))
            sent = [
                (f"{sound}?after={BIRD}&limit={BIRD}&{BIRD}!=1", caller.headers),
                (f"{sound}/{BIRD}", caller.headers),
                (sound, {"Authorization": f"Bearer {BIRD}"}),
                (sound, {"Authorization": f"Bearer dbp_{BIRD}", "Cookie": f"__Host-daybook-access={BIRD}"}),
                (sound, caller.headers | dict.fromkeys(HEADERS, BIRD + "!") | {"Daybook-Sent-At": BIRD}),
            ]
            sent += [
                (filled.replace(part, BIRD), caller.headers) for part in filled.split("/") if part[:1] == "{"
            ]
            for target, headers in sent:
                answer = world.client.request(method, target, **carried(BODIES.get(route)), headers=headers)
                assert answer.status_code < 500, (route, target)
                if answer.status_code >= 400:
                    assert not heard(answer.text + str(answer.headers)), (target, answer.text)
    assert not heard(log.getvalue())
    assert not heard(world.client.get("/metrics").text)
