"""SurveyMonkey: a signed pointer; the response is fetched."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims, form_of
from api.webhooks.bodies import an_object, joined, objects, read_json, rows_of, text
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage, Unreadable
from api.webhooks.paging import Asking, Listed
from api.webhooks.signatures import Refusal, base64, signature
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_STAGES = {"response_completed": Stage.COMPLETE, "response_deleted": Stage.DELETED}
_NUMBER = re.compile(r"\d{1,30}")
_LISTED = 100
_NOT_KEPT = {"demographic", "file_upload", "payment"}

Part = dict[str, JsonValue]


class SurveyMonkey(Adapter):
    """Posts which response was completed or deleted; the secret is `client_id&client_secret` of one's own app."""

    name = "surveymonkey"
    title = "SurveyMonkey"
    proofs = (Proof.SIGNATURE,)
    headers = ("sm-signature",)
    fetches_per_day = 500

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge the base64 of HMAC-SHA1 over the body."""
        if options.proof not in self.proofs:
            return Refusal.OTHER_PROOF
        header = post.headers.get("sm-signature")
        return signature([base64(header)], secrets, "sha1", post.body) if header else Refusal.MISSING

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        body = an_object(read_json(post.body), "body")
        event = text(body.get("event_type")) or ""
        if event not in _STAGES or body.get("object_type") != "response":
            return [Envelope(Stage.OTHER, event[:200])]
        survey = _number(an_object(body.get("resources"), "resources").get("survey_id"))
        response = _number(body.get("object_id"))
        when = instant(body.get("event_datetime"))
        return [Envelope(_STAGES[event], event, survey, joined(survey, response), when)]

    def fetch(self, envelope: Envelope, token: str, options: SourceOptions) -> Fetch | None:
        """Ask for the response, with the words of its questions and options."""
        if envelope.stage is Stage.DELETED:
            return None
        survey, _, response = envelope.submission_id.partition("/")
        path = f"/v3/surveys/{_number(survey)}/responses/{_number(response)}/details"
        return Fetch("GET", path, {"simple": "true"}, headers={"Authorization": f"Bearer {token}"})

    def counted_as(self, secrets: Sequence[str], token: str) -> str:
        """Return the app's client id, which stands in the secret; the token tells one app from others, too."""
        ids = [found for one in secrets for found, sign, _ in [one.partition("&")] if sign]
        return ids[0] if ids else token

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask which responses were completed or changed since then."""
        asked = {
            "per_page": str(_LISTED),
            "page": asking.mark or "1",
            "status": "completed",
            "start_modified_at": asking.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        }
        path = f"/v3/surveys/{_number(form_of(options))}/responses"
        return Fetch("GET", path, asked, headers={"Authorization": f"Bearer {asking.token}"})

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read which responses there are; the address of the next page is not read."""
        survey = _number(form_of(options))
        rows = rows_of(an_object(read_json(document), "responses"), "data")
        posts = [_pointer(survey, _number(row.get("id"))) for row in rows]
        is_full = len(rows) >= _LISTED
        return Listed(self.named(posts, options), str(int(asking.mark or 1) + 1) if is_full else None)

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of the fetched response."""
        found = an_object(read_json(document), "response")
        if joined(_number(found.get("survey_id")), _number(found.get("id"))) != envelope.submission_id:
            raise Unreadable("SurveyMonkey answered with another response than the one asked for.")
        answers = Answers()
        for page in objects(found.get("pages"), "pages"):
            for question in objects(page.get("questions"), "questions"):
                _add(answers, question)
        variables = an_object(found.get("custom_variables") or {}, "custom_variables")
        for key, value in variables.items():
            if key != options.claim_name:
                answers.add_hidden(key, value)
        modified = instant(found.get("date_modified"))
        return answers.normalised(
            self.name,
            replace(envelope, stage=_stage(found), revision_time=modified or envelope.revision_time),
            claims([variables.get(options.claim_name)], options),
            started_at=instant(found.get("date_created")),
            submitted_at=modified,
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say how an app and its webhook are made, which takes SurveyMonkey's interface for programs."""
        return f"""\
This way needs a paid plan with API access, and somebody who can send one API request.
1. In the survey's design: "Custom variables", add one called {options.claim_name}.
2. On developer.surveymonkey.com, "My Apps", add a private app with the scopes: view surveys, view responses, view \
response details, view and create webhooks. Deploy it.
3. From its settings copy three things. Enter here as the source's secret: CLIENT ID, an & sign, and SECRET, without \
spaces. Enter the access token for fetching, and as the address https://api.surveymonkey.com (in Europe \
https://api.eu.surveymonkey.com).
4. Create the webhook: POST /v3/webhooks with the name Daybook, event_type response_completed, object_type survey, \
object_ids [the survey's number], subscription_url {url}
   and a second one with event_type response_deleted. SurveyMonkey tries the address at once: it must be reachable.
5. A private app may ask 500 times a day: with more responses than that, the rest arrives on the next day.
6. Send each participant the web link with their code: ...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills a custom variable."""
        return f"?{quote(claim_name)}={quote(code)}"


def _number(value: JsonValue) -> str:
    found = text(value) or ""
    if not _NUMBER.fullmatch(found):
        raise Unreadable("An identifier is not one of SurveyMonkey.")
    return found


def _pointer(survey: str, response: str) -> bytes:
    """Return what SurveyMonkey would have posted, as far as it is read."""
    told = {"event_type": "response_completed", "object_type": "response", "object_id": response}
    return json.dumps(told | {"resources": {"survey_id": survey}}).encode()


def _stage(found: Part) -> Stage:
    if "preview" in (text(found.get("collection_mode")) or ""):
        return Stage.TEST
    return Stage.COMPLETE if found.get("response_status") == "completed" else Stage.PARTIAL


def _add(answers: Answers, question: Part) -> None:
    """Add a question, each row of a grid as an answer of its own."""
    key, label = _number(question.get("id")), text(question.get("heading"))
    family = text(question.get("family"))
    if {family, text(question.get("subtype"))} & _NOT_KEPT:
        answers.leave_out(label or key)
        return
    rows: dict[str, list[Part]] = {}
    for one in objects(question.get("answers"), "answers"):
        place = [key, *(found for name in ("row_id", "col_id") if (found := text(one.get(name))))]
        rows.setdefault("_".join(place), []).append(one)
    for row, given in rows.items():
        answers.add(_answer(row, label, family, given))


def _answer(key: str, label: str | None, family: str | None, given: list[Part]) -> Answer:
    ids = [text(one.get("choice_id") or one.get("other_id")) for one in given]
    words = [text(one.get("text") or one.get("simple_text")) for one in given]
    if not all(ids):
        said = [one for one in words if one is not None]
        value: JsonValue = said[0] if len(said) == 1 else list(said)
        return Answer(key, value, label=label, type=family)
    labels = [one for one in words if one is not None]
    chosen = labels if len(labels) == len(ids) else [one for one in ids if one is not None]
    several = family == "multiple_choice" or len(chosen) > 1
    return Answer(
        key,
        list(chosen) if several else chosen[0],
        label=label,
        type=family,
        option_ids=tuple(one for one in ids if one is not None),
        option_labels=tuple(labels) if len(labels) == len(ids) else (),
    )
