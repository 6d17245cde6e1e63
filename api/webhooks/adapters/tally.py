"""Tally."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
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

_NOT_KEPT = {
    "INPUT_EMAIL", "INPUT_PHONE_NUMBER", "FILE_UPLOAD", "SIGNATURE", "PAYMENT", "WALLET_CONNECT",
    "RESPONDENT_COUNTRY",
}  # fmt: skip
_SEVERAL = {"CHECKBOXES", "MULTI_SELECT", "RANKING"}
_CHOICES = {"MULTIPLE_CHOICE", "DROPDOWN", *_SEVERAL}

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

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask for complete submissions since then."""
        since = asking.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
        asked = {"filter": "completed", "startDate": since, "page": asking.mark or "1"}
        path = f"/forms/{quote(form_of(options), safe='')}/submissions"
        return Fetch("GET", path, asked, headers={"Authorization": f"Bearer {asking.token}"})

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read a page: the submissions are in it, written otherwise than they are posted."""
        body = an_object(read_json(document), "submissions")
        questions = {text(one.get("id")): one for one in objects(body.get("questions"), "questions")}
        done = [row for row in rows_of(body, "submissions") if row.get("isCompleted") is True]
        named = self.named([_post(form_of(options), row, questions) for row in done], options)
        return Listed(named, str(int(asking.mark or 1) + 1) if body.get("hasMore") is True else None)

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
6. To ask later whether everything came: under "Settings", "API keys", make a key. Enter it here for fetching, as the \
address https://api.tally.so, and as the form what follows /r/ in its link.
7. Send each participant the form's link with their code: ...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills a hidden field."""
        return f"?{quote(claim_name)}={quote(code)}"


def _post(form: str, row: Field, questions: Mapping[str | None, Field]) -> bytes:
    """Return what Tally would have posted, as far as it is read."""
    fields: list[Field] = []
    for one in objects(row.get("responses"), "responses"):
        asked = identifier(one.get("questionId"), "responses.questionId")
        fields += _fields(asked, one.get("answer"), questions.get(asked, {}))
    data = {
        "responseId": row.get("id"),
        "formId": form,
        "createdAt": row.get("submittedAt"),
        "fields": fields,
    }
    return json.dumps({"eventType": "FORM_RESPONSE", "data": data}).encode()


def _fields(asked: str, answer: JsonValue, question: Field) -> Iterator[Field]:
    """Yield an answer of a listed submission as a post has it: chosen options are words there, without ids."""
    key, kind = f"question_{asked}", text(question.get("type"))
    field: Field = {"key": key, "label": text(question.get("title")), "type": kind}
    if kind == "HIDDEN_FIELDS":
        titles = {
            text(one.get("uuid")): text(one.get("title")) for one in objects(question.get("fields"), "fields")
        }
        for part, value in (answer if isinstance(answer, dict) else {"": answer}).items():
            only = next(iter(titles.values()), None) if len(titles) == 1 else None
            yield field | {"key": f"{key}_{part}", "label": titles.get(part) or only or part, "value": value}
    elif kind in _CHOICES:
        chosen: list[JsonValue] = [*answer] if isinstance(answer, list) else [answer]
        yield field | {"value": chosen, "options": [{"id": one, "text": one} for one in chosen]}
    else:
        yield field | {"value": answer} | ({"type": None} if kind == "MATRIX" else {})


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
