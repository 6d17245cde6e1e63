"""Posts as each survey tool does: its headers, its content type, its signature over its bytes."""

import hashlib
import hmac
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.core.clock import now
from api.webhooks.normalised import Post
from schemas.source import SourceOptions
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
    fetched: str | None = None
    """What the tool answers when it is asked for the submission of the sample."""
    timed: bool = False

    @property
    def body(self) -> bytes:
        """The recorded body, before it is signed."""
        return sample(self.sample)

    def made(self, body: bytes | None = None, secret: str | None = None) -> Post:
        """Return what our door would hand to the adapter."""
        sent, headers = self.sign(self.body if body is None else body, secret or self.secret)
        return Post(sent, self.content_type, {name.lower(): value for name, value in headers.items()})

    def document(self, post: Post) -> bytes:
        """Return what the answers are read from: the post itself, or what was fetched."""
        return post.body if self.fetched is None else sample(self.fetched)

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


def _secret(word: str) -> str:
    return f"whsec_{b64encode(hashlib.sha256(word.encode()).digest()).decode()}"


SENDERS = {
    sender.tool: sender
    for sender in (
        Sender(
            "standard",
            "formbricks/responseFinished.json",
            _secret("one"),
            _secret("other"),
            standard,
            timed=True,
        ),
        Sender(
            "typeform",
            "typeform/form_response_vendor_doc_12fields.json",
            "0f1e2d3c4b5a",
            "another",
            typeform,
        ),
    )
}
