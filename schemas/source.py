"""Sources: the inbox of one survey tool's form, and how its answers become an entry's."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictBool, StringConstraints

from schemas.base import Key, Model, ShortText
from schemas.expression import Expression
from schemas.study import TimeZone

HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,62}$")]
ClaimName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,62}$")]


class Proof(StrEnum):
    """How a post shows that it comes from the tool; every source also has a secret in its address."""

    SIGNATURE = "signature"
    HEADER = "header"
    BASIC = "basic"
    BODY_TOKEN = "body_token"  # noqa: S105 - a way of proving, not a password
    PATH_TOKEN = "path_token"  # noqa: S105 - as above


class ClaimMode(StrEnum):
    """What a participant's link carries: the plain code, or the code with a short signature of ours."""

    PLAIN = "plain"
    SIGNED = "signed"


class Paths(Model):
    """Where a tool without an adapter of its own keeps what we need."""

    submission_id: Expression
    answers: Annotated[Expression, Field(description="An object of answers by their keys.")]
    claim: Expression | None = None
    form_id: Expression | None = None
    submitted_at: Expression | None = None
    revision_time: Expression | None = None
    complete: Annotated[
        Expression | None, Field(description="True for what is complete; absent: all is.")
    ] = None
    test: Annotated[Expression | None, Field(description="True for a test; absent: nothing is.")] = None


class SourceOptions(Model):
    """What a researcher sets for one source; what an adapter does not need is left out."""

    proof: Proof = Proof.SIGNATURE
    header_name: HeaderName = "X-Daybook-Key"
    claim_name: ClaimName = "pid"
    claim_mode: ClaimMode = ClaimMode.PLAIN
    forms: Annotated[
        list[ShortText],
        Field(default_factory=list, max_length=50, description="Form ids that are taken; empty: every form."),
    ]
    time_zone: Annotated[TimeZone, Field(description="What a time without an offset is meant in.")] = "UTC"
    paths: Paths | None = None
    token_path: Annotated[Expression | None, Field(description="Where the token stands in the body.")] = None
    fetch_base: Annotated[
        ShortText | None,
        Field(
            description="Where answers are fetched, such as https://fra1.qualtrics.com; the operator lists the hosts."
        ),
    ] = None
    fetch_form: Annotated[
        ShortText | None, Field(description="The project or form to ask for, where a tool needs it.")
    ] = None


class Transform(StrEnum):
    """How an answer is read before its question's own rules judge it; nothing is guessed."""

    AS_IS = "as_is"
    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    INSTANT = "instant"


class MapRow(Model):
    """One answer of the tool and the question that it answers."""

    answer_key: Annotated[ShortText, Field(min_length=1)]
    question: Key
    transform: Transform = Transform.AS_IS
    value_map: Annotated[
        dict[ShortText, ShortText],
        Field(
            default_factory=dict, max_length=500, description="The tool's option (id or words): our option."
        ),
    ]
    required: StrictBool = False


class FieldMap(Model):
    """Which instrument a form fills, and how; a change is a new version."""

    instrument: Key
    kind: Key
    rows: Annotated[list[MapRow], Field(max_length=500)]
