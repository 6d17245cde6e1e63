"""KoboToolbox."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, chosen_names, claims, form_of, is_place
from api.webhooks.bodies import an_object, identifier, read_json, rows_of
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage
from api.webhooks.paging import Asking, Listed, following
from api.webhooks.signatures import Refusal, basic, same
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_OWN = {"start", "end", "today", "deviceid", "simserial", "subscriberid", "audit", "background-audio"}
_OWN_GROUPS = ("_", "meta/", "formhub/")
_LISTED = 500


class Kobo(Adapter):
    """Posts a flat object of `group/question`; it does not sign, but sends a name and password, or a header."""

    name = "kobo"
    title = "KoboToolbox"
    proofs = (Proof.BASIC, Proof.HEADER)
    headers = ("authorization",)

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge the name and password, or the key in a header."""
        if options.proof is Proof.BASIC:
            return basic(post.headers.get("authorization"), secrets)
        if options.proof is Proof.HEADER:
            return same(post.headers.get(options.header_name.lower()), secrets)
        return Refusal.OTHER_PROOF

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        body = an_object(read_json(post.body), "body")
        root = identifier(body.get("meta/rootUuid") or body.get("_uuid"), "_uuid")
        form = identifier(body.get("_xform_id_string"), "_xform_id_string")
        return [Envelope(Stage.COMPLETE, "", form, root.removeprefix("uuid:"), _revised(body))]

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask for what was submitted since then, oldest first; the token is that of a user who may view submissions."""
        since = asking.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        asked = {
            "format": "json",
            "limit": str(_LISTED),
            "start": str(asking.skip),
            "sort": json.dumps({"_id": 1}),
            "query": json.dumps({"_submission_time": {"$gte": since}}),
        }
        path = f"/api/v2/assets/{quote(form_of(options), safe='')}/data/"
        return Fetch("GET", path, asked, headers={"Authorization": f"Token {asking.token}"})

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read a page: the submissions are in it as they are posted; the address of the next page is not read."""
        rows = rows_of(an_object(read_json(document), "data"), "results")
        posts = [json.dumps(row).encode() for row in rows]
        return Listed(self.named(posts, options), following(asking, len(rows), _LISTED))

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of a post's body."""
        body = an_object(read_json(document), "body")
        answers, said = Answers(), list[JsonValue]()
        for key, value in body.items():
            name = key.rpartition("/")[2]
            if name == options.claim_name:
                said.append(value)
            elif is_place(value):
                answers.leave_out(key)
            elif key not in _OWN and not key.startswith(_OWN_GROUPS):
                answers.add(Answer(key, _short(value), alt_key=name, option_ids=chosen_names(value)))
        return answers.normalised(
            self.name,
            envelope,
            claims(said, options),
            started_at=instant(body.get("start"), options.time_zone),
            submitted_at=instant(body.get("_submission_time")),  # UTC, though it does not say so
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say where KoboToolbox's REST services are."""
        security = (
            f'Security: "No Authorization". Under "Custom HTTP Headers" add {options.header_name} with the '
            "source's secret as its value."
            if options.proof is Proof.HEADER
            else 'Security: "Basic Authorization". Username: daybook. Password: the source\'s secret.'
        )
        return f"""\
1. In the form builder add a question of type "Text" with the data column name {options.claim_name}, outside of \
every group, and deploy the form.
2. Open the project's "Settings", then "REST Services", then "Register a new service".
3. Name: Daybook. Endpoint URL: {url}
4. Type: JSON. Tick "Active".
5. {security}
6. Choose no subset of fields, so that everything that is needed is sent. Save.
7. In "Form", "Collect data", choose an online-only web form, and send each participant its link with their code: \
...{self.link(options.claim_name, "CODE")}
   The question then stands there filled in: give it the hint that it stays as it is.
8. KoboToolbox posts a response when it is made, and not when it is edited there later. It tries four times in two \
hours; what failed can be sent again from the service's log.
9. To ask later whether everything came: copy the API key from "Account settings", "Security", of a user who may view \
submissions. Enter it here for fetching, as the address your server's own, such as https://kf.kobotoolbox.org, and as \
the form what follows /forms/ in the address of the project."""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills a question of Kobo's web forms."""
        return f"?d[{quote(claim_name)}]={quote(code)}"


def _revised(body: dict[str, JsonValue]) -> datetime | None:
    """Return when a submission was last changed; an edit keeps the first time of submission."""
    times = [instant(body.get("_submission_time"))]
    if body.get("meta/deprecatedID"):
        times += [instant(body.get("_date_modified")), instant(body.get("end"))]
    return max((time for time in times if time is not None), default=None)


def _short(value: JsonValue) -> JsonValue:
    """Return the rows of a repeated group by the names of their questions, without the path."""
    if isinstance(value, list):
        return [_short(one) for one in value]
    if isinstance(value, dict):
        return {key.rpartition("/")[2]: _short(one) for key, one in value.items()}
    return value
