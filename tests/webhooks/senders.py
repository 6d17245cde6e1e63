"""Posts as each survey tool does: its headers, its content type, its signature over its bytes."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import httpx

from api.core.clock import now
from api.webhooks.normalised import Post
from schemas.source import Paths, Proof, SourceOptions
from tests.webhooks.samples import sample

Signed = tuple[bytes, dict[str, str]]


@dataclass(frozen=True)
class Sender:
    """One survey tool, seen from its side."""

    tool: str
    sample: str
    secret: str
    other_secret: str
    sign: Callable[[bytes, str], Signed]
    """Returns the body as it is sent and the headers, given a body and a secret."""
    content_type: str = "application/json"
    options: SourceOptions = field(default_factory=lambda: SourceOptions(forms=[]))
    fetched: str | bytes | None = None
    """What the tool answers when it is asked for the submission of the sample: a recorded answer or a made one."""
    changes: tuple[tuple[bytes, bytes], ...] = ()
    """What is changed in the sample, so that it points to the recorded answer."""
    timed: bool = False

    @property
    def body(self) -> bytes:
        """The recorded body, before it is signed."""
        body = sample(self.sample)
        for old, new in self.changes:
            assert body.count(old) == 1
            body = body.replace(old, new)
        return body

    def made(self, body: bytes | None = None, secret: str | None = None) -> Post:
        """Return what our door would hand to the adapter."""
        sent, headers = self.sign(self.body if body is None else body, secret or self.secret)
        return Post(sent, self.content_type, {name.lower(): value for name, value in headers.items()})

    def document(self, post: Post) -> bytes:
        """Return what the answers are read from: the post itself, or what was fetched."""
        if isinstance(self.fetched, str):
            return sample(self.fetched)
        return post.body if self.fetched is None else self.fetched

    def post(
        self, url: str, body: bytes | dict[str, Any] | None = None, secret: str | None = None
    ) -> httpx.Response:
        """Send to a running server."""
        raw = json.dumps(body).encode() if isinstance(body, dict) else body
        made = self.made(raw, secret)
        headers = {**made.headers, "content-type": made.content_type}
        return httpx.post(url, content=made.body, headers=headers, timeout=30, trust_env=False)


def digest(algorithm: str, key: bytes, message: bytes) -> bytes:
    """Return an HMAC."""
    return hmac.new(key, message, algorithm).digest()


def standard(body: bytes, secret: str, name: str = "msg_1", at: float | None = None) -> Signed:
    """Sign as standardwebhooks.com says."""
    seconds = str(int(now().timestamp() if at is None else at))
    key = b64decode(secret.removeprefix("whsec_"))
    signed = b64encode(digest("sha256", key, f"{name}.{seconds}.".encode() + body)).decode()
    return body, {
        "webhook-id": name,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signed}",
    }


def typeform(body: bytes, secret: str) -> Signed:
    """Sign as Typeform does."""
    signed = b64encode(digest("sha256", secret.encode(), body)).decode()
    return body, {"Typeform-Signature": f"sha256={signed}"}


def tally(body: bytes, secret: str) -> Signed:
    """Sign as Tally does."""
    return body, {"Tally-Signature": b64encode(digest("sha256", secret.encode(), body)).decode()}


def qualtrics_event(body: bytes, secret: str) -> Signed:
    """Sign the decoded MSG of a form, as Qualtrics does, and write its spaces as it does."""
    fields = dict(parse_qsl(body.decode(), keep_blank_values=True))
    fields["HMAC"] = digest("sha512", secret.encode(), fields.get("MSG", "").encode()).hex()
    return urlencode(fields, quote_via=quote).encode(), {}


def basic(body: bytes, secret: str) -> Signed:
    """Send a name and password; what we make is the password only."""
    pair = secret if ":" in secret else f"daybook:{secret}"
    return body, {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def header(body: bytes, secret: str) -> Signed:
    """Send the secret in the header that a source has by default."""
    return body, {"X-Daybook-Key": secret}


def surveymonkey(body: bytes, secret: str) -> Signed:
    """Sign as SurveyMonkey does, whose secret has two parts."""
    signed = b64encode(digest("sha1", secret.encode(), body)).decode()
    return body, {"Sm-Apikey": secret.partition("&")[0], "Sm-Signature": signed}


def limesurvey(body: bytes, secret: str) -> Signed:
    """Send the secret in the body."""
    return json.dumps(json.loads(body) | {"api_token": secret}).encode(), {}


def unsigned(body: bytes, _secret: str) -> Signed:
    """Send nothing but the body."""
    return body, {}


def _secret(word: str) -> str:
    return f"whsec_{b64encode(hashlib.sha256(word.encode()).digest()).decode()}"


def options(proof: Proof, **more: Any) -> SourceOptions:
    """Return a source's options."""
    return SourceOptions(proof=proof, forms=[], **more)


_FORM = "application/x-www-form-urlencoded"
_RECORD = {
    "record_id": "P-0042",
    "redcap_repeat_instrument": "daily_diary",
    "redcap_repeat_instance": 3,
    "daily_diary_timestamp": "2025-11-10 14:05:31",
    "place_challenge": "Approved the bid",
    "themes___skills": "1",
    "themes___data": "0",
    "hours": "0",
    "skipped": "",
    "daily_diary_complete": "2",
}
"""What REDCap's API answers about the recorded post; made by hand."""
_SENDERS = (
    Sender(
        "generic_json",
        "limesurvey/afterSurveyComplete.json",
        "api_secret_token",
        "another_token",
        limesurvey,
        options=options(
            Proof.BODY_TOKEN,
            token_path="api_token",
            paths=Paths(
                submission_id="respondId",
                form_id="survey",
                answers="response",
                submitted_at="submitDate",
                complete="event == 'afterSurveyComplete'",
                claim="token",
            ),
        ),
    ),
    Sender(
        "jotform",
        "jotform/submission.multipart",
        "",
        "",
        unsigned,
        content_type="multipart/form-data; boundary=------------------------BIoxRptelgempTlOi8T0XA",
        options=options(Proof.PATH_TOKEN),
    ),
    Sender(
        "kobo", "kobo/submission_flat.json", "hook:s3cr3t", "hook:other", basic, options=options(Proof.BASIC)
    ),
    Sender(
        "qualtrics_event",
        "qualtrics/completedResponse_signed.form",
        "kyma4ever",
        "kymaNever",
        qualtrics_event,
        content_type=_FORM,
        fetched="qualtrics/fetched_response.json",
    ),
    Sender(
        "qualtrics_task",
        "qualtrics/webservice_task_CONSTRUCTED.json",
        "a-long-key",
        "another-key",
        header,
        options=options(Proof.HEADER),
    ),
    Sender(
        "odk_odata",
        "odk/odata_submissions.json",
        "",
        "",
        unsigned,
        options=options(Proof.PATH_TOKEN, fetch_form="7/simple"),
    ),
    Sender(
        "redcap",
        "redcap/det_survey_complete_CONSTRUCTED.form",
        "",
        "",
        unsigned,
        content_type=_FORM,
        options=options(Proof.PATH_TOKEN),
        fetched=json.dumps([_RECORD]).encode(),
    ),
    Sender(
        "standard",
        "formbricks/responseFinished.json",
        _secret("one"),
        _secret("other"),
        standard,
        timed=True,
    ),
    Sender(
        "surveymonkey",
        "surveymonkey/event_survey_filter.json",
        "client&secret",
        "client&other",
        surveymonkey,
        content_type="application/vnd.surveymonkey.response.v1+json",
        fetched="surveymonkey/fetched_response_details.json",
        changes=(
            (b'"object_id": "123456"', b'"object_id": "5007154402"'),
            (b'"survey_id": "123456789"', b'"survey_id": "105724755"'),
        ),
    ),
    Sender("tally", "tally/form_response_vendor_doc_subset.json", "tally-secret", "other", tally),
    Sender("typeform", "typeform/form_response_vendor_doc_12fields.json", "0f1e2d3c4b5a", "other", typeform),
)
SENDERS = {sender.tool: sender for sender in _SENDERS}
