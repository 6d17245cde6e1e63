"""Every recorded post of a tool that sends its answers along, through the door: an entry, quarantined or ignored."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col

from api.core import crypto, db
from api.webhooks.models import WebhookCode
from tests.personas import Leader, World
from tests.webhooks.desk import Desk
from tests.webhooks.samples import needs_samples, sample
from tests.webhooks.senders import SENDERS, header

ENTRY = "processed"
NO_CODE = "It carries no participant's code"


@dataclass(frozen=True)
class Recorded:
    """One recorded post, how its source is set, whose code it carries, and what becomes of it."""

    tool: str
    name: str
    status: str
    said: Any
    """The entry's answers, or how the reason begins."""
    code: str = ""
    rows: tuple[dict[str, Any], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


def mood(key: str, **words: str) -> dict[str, Any]:
    """Return the row of a map that reads how somebody is."""
    values = {word.replace("_", " "): ours for word, ours in words.items()}
    return {
        "answer_key": key,
        "question": "mood",
        "transform": "choice",
        "value_map": values,
        "required": True,
    }


def why(key: str) -> dict[str, Any]:
    """Return the row of a map that reads a text."""
    return {"answer_key": key, "question": "why", "transform": "text"}


FORMS = {
    "proof": "header",
    "paths": {"submission_id": "responseId", "answers": "response", "claim": "response.responder"},
}
CTO = {"proof": "header", "paths": {"submission_id": "KEY", "answers": "@", "claim": "username"}}
LIME = SENDERS["generic_json"].options.model_dump(mode="json")
RECORDED = (
    Recorded(
        "qualtrics_task", "qualtrics/webservice_task_CONSTRUCTED.json", ENTRY,
        {"mood": "tired", "why": "Café – “levelling up” £2m"}, "P-0042",
        (mood("theme", Data_for_Place="tired"), why("place_challenge")),
    ),
    Recorded(
        "qualtrics_task", "qualtrics/webservice_task_BROKEN_unescaped_quote_CONSTRUCTED.json.txt",
        "quarantined", "", "P-0042",
    ),
    Recorded(
        "tally", "tally/form_response_vendor_doc_subset.json", ENTRY, {"mood": "tired", "why": "Hello"},
        "newsletter", (mood("question_3qL4Gm", In_progress="tired"), why("question_3EKz4n")),
        {"claim_name": "utm_campaign"},
    ),
    Recorded("typeform", "typeform/form_response_vendor_doc_12fields.json", "quarantined", NO_CODE),
    Recorded(
        "kobo", "kobo/submission_flat.json", ENTRY,
        {"mood": "tired", "why": "submitted to second version (2)"}, "someuser",
        (
            mood("created_in_first_version", **{"submitted to second version (1)": "tired"}),
            why("created_in_second_version"),
        ),
        {"proof": "basic", "claim_name": "_submitted_by"},
    ),
    Recorded(
        "standard", "formbricks/responseFinished.json", ENTRY, {"mood": "well"}, "clicked",
        (mood("newsletter_consent", accepted="well"),), {"claim_name": "welcome_card_cta"},
    ),
    Recorded("standard", "formbricks/responseCreated.json", "ignored", "The form was not finished"),
    Recorded("standard", "formbricks/responseUpdated.json", "ignored", "The form was not finished"),
    Recorded("standard", "formbricks/testEndpoint.json", "ignored", "The tool sent a test"),
    Recorded(
        "standard", "google_forms/apps_script_CONSTRUCTED_from_script.json", "quarantined", NO_CODE
    ),
    Recorded(
        "generic_json", "limesurvey/afterSurveyComplete.json", ENTRY, {"mood": "well"}, "abc123token",
        (mood("question1", answer1="well"),), LIME,
    ),
    Recorded(
        "generic_json", "ms_forms/power_automate_http_action_CONSTRUCTED.json", ENTRY, {"mood": "well"}, "anonymous",
        (mood("r5f3c", Approved_the_bid="well"),), FORMS,
    ),
    Recorded(
        "generic_json", "surveycto/webhook.json", "quarantined",
        "The participant's code is not known", options=CTO,
    ),
    Recorded("jotform", "jotform/submission.multipart", "quarantined", NO_CODE, options={"proof": "path_token"}),
)  # fmt: skip


def give(desk: Desk, leader: Leader, code: str) -> None:
    """Let a leader's code be the one that was recorded."""
    desk.code(leader)
    mine = (
        col(WebhookCode.source_id) == UUID(desk.source.id),
        col(WebhookCode.participant_id) == leader.participant_id,
    )
    with db.transaction(desk.world.engine) as session:
        known = crypto.digest(crypto.normalise_code(code))
        session.execute(update(WebhookCode).where(*mine).values(code_hash=known))


@needs_samples
def test_every_recorded_post_ends_as_it_should(world: World) -> None:
    for one in RECORDED:
        desk, leo = Desk(world, one.tool, **one.options), world.join()
        if one.options.get("proof") == "header":
            desk.sender = replace(desk.sender, sign=header)
        if one.rows:
            assert desk.put_map(rows=[*one.rows]).status_code == 200
        if one.code:
            give(desk, leo, one.code)
        assert desk.post(sample(one.name)).status_code == 200, one.name
        desk.work()
        [(status, reason)] = desk.ends()
        entries = [row["entry"]["answers"] for row in leo.get("/v1/entries").json()["entries"]]
        assert status == one.status, (one.name, reason)
        if status == ENTRY:
            assert entries == [one.said], one.name
        else:
            assert (entries, str(reason)[: len(one.said)]) == ([], one.said), one.name
            assert reason, one.name
