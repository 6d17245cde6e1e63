"""Qualtrics, by a "Web service" task of a workflow: the researcher writes the body."""

from collections.abc import Sequence
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks import qualtrics_export
from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims, form_of
from api.webhooks.bodies import an_object, identifier, read_form, read_json, text
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage
from api.webhooks.paging import Asking, Listed
from api.webhooks.signatures import Refusal, basic, same
from api.webhooks.times import instant, known_zone
from schemas.source import Proof, SourceOptions

_OWN = {
    "source",
    "survey_id",
    "response_id",
    "participant",
    "recorded_date",
    "start_date",
    "timezone",
    "finished",
}
_NOT_FILLED_IN = "${"


class QualtricsTask(Adapter):
    """Posts what the template of the instructions says, as JSON or as a form, with a key or a password."""

    name = "qualtrics_task"
    title = "Qualtrics (workflow with a web service task)"
    proofs = (Proof.HEADER, Proof.BASIC)
    headers = ("authorization",)

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge the key in a header, or the name and password."""
        if options.proof is Proof.HEADER:
            return same(post.headers.get(options.header_name.lower()), secrets)
        if options.proof is Proof.BASIC:
            return basic(post.headers.get("authorization"), secrets)
        return Refusal.OTHER_PROOF

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        body = _read(post.body)
        response = identifier(body.get("response_id"), "response_id")
        if response.startswith(_NOT_FILLED_IN):
            return [Envelope(Stage.TEST, "test of the task")]
        unfinished = body.get("finished") in (False, 0, "0", "False", "false")
        return [
            Envelope(
                Stage.PARTIAL if unfinished else Stage.COMPLETE,
                "",
                identifier(body.get("survey_id"), "survey_id"),
                response,
                instant(body.get("recorded_date"), _zone(body, options)),
            )
        ]

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask for an export of which responses there are."""
        return qualtrics_export.step(form_of(options), asking)

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read how far the export is, or its file; only the researcher's template says what a post would hold."""
        found = qualtrics_export.after(document, asking)
        return found or Listed(dict.fromkeys(qualtrics_export.responses(document)))

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of a post's body."""
        body = _read(document)
        given = body.get("answers")
        rest = {key: value for key, value in body.items() if key not in _OWN and key != "answers"}
        rest |= {} if given is None else an_object(given, "answers")
        answers = Answers()
        for key, value in rest.items():
            if key != options.claim_name:
                answers.add(Answer(key, value))
        zone = _zone(body, options)
        return answers.normalised(
            self.name,
            envelope,
            claims([body.get("participant"), rest.get(options.claim_name)], options),
            started_at=instant(body.get("start_date"), zone),
            submitted_at=instant(body.get("recorded_date"), zone),
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say how the workflow is made, and give the body's template."""
        key = (
            'Choose "Authenticated", "Basic", "Add User Account". Username: daybook. Password: the source\'s secret.'
            if options.proof is Proof.BASIC
            else f'Choose "Non-authenticated". Under "Headers" add {options.header_name} with the source\'s secret.'
        )
        return f"""\
1. In "Survey flow" add, at the very top, an "Embedded Data" element with a field called {options.claim_name}, and \
leave its value empty ("Value will be set from Panel or URL"). Apply, and publish the survey.
2. Open "Workflows", "Create a workflow", "Started when an event is received", "Survey response". Tick "Newly \
created responses" only.
3. "Add task", "Web Service". {key}
4. Method: POST. URL: {url}
5. Body: choose the content type "URL-Encoded" and add these pairs as the body's parameters, never behind a ? in the \
URL, where answers would stand in logs. What stands in [brackets] is inserted with the {{a}} button:
   survey_id      [Survey: Survey ID]
   response_id    [Survey: Response ID]
   recorded_date  [Survey: Recorded date]
   timezone       the time zone of your Qualtrics account, such as Europe/London
   {options.claim_name:<14} [Embedded data: {options.claim_name}]
   and one pair for each question: a short name without spaces, and [Survey question: ... "Selected choices" or \
"Text entry"].
   JSON works too, with the same names, but a quotation mark in an answer breaks it: such a post waits here until \
somebody enters it by hand.
6. Switch the workflow on, and answer the survey once yourself through a participant's link.
7. To ask later which responses never came, enter an API token here for fetching, as the address \
https://DATACENTER.qualtrics.com, and as the form the survey's ID (SV_...).
8. Send each participant the survey's anonymous link with their code: \
...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills embedded data."""
        return f"?{quote(claim_name)}={quote(code)}"


def _read(raw: bytes) -> dict[str, JsonValue]:
    if raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"["):
        return an_object(read_json(raw), "body")
    return dict(read_form(raw))


def _zone(body: dict[str, JsonValue], options: SourceOptions) -> str:
    return known_zone(text(body.get("timezone"))) or options.time_zone
