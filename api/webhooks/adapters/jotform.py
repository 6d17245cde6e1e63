"""Jotform."""

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims, form_of
from api.webhooks.bodies import (
    an_object,
    identifier,
    joined,
    read_json,
    read_multipart,
    rows_of,
    text,
    write_multipart,
)
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage
from api.webhooks.paging import Asking, Listed, following
from api.webhooks.signatures import Refusal
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_QUESTION = re.compile(r"q\d{1,6}_(.+)", re.DOTALL)
_STARTED = re.compile(r"(\d{13})_.*", re.DOTALL)
_PERSON = {"first", "last", "full", "phone", "area", "addr_line1", "addr_line2", "city", "postal"}
_UPLOADED = "https://www.jotform.com/uploads/"
_LISTED = 100
_THERE = {"ACTIVE", "OVERQUOTA"}
_ITS_TIME = "America/New_York"  # of the times of its lists, wherever the account is
_PERSONAL = {"email", "phone", "fullname", "address", "fileupload", "signature"}


class Jotform(Adapter):
    """Posts a multipart form, unsigned: the secret is in the address; the answers are JSON in `rawRequest`."""

    name = "jotform"
    title = "Jotform"
    proofs = (Proof.PATH_TOKEN,)

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Believe the address, which has been proven before: Jotform has nothing else."""
        return None if options.proof in self.proofs else Refusal.OTHER_PROOF

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        fields, raw = _read(post.body)
        form = identifier(fields.get("formID"), "formID")
        submission = identifier(fields.get("submissionID"), "submissionID")
        return [Envelope(Stage.COMPLETE, "", form, joined(form, submission), _started(raw))]

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask for what was submitted since then, oldest first."""
        since = asking.since - timedelta(days=1)  # it is asked in its own time
        asked = {
            "limit": str(_LISTED),
            "offset": str(asking.skip),
            "orderby": "created_at,ASC",
            "filter": json.dumps({"created_at:gt": since.strftime("%Y-%m-%d %H:%M:%S")}),
        }
        path = f"/form/{quote(form_of(options), safe='')}/submissions"
        return Fetch("GET", path, asked, headers={"APIKEY": asking.token})

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read a page: the submissions are in it, written otherwise than they are posted."""
        rows = rows_of(an_object(read_json(document), "submissions"), "content")
        there = [row for row in rows if row.get("status") in _THERE]
        named = self.named([_post(form_of(options), row) for row in there], options)
        return Listed(named, following(asking, len(rows), _LISTED))

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of a post's body."""
        _, raw = _read(document)
        answers, said = Answers(), list[JsonValue]()
        for key, value in raw.items():
            question = _QUESTION.fullmatch(key)
            name = question[1] if question else key
            if name == options.claim_name:
                said.append(value)
            elif question and _is_kept(value):
                answers.add(Answer(key, _date(value), alt_key=name))
            elif question:
                answers.leave_out(name)
        return answers.normalised(self.name, envelope, claims(said, options), started_at=_started(raw))

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say where Jotform's webhooks and hidden fields are."""
        return f"""\
1. Open the form's builder. Add a "Short Text" element. In its properties, "Advanced": set "Field Details", "Unique \
Name" to {options.claim_name}, and "Hide field" on.
2. Give each question that you want to map a short "Unique Name" in the same place: that is its key here.
3. "Settings", "Integrations", search for "Webhooks". Paste {url} and choose "Complete Integration".
4. Jotform signs nothing: this address is the secret. Show it to nobody, and rotate it if it was seen.
5. Do not use Jotform's own e-mail or name elements: what they hold is not kept.
6. To ask later whether everything came: under "Account", "API", make a key that may read. Enter it here for \
fetching, as the address https://api.jotform.com (in Europe https://eu-api.jotform.com), and as the form the number \
in its link.
7. Send each participant the form's link with their code: ...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills a field by its unique name."""
        return f"?{quote(claim_name)}={quote(code)}"


def _post(form: str, row: dict[str, JsonValue]) -> bytes:
    """Return what Jotform would have posted, as far as it is read."""
    submission = identifier(row.get("id"), "content.id")
    raw: dict[str, JsonValue] = {}
    for number, value in an_object(row.get("answers") or {}, "answers").items():
        one = an_object(value, "answers")
        kind = (text(one.get("type")) or "").removeprefix("control_")
        if one.get("answer") is not None and kind not in _PERSONAL:
            raw[f"q{number}_{text(one.get('name')) or number}"] = one["answer"]
    made = instant(row.get("updated_at"), _ITS_TIME) or instant(row.get("created_at"), _ITS_TIME)
    if made is not None:
        raw["event_id"] = f"{int(made.timestamp() * 1_000)}_{form}"
    return write_multipart({"formID": form, "submissionID": submission, "rawRequest": json.dumps(raw)})


def _read(raw: bytes) -> tuple[dict[str, str], dict[str, JsonValue]]:
    fields = read_multipart(raw)
    answers = read_json(fields.get("rawRequest", "").encode())
    return fields, an_object(answers, "rawRequest")


def _started(raw: dict[str, JsonValue]) -> datetime | None:
    """Return when the form was opened, which every edit does anew: the only time that Jotform tells."""
    found = _STARTED.fullmatch(text(raw.get("event_id")) or "")
    milliseconds = int(found[1]) if found else 0
    return datetime.fromtimestamp(milliseconds / 1_000, UTC) if 0 < milliseconds < 7_000_000_000_000 else None


def _is_kept(value: JsonValue) -> bool:
    if isinstance(value, dict):
        return not _PERSON & value.keys()
    given = value if isinstance(value, list) else [value]
    return not any(isinstance(one, str) and one.startswith(_UPLOADED) for one in given)


def _date(value: JsonValue) -> JsonValue:
    """Return a date that comes in parts as one; a time of day with it stays in parts."""
    if not isinstance(value, dict) or value.keys() != {"year", "month", "day"}:
        return value
    year, month, day = (text(value[part]) or "" for part in ("year", "month", "day"))
    return f"{year}-{month:0>2}-{day:0>2}" if year and month and day else None
