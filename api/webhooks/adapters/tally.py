"""Tally."""

from collections.abc import Collection, Sequence
from urllib.parse import quote

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims
from api.webhooks.bodies import an_object, identifier, objects, read_json, text
from api.webhooks.normalised import Answer, Envelope, Normalised, Post, Stage
from api.webhooks.signatures import Refusal, base64, signature
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_NOT_KEPT = {
    "INPUT_EMAIL", "INPUT_PHONE_NUMBER", "FILE_UPLOAD", "SIGNATURE", "PAYMENT", "WALLET_CONNECT",
    "RESPONDENT_COUNTRY",
}  # fmt: skip
_SEVERAL = {"CHECKBOXES", "MULTI_SELECT", "RANKING"}

Field = dict[str, JsonValue]


class Tally(Adapter):
    """Posts whole responses; choices are identifiers whose words stand beside them, and checkboxes come twice."""

    name = "tally"
    title = "Tally"
    proofs = (Proof.SIGNATURE,)
    headers = ("tally-signature",)

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Judge the base64 of HMAC-SHA256 over the body."""
        if options.proof not in self.proofs:
            return Refusal.OTHER_PROOF
        header = post.headers.get("tally-signature")
        return signature([base64(header)], secrets, "sha256", post.body) if header else Refusal.MISSING

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of."""
        body = an_object(read_json(post.body), "body")
        event = text(body.get("eventType")) or ""
        if event != "FORM_RESPONSE":
            return [Envelope(Stage.OTHER, event[:200])]
        data = an_object(body.get("data"), "data")
        return [
            Envelope(
                Stage.COMPLETE,
                event,
                identifier(data.get("formId"), "data.formId"),
                identifier(data.get("responseId"), "data.responseId"),
                instant(data.get("createdAt")),
            )
        ]

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of a post's body."""
        data = an_object(an_object(read_json(document), "body").get("data"), "data")
        fields = objects(data.get("fields"), "data.fields")
        keys = {text(field.get("key")) for field in fields}
        answers, said = Answers(), list[JsonValue]()
        for field in fields:
            key, label, kind = (
                identifier(field.get("key"), "key"),
                text(field.get("label")),
                text(field.get("type")),
            )
            if kind == "HIDDEN_FIELDS" and label == options.claim_name:
                said.append(field.get("value"))
            elif kind == "HIDDEN_FIELDS":
                answers.add_hidden(key, field.get("value"), label)
            elif kind in _NOT_KEPT:
                answers.leave_out(label or key)
            elif not (kind == "CHECKBOXES" and _is_second(key, field.get("value"), keys)):
                _add(answers, Answer(key, field.get("value"), label=label, type=kind), field)
        done = instant(data.get("createdAt"))
        return answers.normalised(self.name, envelope, claims(said, options), submitted_at=done)

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say where Tally's webhooks and hidden fields are."""
        return f"""\
1. Open the form, type /hidden where the first question is, choose "Hidden fields", and name one \
{options.claim_name}.
2. Publish the form, and open its tab "Integrations". Beside "Webhooks" choose "Connect".
3. Endpoint URL: paste {url}
4. Switch the signing secret on, and paste the secret that you entered here for this source. Save.
5. Submit the form once yourself: the webhook's "Events" must show a 200.
6. Send each participant the form's link with their code: ...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills a hidden field."""
        return f"?{quote(claim_name)}={quote(code)}"


def _is_second(key: str, value: JsonValue, keys: Collection[str | None]) -> bool:
    """Return whether this is the yes or no of one checkbox, all of which come together before."""
    return isinstance(value, bool) and key.rpartition("_")[0] in keys


def _add(answers: Answers, answer: Answer, field: Field) -> None:
    if answer.type == "MATRIX":
        words = _words(field, "columns")
        given = an_object(field.get("value") or {}, "value")
        for row, row_label in _words(field, "rows").items():
            label = f"{answer.label}: {row_label}"
            answers.add(_chosen(f"{answer.key}_{row}", label, "MATRIX", given.get(row), words))
    elif field.get("options") is None:
        answers.add(answer)
    else:
        words = _words(field, "options")
        answers.add(_chosen(answer.key, answer.label, answer.type, field.get("value"), words))


def _chosen(key: str, label: str | None, kind: str | None, value: JsonValue, words: dict[str, str]) -> Answer:
    given = value if isinstance(value, list) else [value]
    ids = tuple(found for one in given if (found := text(one)) is not None)
    labels = tuple(words.get(one, one) for one in ids)
    one_of = len(labels) == 1 and kind not in _SEVERAL
    chosen: JsonValue = labels[0] if one_of else list(labels)
    return Answer(key, chosen, label=label, type=kind, option_ids=ids, option_labels=labels)


def _words(field: Field, name: str) -> dict[str, str]:
    options = objects(field.get(name), name)
    return {identifier(one.get("id"), f"{name}.id"): text(one.get("text")) or "" for one in options}
