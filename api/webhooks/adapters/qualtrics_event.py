"""Qualtrics, by an event subscription: a signed pointer; the response is fetched."""

import json
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote, urlencode

from pydantic import JsonValue

from api.webhooks import qualtrics_export
from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims, form_of
from api.webhooks.bodies import an_object, joined, read_form, read_json, text
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage, Unreadable
from api.webhooks.paging import Asking, Listed
from api.webhooks.qualtrics_export import name as _name
from api.webhooks.signatures import Refusal, hexadecimal, signature
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_COMPLETE = {"Complete", "Completed"}
_PREVIEW_OR_TEST, _SPAM = 0b11, 0b1000
_OWN = {
    "startDate", "endDate", "status", "ipAddress", "progress", "duration", "finished", "recordedDate", "_recordId",
    "recipientLastName", "recipientFirstName", "recipientEmail", "externalDataReference", "locationLatitude",
    "locationLongitude", "distributionChannel", "userLanguage",
}  # fmt: skip


class QualtricsEvent(Adapter):
    """Posts `Topic`, `MSG` and `HMAC` as a form; only the decoded MSG is signed, so nothing else is believed."""

    name = "qualtrics_event"
    title = "Qualtrics (event subscription)"
    proofs = (Proof.SIGNATURE,)

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge the hexadecimal HMAC-SHA512 over the decoded MSG."""
        if options.proof not in self.proofs:
            return Refusal.OTHER_PROOF
        try:
            form = read_form(post.body)
        except Unreadable:
            return Refusal.MALFORMED
        if not form.get("HMAC") or "MSG" not in form:
            return Refusal.MISSING
        message = form["MSG"].encode("utf-8", "surrogatepass")
        return signature([hexadecimal(form["HMAC"])], secrets, "sha512", message)

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of; `Topic` is not signed and not read."""
        message = read_form(post.body).get("MSG")
        if message is None:
            raise Unreadable("The part 'MSG' is missing.")
        told = an_object(read_json(message.encode("utf-8", "surrogatepass")), "MSG")
        status = text(told.get("Status")) or ""
        if status not in _COMPLETE:
            return [Envelope(Stage.OTHER, status[:200])]
        survey, response = _name(told.get("SurveyID")), _name(told.get("ResponseID"))
        return [Envelope(Stage.COMPLETE, status, survey, joined(survey, response))]

    def fetch(self, envelope: Envelope, token: str, options: SourceOptions) -> Fetch | None:
        """Ask for the response."""
        survey, _, response = envelope.submission_id.partition("/")
        path = f"/API/v3/surveys/{_name(survey)}/responses/{_name(response)}"
        return Fetch("GET", path, headers={"X-API-TOKEN": token})

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask for an export of which responses there are."""
        return qualtrics_export.step(form_of(options), asking)

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read how far the export is, or its file."""
        survey = _name(form_of(options))
        found = qualtrics_export.after(document, asking)
        if found is not None:
            return found
        return Listed(
            self.named([_pointer(survey, one) for one in qualtrics_export.responses(document)], options)
        )

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of the fetched response."""
        result = an_object(an_object(read_json(document), "body").get("result"), "result")
        if result.get("responseId") != envelope.submission_id.partition("/")[2]:
            raise Unreadable("Qualtrics answered with another response than the one asked for.")
        values, labels = (
            an_object(result.get("values"), "values"),
            an_object(result.get("labels") or {}, "labels"),
        )
        answers = Answers()
        for key, value in values.items():
            if key not in _OWN and key != options.claim_name:
                answers.add(_answer(key, value, labels.get(key)))
        status = values.get("status")
        if isinstance(status, int) and status & _SPAM:
            answers.warn("Qualtrics takes this response for spam.")
        recorded = instant(values.get("recordedDate"))
        return answers.normalised(
            self.name,
            replace(envelope, stage=_stage(values), revision_time=recorded),
            claims([values.get(options.claim_name)], options),
            started_at=instant(values.get("startDate")),
            submitted_at=recorded,
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say how a subscription is made, which takes Qualtrics' interface for programs."""
        return f"""\
This way needs a programmer and an account with API access; a workflow ("qualtrics_task") needs neither.
1. In "Survey flow" add, at the very top, an "Embedded Data" element with a field called {options.claim_name}, and \
leave its value empty. Apply, and publish the survey.
2. In "Account settings", "Qualtrics IDs", copy the datacenter's name and the API token. Enter the token here for \
fetching, and as the address https://DATACENTER.qualtrics.com.
3. Ask the programmer to create an event subscription (POST /API/v3/eventsubscriptions) with
   topics:         surveyengine.completedResponse.SV_... (the survey's ID)
   publicationUrl: {url}
   sharedKey:      the secret that you entered here for this source
   A subscription without a shared key is not signed, and is refused.
4. Answer the survey once yourself through a participant's link.
5. Send each participant the survey's anonymous link with their code: \
...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills embedded data."""
        return f"?{quote(claim_name)}={quote(code)}"


def _pointer(survey: str, response: str) -> bytes:
    """Return what Qualtrics would have posted, as far as it is read."""
    told = {"Status": "Complete", "SurveyID": survey, "ResponseID": response}
    return urlencode({"MSG": json.dumps(told)}).encode()


def _stage(values: dict[str, JsonValue]) -> Stage:
    status = values.get("status")
    if isinstance(status, int) and status & _PREVIEW_OR_TEST:
        return Stage.TEST
    return Stage.COMPLETE if values.get("finished") in (1, True, "1") else Stage.PARTIAL


def _answer(key: str, value: JsonValue, label: JsonValue) -> Answer:
    values = value if isinstance(value, list) else [value]
    labels = label if isinstance(label, list) else [label]
    words = tuple(found for one in labels if (found := text(one)) is not None)
    ids = tuple(found for one in values if (found := text(one)) is not None)
    aligned = len(words) == len(ids)
    return Answer(key, value, option_ids=ids if aligned else (), option_labels=words if aligned else ())
