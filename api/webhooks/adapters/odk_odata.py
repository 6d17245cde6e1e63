"""ODK Central, which does not post: it is asked by OData for what is new or changed."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, chosen_names, claims, is_place
from api.webhooks.bodies import an_object, identifier, objects, read_json
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage, Unreadable
from api.webhooks.paging import Asking, Listed, following
from api.webhooks.signatures import Refusal
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_FORM = re.compile(r"(\d{1,9})/([^/]{1,150})")
_OWN = {"__id", "__system", "meta"}

Row = dict[str, JsonValue]


class OdkOdata(Adapter):
    """Asks for pages, newest first, so that what arrives meanwhile is seen twice and never missed."""

    name = "odk_odata"
    title = "ODK Central"
    proofs = (Proof.PATH_TOKEN,)
    polls = True
    page_size = 100

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Believe no post: there are none."""
        return Refusal.OTHER_PROOF

    def page(self, since: datetime | None, skip: int, token: str, options: SourceOptions) -> Fetch | None:
        """Ask for a page; `token` is `e-mail:password` of a user who may only read, or a session's token."""
        project, form = _form(options)
        parameters = {"$top": str(self.page_size), "$skip": str(skip), "$expand": "*"}
        if since is not None:
            moment = since.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            new, changed = (f"__system/{name} ge {moment}" for name in ("submissionDate", "updatedAt"))
            parameters["$filter"] = f"{new} or {changed}"
        coded = b64encode(token.encode("utf-8", "surrogatepass")).decode()
        proof = f"Basic {coded}" if ":" in token else f"Bearer {token}"
        path = f"/v1/projects/{project}/forms/{quote(form, safe='')}.svc/Submissions"
        return Fetch("GET", path, parameters, headers={"Authorization": proof})

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read which submissions a page holds."""
        return [_envelope(row, options) for row in _rows(post.body)]

    def apart(self, document: bytes) -> list[bytes]:
        """Write each submission as a page that holds nothing else: what is erased of one is in no other."""
        return [json.dumps({"value": [row]}).encode() for row in _rows(document)]

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask for the same pages as ever."""
        return self.page(asking.since, asking.skip, asking.token, options)

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read a page: the submissions themselves are in it."""
        bodies = self.apart(document)
        return Listed(self.named(bodies, options), following(asking, len(bodies), self.page_size))

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read one submission out of a page."""
        found = [row for row in _rows(document) if row.get("__id") == envelope.submission_id]
        if len(found) != 1:
            raise Unreadable("The page does not hold this submission once.")
        row = found[0]
        answers, said = Answers(), list[JsonValue]()
        for key, value in _flat(row):
            name = key.rpartition("/")[2]
            if name == options.claim_name:
                said.append(value)
            elif is_place(value):
                answers.leave_out(key)
            else:
                answers.add(Answer(key, _bare(value), alt_key=name, option_ids=chosen_names(value)))
        system = an_object(row.get("__system") or {}, "__system")
        submitted = instant(system.get("submissionDate"))
        return answers.normalised(self.name, envelope, claims(said, options), submitted_at=submitted)

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say what is needed for asking ODK Central."""
        return f"""\
ODK Central does not post; it is asked every few minutes.
1. In the form add a question of type "text" called {options.claim_name}, outside of every group, and publish it.
2. In ODK Central, "Users", create a web user for this purpose alone. In the project, "Project Roles", make it a \
"Project Viewer", and nothing else anywhere.
3. Enter here for fetching: that user's e-mail address, a colon and its password; as the address your server's own, \
such as https://odk.example.ac.uk; and as the form the project's number and the form's ID, such as 7/diary (both \
stand in the address of the form's page).
4. In "Public Access" of the form make a link, and send it to each participant with their code: \
...{self.link(options.claim_name, "CODE")}
   or print the code for them to type, if they use ODK Collect."""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills a question of a web form, after the link's own."""
        return f"&d[{quote(claim_name)}]={quote(code)}"


def _form(options: SourceOptions) -> tuple[str, str]:
    found = _FORM.fullmatch(options.fetch_form or "")
    if found is None:
        raise Unreadable(
            "Which form to ask for is not set: enter the project's number and the form's ID, like 7/diary."
        )
    return found[1], found[2]


def _rows(raw: bytes) -> list[Row]:
    body = an_object(read_json(raw), "page")
    if "value" not in body:
        raise Unreadable("The part 'value' is missing.")
    rows = objects(body["value"], "value")
    if len(rows) > OdkOdata.page_size:
        raise Unreadable("The page holds more submissions than were asked for.")
    return rows


def _envelope(row: Row, options: SourceOptions) -> Envelope:
    system = an_object(row.get("__system") or {}, "__system")
    deleted = instant(system.get("deletedAt"))
    changed = deleted or instant(system.get("updatedAt")) or instant(system.get("submissionDate"))
    stage = Stage.COMPLETE if deleted is None else Stage.DELETED
    return Envelope(stage, "", options.fetch_form or "", identifier(row.get("__id"), "__id"), changed)


def _flat(group: Row, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Yield the answers of a submission by `group/question`."""
    for key, value in group.items():
        if "@odata" in key or (not path and key in _OWN):
            continue
        if isinstance(value, dict) and not is_place(value):
            yield from _flat(value, f"{path}{key}/")
        else:
            yield f"{path}{key}", value


def _bare(value: JsonValue) -> JsonValue:
    """Return the rows of a repeated group without what ODK adds to them."""
    if isinstance(value, list):
        return [_bare(one) for one in value]
    if isinstance(value, dict):
        return {
            key: _bare(one) for key, one in value.items() if "@odata" not in key and not key.startswith("__")
        }
    return value
