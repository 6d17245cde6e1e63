"""Standard Webhooks: Formbricks, our script for Google Forms, and whatever a house writes itself."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims, form_of
from api.webhooks.bodies import an_object, identifier, objects, read_json, rows_of, text
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage
from api.webhooks.paging import Asking, Listed, following
from api.webhooks.signatures import Refusal, standard_webhooks
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_FORMBRICKS = ("responseCreated", "responseUpdated", "responseFinished")
_LISTED = 100
_OF_A_POST = ("id", "surveyId", "finished", "createdAt", "updatedAt", "data")
"""What is read of a listed response; the rest is of the browser and of the person."""


class Standard(Adapter):
    """Signed as standardwebhooks.com says; the body is Formbricks' or the plain one of the instructions."""

    name = "standard"
    title = "Formbricks, Google Forms with our script, or your own program"
    proofs = (Proof.SIGNATURE,)
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature")

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge the signature over identifier, time and body."""
        if options.proof not in self.proofs:
            return Refusal.OTHER_PROOF
        return standard_webhooks(post.headers, post.body, secrets)

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        body = an_object(read_json(post.body), "body")
        event = text(body.get("event")) or ""
        if event == "testEndpoint" or body.get("test") is True:
            return [Envelope(Stage.TEST, event)]
        if "responses" in body or "answers" in body or body.get("deleted") is True:
            return [_plain_envelope(body, event, options)]
        if event not in _FORMBRICKS:
            return [Envelope(Stage.OTHER, event[:200])]
        data = an_object(body.get("data"), "data")
        return [
            Envelope(
                Stage.COMPLETE if data.get("finished") is True else Stage.PARTIAL,
                event,
                identifier(data.get("surveyId"), "data.surveyId"),
                identifier(data.get("id"), "data.id"),
                instant(data.get("updatedAt")),
            )
        ]

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask Formbricks for the responses of a survey, newest first; nobody else can be asked."""
        if options.fetch_base is None:
            return None
        asked = {"surveyId": form_of(options), "limit": str(_LISTED), "skip": str(asking.skip)}
        return Fetch("GET", "/api/v1/management/responses", asked, headers={"x-api-key": asking.token})

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read a page: the responses themselves are in it, until they are older than was asked for."""
        rows = rows_of(an_object(read_json(document), "responses"), "data")
        new = [row for row in rows if (made := instant(row.get("createdAt"))) is None or made >= asking.since]
        posts = [_post(row) for row in new if row.get("finished") is True]
        more = following(asking, len(rows), _LISTED) if len(new) == len(rows) else None
        return Listed(self.named(posts, options), more)

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of a post's body."""
        body = an_object(read_json(document), "body")
        data = body.get("data")
        formbricks = isinstance(data, dict) and envelope.event_type in _FORMBRICKS
        source = an_object(data, "data") if formbricks else body
        answers = Answers()
        found = _formbricks(answers, source, options) if formbricks else _plain(answers, source, options)
        ended = source.get("updatedAt" if formbricks else "timestamp")
        return answers.normalised(
            self.name,
            envelope,
            claims(found, options),
            started_at=instant(source.get("createdAt"), options.time_zone),
            submitted_at=instant(ended, options.time_zone),
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say how Formbricks is set up, and where the script for Google Forms is."""
        return f"""\
Formbricks
1. In the survey: Questions, "Hidden fields" at the end of the list: switch them on and add one called \
{options.claim_name}.
2. Configuration (or Integrations), "Webhooks", "Add webhook". URL: {url}
3. Triggers: tick "Response finished" (and "Response updated", if people may go back). Choose the survey. Save.
4. Open the webhook and copy its signing secret (it begins with whsec_). Enter it here as the source's secret. \
A Formbricks without a signing secret cannot be used: update it.
5. To ask later whether everything came: make an API key that may read the project. Enter it here for fetching, as \
the address https://app.formbricks.com or your server's own, and as the form the survey's ID.
6. Send each participant the survey's link with their code: ...{self.link(options.claim_name, "CODE")}

Google Forms
Take the script and the steps from docs/survey-tools/google-forms-apps-script.md: it posts to {url}.

Your own program
Sign as standardwebhooks.com says, and post JSON to {url}:
{{"formId": "...", "responseId": "...", "timestamp": "2026-11-03T08:30:00Z", "hidden": {{"{options.claim_name}": \
"CODE"}}, "answers": [{{"key": "q1", "label": "What did you decide?", "value": "..."}}]}}
"finished": false is a part of a response, "deleted": true takes one back, "test": true is a test, and a later \
"updatedAt" is a correction."""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills Formbricks' hidden field."""
        return f"?{quote(claim_name)}={quote(code)}"


def _post(row: dict[str, JsonValue]) -> bytes:
    """Return what Formbricks would have posted, as far as it is read."""
    told = {name: row[name] for name in _OF_A_POST if name in row}
    return json.dumps({"event": "responseFinished", "data": told}).encode()


def _plain_envelope(body: dict[str, JsonValue], event: str, options: SourceOptions) -> Envelope:
    stage = Stage.PARTIAL if body.get("finished") is False else Stage.COMPLETE
    revised = body.get("updatedAt") or body.get("timestamp")
    return Envelope(
        Stage.DELETED if body.get("deleted") is True else stage,
        event[:200],
        identifier(body.get("formId"), "formId"),
        identifier(body.get("responseId"), "responseId"),
        instant(revised, options.time_zone),
    )


def _formbricks(answers: Answers, data: dict[str, JsonValue], options: SourceOptions) -> list[JsonValue]:
    given = an_object(data.get("data"), "data.data")
    for key, value in given.items():
        if key != options.claim_name:
            answers.add(Answer(key, value))
    return [given.get(options.claim_name)]


def _plain(answers: Answers, body: dict[str, JsonValue], options: SourceOptions) -> list[JsonValue]:
    hidden = an_object(body.get("hidden") or {}, "hidden")
    for key, value in hidden.items():
        if key != options.claim_name:
            answers.add_hidden(key, value)
    for key, value in an_object(body.get("responses") or {}, "responses").items():
        if key != options.claim_name:
            answers.add(Answer(key, value, label=key))
    for one in objects(body.get("answers"), "answers"):
        key = identifier(one.get("key"), "answers.key")
        label, kind = text(one.get("label")), text(one.get("type"))
        answers.add(Answer(key, one.get("value"), label=label, type=kind))
    return [
        hidden.get(options.claim_name),
        an_object(body.get("responses") or {}, "").get(options.claim_name),
    ]
