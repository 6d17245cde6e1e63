"""ODK Central, as far as we ask it: its submissions by OData, newest first, in pages, filtered by time."""

import re
from datetime import datetime
from typing import Any

from api.core import clock
from tests.webhooks.samples import sample_json
from tests.webhooks.tools import Asked, Says, says

PATH = "/v1/projects/7/forms/simple.svc/Submissions"
_SINCE = re.compile(r"__system/submissionDate ge (?P<at>[0-9T:.-]+Z) or __system/updatedAt ge (?P=at)")


class Central:
    """Holds submissions, and answers for them."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def takes(self, code: str, age: int = 25, at: datetime | None = None) -> dict[str, Any]:
        """Take a submission in."""
        times = {"submissionDate": _written(at or clock.now()), "updatedAt": None, "deletedAt": None}
        name = f"uuid:{len(self.rows)}"
        (recorded,) = sample_json("odk/odata_submissions.json")["value"]
        row = recorded | {
            "__id": name,
            "meta": {"instanceID": name},
            "__system": times | {"submitterName": "Bob"},
            "pid": code,
            "age": age,
        }
        self.rows.insert(0, row)
        return dict(row)

    def edits(self, row: dict[str, Any], at: datetime, **changes: Any) -> None:
        """Let somebody edit a submission."""
        found = next(one for one in self.rows if one["__id"] == row["__id"])
        found["__system"] = found["__system"] | {"updatedAt": _written(at)}
        found.update(changes)

    def __call__(self, asked: Asked) -> Says:
        """Answer."""
        if asked.path != PATH or not asked.headers.get("authorization"):
            return Says(404)
        found = self.rows
        if since := asked.query.get("$filter"):
            matched = _SINCE.fullmatch(since)
            assert matched, since
            found = [one for one in found if _changed(one) >= matched["at"]]
        first, count = int(asked.query["$skip"]), int(asked.query["$top"])
        page = {"@odata.nextLink": "https://inside.example.org/next", "value": found[first : first + count]}
        return says(page)


def _written(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _changed(row: dict[str, Any]) -> str:
    return str(row["__system"]["updatedAt"] or row["__system"]["submissionDate"])
