"""Collects the answers of one submission: made storable, and without what tells who somebody is."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import JsonValue

from api.webhooks.bodies import storable, text
from api.webhooks.normalised import Answer, Envelope, Normalised, Unreadable
from schemas.source import SourceOptions

_LONGEST_KEY, _LONGEST_LABEL = 200, 2_000  # a field map names answers by keys of at most 200 signs
_NAMES = re.compile(r"[A-Za-z0-9_.-]{1,80}( [A-Za-z0-9_.-]{1,80}){0,99}")
_PLACE = re.compile(r"-?\d{1,3}\.\d+ -?\d{1,3}\.\d+( -?\d+(\.\d+)?){2}(;.*)?", re.DOTALL)
STRANGE_SIGNS = "Signs that cannot be stored (NUL, halves of characters) were taken out."
_PERSONAL = {
    "name", "mail", "responder", "submission_summary", "attachments",
    "email", "e_mail", "email_address", "respondent_email", "respondentemail", "firstname", "first_name",
    "lastname", "last_name", "surname", "fullname", "full_name", "phone", "phone_number", "phonenumber",
    "telephone", "mobile", "username", "ip", "ip_address", "ipaddress", "user_agent", "useragent", "latitude",
    "longitude", "geolocation",
}  # fmt: skip
_PERSONAL_UNSEEN = _PERSONAL | {"address", "location"}
"""As questions, these are asked about a day."""


class Answers:
    """The answers read so far, and what a researcher should know of how they were read."""

    def __init__(self) -> None:
        self._answers: dict[str, Answer] = {}
        self._warnings: dict[str, None] = {}

    def add(self, answer: Answer) -> None:
        """Add one answer; nothing, an empty text and an empty list are none."""
        if _named(answer.key) in _PERSONAL:
            self.leave_out(answer.key)
            return
        value = self._clean(answer.value)
        bare: JsonValue = value.strip() if isinstance(value, str) else value
        if bare is None or bare in ("", [], {}):
            return
        key = self._clean_text(answer.key)[:_LONGEST_KEY]
        if key in self._answers:
            raise Unreadable("Two answers have the same key.")
        self._answers[key] = Answer(
            key=key,
            value=value,
            alt_key=self._clean_more(answer.alt_key),
            label=self._clean_more(answer.label),
            type=self._clean_more(answer.type),
            option_ids=tuple(map(self._clean_text, answer.option_ids)),
            option_labels=tuple(map(self._clean_text, answer.option_labels)),
        )

    def add_hidden(self, key: str, value: JsonValue, name: str | None = None) -> None:
        """Add what was passed along unseen, unless its name says that it tells who somebody is."""
        if _named(name or key) in _PERSONAL_UNSEEN:
            self.leave_out(name or key)
        else:
            self.add(Answer(key, value, label=name, type="hidden"))

    def leave_out(self, key: str) -> None:
        """Note that an answer is not kept, because it tells who somebody is or is no answer."""
        self.warn(f"'{self._clean_text(key)[:80]}' was left out: contact details and files are not kept.")

    def warn(self, sentence: str) -> None:
        """Note something once."""
        self._warnings[sentence] = None

    def normalised(
        self,
        tool: str,
        envelope: Envelope,
        claims: Mapping[str, str],
        *,
        started_at: datetime | None = None,
        submitted_at: datetime | None = None,
    ) -> Normalised:
        """Return the submission that an envelope tells of, with these answers."""
        return Normalised(
            tool=tool,
            stage=envelope.stage,
            form_id=envelope.form_id,
            submission_id=envelope.submission_id,
            revision_time=envelope.revision_time,
            started_at=started_at,
            submitted_at=submitted_at,
            claims=claims,
            answers=tuple(self._answers.values()),
            warnings=tuple(self._warnings),
        )

    def _clean(self, value: JsonValue) -> JsonValue:
        if isinstance(value, str):
            return self._clean_text(value)
        if isinstance(value, list):
            return [self._clean(one) for one in value]
        if isinstance(value, dict):
            return {self._clean_text(key): self._clean(one) for key, one in value.items()}
        return value

    def _clean_more(self, words: str | None) -> str | None:
        return self._clean_text(words)[:_LONGEST_LABEL] if words else None

    def _clean_text(self, words: str) -> str:
        if storable(words):
            return words
        self.warn(STRANGE_SIGNS)
        return "".join(sign for sign in words if sign != "\x00" and not "\ud800" <= sign <= "\udfff")


def chosen_names(value: JsonValue) -> tuple[str, ...]:
    """Return the options that XLSForm writes with spaces between, if this may be a choice: nothing says so."""
    return tuple(value.split(" ")) if isinstance(value, str) and _NAMES.fullmatch(value) else ()


def is_place(value: JsonValue) -> bool:
    """Return whether this is a place on earth, as XLSForm writes it and as GeoJSON does."""
    if isinstance(value, dict):
        return "coordinates" in value
    return isinstance(value, str) and _PLACE.fullmatch(value) is not None


def form_of(options: SourceOptions) -> str:
    """Return the one form that a tool can be asked for, or raise Unreadable."""
    found = options.fetch_form or (options.forms[0] if len(options.forms) == 1 else None)
    if found is None:
        raise Unreadable("Which form to ask for is not set: name it as the form to fetch.")
    return found


def claims(values: Iterable[JsonValue], options: SourceOptions) -> Mapping[str, str]:
    """Return who the participant is said to be; refuses two different sayings."""
    said = {found for value in values if (found := text(value)) is not None}
    if len(said) > 1:
        raise Unreadable("This names two different participants.")
    one = next(iter(said), "")
    return {options.claim_name: one} if one and len(one) <= _LONGEST_KEY and storable(one) else {}


def _named(key: str) -> str:
    return key.strip().lower().replace("-", "_").replace(" ", "_")
