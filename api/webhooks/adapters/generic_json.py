"""Any tool that posts JSON: where things stand in it is said by JMESPath expressions."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims
from api.webhooks.bodies import identifier, read_json, text
from api.webhooks.normalised import Answer, Envelope, Normalised, Post, Stage, Unreadable
from api.webhooks.signatures import Refusal, basic, same
from api.webhooks.times import instant
from schemas.expression import search
from schemas.source import Paths, Proof, SourceOptions

_YES = {"1", "true", "yes", "y", "complete", "completed", "finished", "submitted"}


class GenericJson(Adapter):
    """Posts JSON of any shape, and a key in a header, a name and password, or a token in the body."""

    name = "generic_json"
    title = "Microsoft Forms, LimeSurvey, SurveyCTO, Fillout or any other tool that posts JSON"
    proofs = (Proof.HEADER, Proof.BASIC, Proof.BODY_TOKEN, Proof.PATH_TOKEN)
    headers = ("authorization",)

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge whichever proof the source is set to."""
        match options.proof:
            case Proof.HEADER:
                return same(post.headers.get(options.header_name.lower()), secrets)
            case Proof.BASIC:
                return basic(post.headers.get("authorization"), secrets)
            case Proof.PATH_TOKEN:
                return None  # the address has been proven before
            case Proof.BODY_TOKEN:
                return self._body_token(post.body, secrets, options)
        return Refusal.OTHER_PROOF

    def without_secrets(self, body: bytes, options: SourceOptions) -> bytes:
        """Return the body with the token emptied, wherever it stands; bytes that hold none stay as they are."""
        try:
            value = read_json(body)
        except Unreadable:
            return body
        token = text(search(options.token_path, value))
        return json.dumps(_emptied(value, token), allow_nan=False).encode() if token else body

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        body, paths = read_json(post.body), _paths(options)
        if _is_yes(search(paths.test, body)):
            return [Envelope(Stage.TEST)]
        unfinished = paths.complete is not None and not _is_yes(search(paths.complete, body))
        form = search(paths.form_id, body)
        written = search(paths.revision_time or paths.submitted_at, body)
        return [
            Envelope(
                Stage.PARTIAL if unfinished else Stage.COMPLETE,
                "",
                identifier(form, "form_id") if paths.form_id else "",
                identifier(search(paths.submission_id, body), "submission_id"),
                instant(written, options.time_zone),
            )
        ]

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of a post's body."""
        body, paths = read_json(document), _paths(options)
        answers = Answers()
        found = search(paths.answers, body)
        if isinstance(found, dict):
            for key, value in found.items():
                if key != options.claim_name:
                    answers.add(Answer(key, _list(value)))
        elif isinstance(found, list):
            for one in found:
                _add(answers, one)
        else:
            raise Unreadable("The part 'answers' is neither an object nor a list.")
        return answers.normalised(
            self.name,
            envelope,
            claims([search(paths.claim, body)], options),
            submitted_at=instant(search(paths.submitted_at, body), options.time_zone),
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say how four tools are set up, and which expressions read each of them."""
        return f"""\
Every tool: the address to post to is {url}
Where it lets you add a header, add {options.header_name} with the source's secret, and set the proof to "header".
If it can do nothing of that kind, set the proof to "path_token": then the address itself is the secret.
Below, after each tool, is what to enter as paths. Participants' code: {options.claim_name}.

Microsoft Forms: make a flow in Power Automate as docs/survey-tools/power-automate.md says.
  submission_id: responseId   form_id: formId   answers: answers   submitted_at: submittedAt   \
claim: {options.claim_name}

LimeSurvey: ask its administrator for a webhook plugin. In the survey: "Settings", "Simple plugins": enter the \
address, an API token (the source's secret) and the event afterSurveyComplete. Proof: "body_token".
  token_path: api_token   submission_id: respondId   form_id: survey   answers: response   submitted_at: submitDate
  complete: event == 'afterSurveyComplete'   claim: token (or response.{options.claim_name})
  For the last, add a "Panel integration" parameter called {options.claim_name}.

SurveyCTO: in the server's console, "Export", "Publish to a webhook" of the form.
  submission_id: KEY   form_id: formdef_id   answers: @   submitted_at: SubmissionDate   \
claim: {options.claim_name}

Fillout: in the form, "Integrate", "Webhook". Add {options.claim_name} under "Settings", "URL parameters".
  submission_id: submission.submissionId   form_id: formId   answers: submission.questions
  submitted_at: submission.submissionTime   revision_time: submission.lastUpdatedAt
  claim: submission.urlParameters[?name=='{options.claim_name}'].value | [0]

Send each participant the form's link with their code: ...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the usual URL parameter."""
        return f"?{quote(claim_name)}={quote(code)}"

    def _body_token(self, body: bytes, secrets: Sequence[str], options: SourceOptions) -> Refusal | None:
        try:
            return same(text(search(options.token_path, read_json(body))), secrets)
        except Unreadable:
            return Refusal.MALFORMED


def _paths(options: SourceOptions) -> Paths:
    if options.paths is None:
        raise Unreadable("Where this tool keeps things is not set: enter the source's paths.")
    return options.paths


def _is_yes(value: JsonValue) -> bool:
    if isinstance(value, bool):
        return value
    said = text(value)
    return said is not None and said.lower() in _YES


def _add(answers: Answers, one: JsonValue) -> None:
    if not isinstance(one, dict):
        raise Unreadable("The part 'answers' is a list of something else than objects.")
    key = identifier(one.get("key") or one.get("id") or one.get("name"), "answers.key")
    label = text(one.get("label") or one.get("name") or one.get("title"))
    value = _list(one.get("value", one.get("answer")))
    answers.add(Answer(key, value, label=label, type=text(one.get("type"))))


def _list(value: JsonValue) -> JsonValue:
    """Return the texts of a list that is written as a text, as Microsoft Forms does; or the value."""
    if not isinstance(value, str) or not (value.startswith('["') and value.endswith('"]')):
        return value
    try:
        found = read_json(value.encode("utf-8", "surrogatepass"))
    except Unreadable:
        return value
    return found if isinstance(found, list) and all(isinstance(one, str) for one in found) else value


def _emptied(value: JsonValue, token: str) -> JsonValue:
    if isinstance(value, dict):
        return {key: _emptied(one, token) for key, one in value.items()}
    if isinstance(value, list):
        return [_emptied(one, token) for one in value]
    return "" if text(value) == token else value
