"""What a study that asks has, for the fuzzer: a prompt, two schedules, and links that no guess hits."""

from collections.abc import Iterator
from typing import Any

from sqlmodel import Session

from api.core.service_keys import service_key
from api.prompts import service as prompts
from api.prompts import stop_links
from tests.meta.bodies import BODIES
from tests.personas import Leader, World
from tests.prompts.asking import just_sent

SCHEDULE = "/v1/studies/{study_id}/schedules/{key}"
PROMPT = "/v1/me/prompts/{prompt_id}"


def asked(world: World, leo: Leader, lena: Leader, place: str) -> Iterator[dict[str, Any]]:
    """Let the study ask Leo, and give Lena her links; yields which operation is called with what."""
    for name in (place, "ending"):
        body = BODIES[f"PUT {SCHEDULE}"] | {"key": name}
        assert world.olivia.put(f"{world.path}/schedules/{name}", body).is_success
    yield {"include-name": f"DELETE {SCHEDULE}", "parameters": {"key": "ending"}}
    feed = lena.post("/v1/me/reminders/calendar").json()["url"].rsplit("/", 1)[1]
    yield {"include-name": "GET /v1/calendar/{token}.ics", "parameters": {"token": feed.removesuffix(".ics")}}
    with Session(world.engine) as session:
        key = service_key(session, world.settings, stop_links.KEY)
        stops = stop_links.address(world.settings, key, lena.participant_id)
        prompt = just_sent(world.study_id, leo.participant_id, "day")
        prompts.add(session, [prompt])
        asks_leo = {"prompt_id": str(prompt.id)}
        session.commit()
    for method in ("GET", "POST"):
        token = {"token": stops.rsplit("/", 1)[1]}
        yield {"include-name": f"{method} /v1/reminders/stop/{{token}}", "parameters": token}
    for what in ("confirmed", "opened", "snooze"):
        headers = {"Authorization": f"Bearer {leo.token}"}
        given = {"headers": headers, "parameters": asks_leo}
        yield {"include-name": f"POST {PROMPT}/{what}"} | given
