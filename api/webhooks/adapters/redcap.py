"""REDCap, by its data entry trigger: an unsigned pointer; the record is fetched."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote, unquote, urlencode

from pydantic import JsonValue

from api.webhooks.adapters.base import Adapter
from api.webhooks.answers import Answers, claims, form_of
from api.webhooks.bodies import identifier, joined, objects, read_form, read_json, text
from api.webhooks.normalised import Answer, Envelope, Fetch, Normalised, Post, Stage, Unreadable
from api.webhooks.paging import Asking, Listed
from api.webhooks.signatures import Refusal
from api.webhooks.times import instant
from schemas.source import Proof, SourceOptions

_NAME = re.compile(r"[a-z0-9_]{0,200}")
_NUMBER = re.compile(r"\d{0,9}")
_BOX = re.compile(r"(.+)___(.+)", re.DOTALL)
_COMPLETE = "2"
_OWN = {
    "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_data_access_group",
    "redcap_survey_identifier",
}  # fmt: skip


class Redcap(Adapter):
    """Posts which record was saved; nothing in the post is believed but where to look in a project of ours."""

    name = "redcap"
    title = "REDCap"
    proofs = (Proof.PATH_TOKEN,)
    repeats_are_news = True

    def refusal(self, post: Post, secrets: Sequence[str], options: SourceOptions) -> str | None:
        """Believe the address, which has been proven before, as far as to look the record up."""
        return None if options.proof in self.proofs else Refusal.OTHER_PROOF

    def envelopes(self, post: Post, options: SourceOptions) -> list[Envelope]:
        """Read what one post tells of; the addresses in it are not read."""
        form = read_form(post.body)
        project = _checked(_NUMBER, form.get("project_id"), "project_id")
        instrument = _checked(_NAME, form.get("instrument"), "instrument")
        event = _checked(_NAME, form.get("redcap_event_name", ""), "redcap_event_name")
        instance = _checked(_NUMBER, form.get("redcap_repeat_instance", ""), "redcap_repeat_instance")
        if not project or not instrument:
            raise Unreadable("The parts 'project_id' and 'instrument' are missing.")
        record = identifier(form.get("record"), "record")
        complete = form.get(f"{instrument}_complete") == _COMPLETE
        return [
            Envelope(
                Stage.COMPLETE if complete else Stage.PARTIAL,
                "",
                joined(project, instrument),
                joined(project, record, event, instrument, instance),
            )
        ]

    def fetch(self, envelope: Envelope, token: str, options: SourceOptions) -> Fetch | None:
        """Ask for one form of one record."""
        _, record, event, instrument, _ = _parts(envelope)
        asked = {
            "token": token,
            "content": "record",
            "action": "export",
            "format": "json",
            "type": "flat",
            "records[0]": record,
            "forms[0]": instrument,
            "rawOrLabel": "raw",
            "exportSurveyFields": "true",
            "exportDataAccessGroups": "false",
            "returnFormat": "json",
        }
        return Fetch("POST", "/api/", form=asked | ({"events[0]": event} if event else {}))

    def listing(self, asking: Asking, options: SourceOptions) -> Fetch | None:
        """Ask which records have this form; REDCap takes the day as one of its own place, so one more is asked for."""
        _, instrument = _form(options)
        asked = {
            "token": asking.token,
            "content": "record",
            "action": "export",
            "format": "json",
            "type": "eav",
            "fields[0]": f"{instrument}_complete",
            "dateRangeBegin": (asking.since - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S"),
            "returnFormat": "json",
        }
        return Fetch("POST", "/api/", form=asked)

    def listed(self, document: bytes, asking: Asking, options: SourceOptions) -> Listed:
        """Read which forms are complete."""
        project, instrument = _form(options)
        body = read_json(document)
        if not isinstance(body, list):
            raise Unreadable("REDCap answered with no list of records.")
        rows = objects(body, "records")
        complete = [row for row in rows if text(row.get("value")) == _COMPLETE]
        return Listed(self.named([_pointer(project, instrument, row) for row in complete], options))

    def normalise(self, envelope: Envelope, document: bytes, options: SourceOptions) -> Normalised:
        """Read the answers out of the fetched record."""
        _, record, event, instrument, instance = _parts(envelope)
        row = _row(objects(read_json(document), "records"), event, instance)
        answers = Answers()
        own = {*_OWN, options.claim_name, f"{instrument}_complete", f"{instrument}_timestamp"}
        for key, value in _boxes(row).items():
            if key not in own and text(value) != record:  # the record's own field may have any name
                ids = tuple(str(one) for one in value) if isinstance(value, list) else ()
                answers.add(Answer(key, value, option_ids=ids))
        complete = text(row.get(f"{instrument}_complete")) == _COMPLETE
        return answers.normalised(
            self.name,
            replace(envelope, stage=Stage.COMPLETE if complete else Stage.PARTIAL),
            claims([row.get(options.claim_name) or record], options),
            submitted_at=instant(row.get(f"{instrument}_timestamp"), options.time_zone),
        )

    def instructions(self, url: str, options: SourceOptions) -> str:
        """Say where the data entry trigger is, and how its record is fetched."""
        return f"""\
1. Ask your REDCap administrator whether the data entry trigger and the API are switched on for you.
2. "Project Setup", "Additional customizations", "Data Entry Trigger": paste {url} and save.
3. "API" in the menu: request a token with the right "API Export". Enter it here for fetching, and as the address \
your REDCap's own, such as https://redcap.example.ac.uk (without /api/).
4. Whose an entry is, is said by a text field called {options.claim_name}, or, if there is none, by the record's \
name: then name each record by the participant's code.
5. Only forms whose status is "Complete" become entries; a survey is complete when it is submitted.
6. The post is not signed: this address is a secret. What it says is looked up in REDCap before anything is believed.
7. Send each participant the public survey's link with their code: \
...{self.link(options.claim_name, "CODE")}"""

    def link(self, claim_name: str, code: str) -> str:
        """Return the URL parameter that fills a field, after the survey's own."""
        return f"&{quote(claim_name)}={quote(code)}"


def _checked(pattern: re.Pattern[str], value: str | None, name: str) -> str:
    if value is None or not pattern.fullmatch(value):
        raise Unreadable(f"The part '{name}' is missing or is none of REDCap's.")
    return value


def _form(options: SourceOptions) -> tuple[str, str]:
    project, _, instrument = form_of(options).partition("/")
    found = _checked(_NUMBER, project, "project"), _checked(_NAME, instrument, "instrument")
    if not all(found):
        raise Unreadable(
            "Which form to ask for is not set: enter the project's number and the form, like 625/diary."
        )
    return found


def _pointer(project: str, instrument: str, row: dict[str, JsonValue]) -> bytes:
    """Return what REDCap would have posted, as far as it is read."""
    told = {
        "project_id": project,
        "instrument": instrument,
        "record": identifier(row.get("record"), "record"),
    }
    for name in ("redcap_event_name", "redcap_repeat_instance"):
        if value := text(row.get(name)):
            told[name] = value
    return urlencode(told | {f"{instrument}_complete": _COMPLETE}).encode()


def _parts(envelope: Envelope) -> tuple[str, str, str, str, str]:
    project, record, event, instrument, instance = map(unquote, envelope.submission_id.split("/"))
    return project, record, event, instrument, instance


def _row(rows: list[dict[str, JsonValue]], event: str, instance: str) -> dict[str, JsonValue]:
    """Return the one row that was meant, of those of one form of one record."""
    wanted = {"redcap_event_name": event, "redcap_repeat_instance": instance}
    found = [row for row in rows if all((text(row.get(key)) or "") == value for key, value in wanted.items())]
    if len(found) != 1:
        raise Unreadable("REDCap has no such record, or several.")
    return found[0]


def _boxes(row: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """Return a row with the boxes of each question, which are columns `question___code`, as one list."""
    found: dict[str, JsonValue] = {}
    for key, value in row.items():
        box = _BOX.fullmatch(key)
        if box is None:
            found[key] = value
            continue
        ticked = found.setdefault(box[1], [])
        if text(value) == "1" and isinstance(ticked, list):
            ticked.append(box[2])
    return found
