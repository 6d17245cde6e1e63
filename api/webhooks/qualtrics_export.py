"""Asks Qualtrics which responses a survey holds, which it exports in three steps: begin, look how far it is, fetch."""

import re
from collections.abc import Iterator
from datetime import UTC

from pydantic import JsonValue

from api.webhooks.bodies import an_object, objects, read_json, text
from api.webhooks.normalised import Fetch, Unreadable
from api.webhooks.paging import Asking, Listed

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_COMPLETE = {1, "1"}
_PREVIEW_OR_TEST = 0b11
_COLUMNS = ["status", "finished", "recordedDate"]
_AT_WORK, _DONE = "inProgress", "complete"


def name(value: JsonValue) -> str:
    """Return what Qualtrics calls something by, fit for an address, or raise Unreadable."""
    found = text(value) or ""
    if not _NAME.fullmatch(found):
        raise Unreadable("An identifier is not one of Qualtrics.")
    return found


def step(survey: str, asking: Asking) -> Fetch:
    """Return the next step of an export; its answers are not asked for, only which responses there are."""
    path, headers = f"/API/v3/surveys/{name(survey)}/export-responses", {"X-API-TOKEN": asking.token}
    if asking.mark:
        return Fetch("GET", f"{path}/{asking.mark}", headers=headers)
    wanted: dict[str, JsonValue] = {
        "format": "json",
        "compress": False,
        "startDate": asking.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "surveyMetadataIds": [*_COLUMNS],
        "questionIds": [],
        "embeddedDataIds": [],
    }
    return Fetch("POST", path, headers=headers, json=wanted)


def after(document: bytes, asking: Asking) -> Listed | None:
    """Return what follows a step, or None if this is the file itself."""
    if asking.mark.endswith("/file"):
        return None
    result = an_object(an_object(read_json(document), "body").get("result"), "result")
    if not asking.mark:
        return Listed({}, name(result.get("progressId")))
    status = text(result.get("status"))
    if status == _AT_WORK:
        return Listed({}, asking.mark, is_ready=False)
    if status != _DONE:
        raise Unreadable("Qualtrics could not export the responses.")
    return Listed({}, f"{name(result.get('fileId'))}/file")


def responses(document: bytes) -> Iterator[str]:
    """Yield the complete responses of an export's file."""
    body = an_object(read_json(document), "file")
    if "responses" not in body:
        raise Unreadable("The part 'responses' is missing.")
    for one in objects(body["responses"], "responses"):
        values = an_object(one.get("values"), "values")
        status = values.get("status")
        is_test = isinstance(status, int) and bool(status & _PREVIEW_OR_TEST)
        if values.get("finished") in _COMPLETE and not is_test:
            yield name(one.get("responseId"))
