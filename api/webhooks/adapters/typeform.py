"""Typeform."""

import json
from collections.abc import Sequence
from datetime import UTC
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims, form_of
from api.webhooks.bodies import an_object, identifier, objects, read_json, rows_of, text
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage
from api.webhooks.paging import Asking, Listed
from api.webhooks.signatures import Refusal, base64, signature
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_STAGES = {"form_response": Stage.COMPLETE, "form_response_partial": Stage.PARTIAL}
_NOT_KEPT = {"email", "phone_number", "file_url", "payment", "multi_format"}
_PREFIX = "sha256="
_LISTED = 200
_OF_A_POST = ("token", "landed_at", "submitted_at", "hidden", "answers")
"""What a post holds of a listed response; the rest is the browser and the address of who answered."""


class Typeform(Adapter):
    """Posts whole responses; skipped questions are absent, so answers go by `field.ref` and never by place."""

    name = "typeform"
    title = "Typeform"
    proofs = (Proof.SIGNATURE,)
    headers = ("typeform-signature",)

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge `sha256=` and base64 of HMAC-SHA256 over the body."""
        if options.proof not in self.proofs:
            return Refusal.OTHER_PROOF
        header = post.headers.get("typeform-signature")
        if not header:
            return Refusal.MISSING
        given = base64(header.removeprefix(_PREFIX)) if header.startswith(_PREFIX) else None
        return signature([given], secrets, "sha256", post.body)

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        body = an_object(read_json(post.body), "body")
        event = text(body.get("event_type")) or ""
        if event not in _STAGES:
            return [Envelope(Stage.OTHER, event[:200])]
        response = an_object(body.get("form_response"), "form_response")
        return [
            Envelope(
                _STAGES[event],
                event,
                identifier(response.get("form_id"), "form_response.form_id"),
                identifier(response.get("token"), "form_response.token"),
                instant(response.get("submitted_at")),
            )
        ]

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask for complete responses, newest first; a page is named by the last response of the one before."""
        asked = {
            "page_size": str(_LISTED),
            "response_type": "completed",
            "since": asking.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        path = f"/forms/{quote(form_of(options), safe='')}/responses"
        before = {"before": asking.mark} if asking.mark else {}
        return Fetch("GET", path, asked | before, headers={"Authorization": f"Bearer {asking.token}"})

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read a page: the responses themselves are in it."""
        rows = rows_of(an_object(read_json(document), "responses"), "items")
        last = identifier(rows[-1].get("token"), "items.token") if len(rows) >= _LISTED else None
        return Listed(self.named([_post(form_of(options), row) for row in rows], options), last)

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of a post's body."""
        response = an_object(an_object(read_json(document), "body").get("form_response"), "form_response")
        definition = an_object(response.get("definition") or {}, "definition")
        fields = {text(one.get("id")): one for one in objects(definition.get("fields"), "definition.fields")}
        answers = Answers()
        for one in objects(response.get("answers"), "answers"):
            field = an_object(one.get("field"), "answers.field")
            _add(answers, one, fields.get(text(field.get("id")), {}) | field)
        hidden = an_object(response.get("hidden") or {}, "hidden")
        for key, value in hidden.items():
            if key != options.claim_name:
                answers.add_hidden(key, value)
        return answers.normalised(
            self.name,
            envelope,
            claims([hidden.get(options.claim_name)], options),
            started_at=instant(response.get("landed_at")),
            submitted_at=instant(response.get("submitted_at")),
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say where Typeform's webhooks and hidden fields are."""
        return f"""\
1. Open the form. In the list of questions choose "Logic" (or "Content"), then "Personalize with data" or \
"Hidden fields", and add one called {options.claim_name}.
2. For each question that you want to map: click it, and note its "Block reference" (in the question's settings); \
give it the key of the question here, if you can.
3. Open "Connect", then "Webhooks", then "Add a webhook". Paste {url} and save.
4. On the new webhook choose "Edit", "Show advanced settings" or "Secret", and paste the secret that you entered \
here for this source. Leave the check of SSL certificates on.
5. Switch the webhook on, and choose "View deliveries", "Send test request": it must say 200.
6. Leave partial responses off: they are ignored here.
7. To ask later whether everything came: under "Personal tokens" of your account make one that may read responses. \
Enter it here for fetching, as the address https://api.typeform.com (in Europe https://api.eu.typeform.com), and as \
the form what follows /to/ in its link.
8. Publish the form, and send each participant its link with their code: ...{self.link(options.claim_name, "CODE")}
   The sign before it is a #, not a ?."""

    def link(self, claim_name: str, code: str) -> str:
        """Return the fragment that fills a hidden field."""
        return f"#{quote(claim_name)}={quote(code)}"


def _post(form: str, row: dict[str, JsonValue]) -> bytes:
    """Return what Typeform would have posted."""
    response = {"form_id": form} | {name: row[name] for name in _OF_A_POST if row.get(name) is not None}
    return json.dumps({"event_type": "form_response", "form_response": response}).encode()


def _add(answers: Answers, one: dict[str, JsonValue], field: dict[str, JsonValue]) -> None:
    kind = text(one.get("type")) or ""
    key = identifier(field.get("ref") or field.get("id"), "answers.field.ref")
    if kind in _NOT_KEPT:
        answers.leave_out(key)
        return
    value = one.get(kind)
    ids, labels = _options(value) if kind in {"choice", "choices"} else ((), ())
    if kind in {"choice", "choices"}:
        value = list(labels) if kind == "choices" else next(iter(labels), None)
    answers.add(
        Answer(
            key,
            value,
            alt_key=text(field.get("id")),
            label=text(field.get("title")),
            type=text(field.get("type")),
            option_ids=ids,
            option_labels=labels,
        )
    )


def _options(value: JsonValue) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read what was chosen: identifiers (where there are as many) and labels, "other" last."""
    chosen = an_object(value, "answers.choice")
    ids, labels = _texts(chosen, "id", "ids"), _texts(chosen, "label", "labels")
    if (other := text(chosen.get("other"))) is not None:
        ids, labels = (*ids[: len(labels)], "other"), (*labels, other)
    return (ids if len(ids) == len(labels) else ()), labels


def _texts(chosen: dict[str, JsonValue], one: str, several: str) -> tuple[str, ...]:
    given = chosen.get(several)
    values = given if isinstance(given, list) else [chosen.get(one)]
    return tuple(found for value in values if (found := text(value)) is not None)
