"""Which event each change records: one line per route. tests/access/tenant.py says what a sound request holds.

A route that changes something needs its line here: the event, or `unrecorded` with the reason why there is none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api.audit.events import Event
from api.audit.service import OPERATOR
from api.auth import inviting
from api.auth.inviting import Offer
from api.auth.verbs import Role
from api.core import db
from api.core.ids import new_id
from api.studies import service as studies
from schemas.study import StudyCreate
from tests.access.tenant import Tenant
from tests.auth.people import Person, confirmation
from tests.personas import entry_body

OWN_ROW = "A prompt's own row says what became of it."
OWN_RECORD = "An entry's own revision or tombstone is its event."


@dataclass(frozen=True)
class Change:
    """What a route records; `body` (of the tenant and Nora, signed in) and `ids` where others are needed."""

    event: Event | None
    because: str = ""
    body: Callable[[Tenant, Person], Any] | None = None
    ids: Callable[[Tenant], dict[str, str]] = lambda _: {}
    changes: bool = True
    refused: int | None = None


def unrecorded(because: str, **more: Any) -> Change:
    """Say why a route records nothing."""
    return Change(None, because, **more)


def _an_invitation(tenant: Tenant, nora: Person) -> dict[str, str]:
    """Invite somebody who has an account already into another study."""
    with db.transaction(tenant.engine) as session:
        study = studies.create(session, OPERATOR, StudyCreate(title="Another study"))
        made = inviting.invite(session, OPERATOR, Offer(nora.email, study.id, Role.ANALYST), 1)
    return {"code": str(made.code)}


def _an_hour_earlier(tenant: Tenant) -> dict[str, Any]:
    usual: dict[str, Any] = tenant.body("PUT /v1/studies/{study_id}/schedules/{key}")
    return usual | {"timing": {"type": "interval", "times": ["19:30"]}}


_STUDY = "/v1/studies/{study_id}"
# Asked in this order, each of a leader of its own: what stops the study comes last.
CHANGES: dict[str, Change] = {
    "POST /v1/join": Change(Event.PARTICIPANT_ENROLLED),
    "POST /v1/join/preview": unrecorded("It shows what a code leads to, without using it.", changes=False),
    "POST /v1/me/device-code": Change(Event.DEVICE_CODE_MADE),
    "POST /v1/session/code/mail": unrecorded(
        "No mail is set up here; tests/participants/test_mailed_codes.py sees what its mail records.",
        changes=False,
        refused=404,
    ),
    "POST /v1/session/code": Change(Event.DEVICE_ADDED),
    "POST /v1/session/refresh": unrecorded("A device that was signed in stays so."),
    "DELETE /v1/session": Change(Event.DEVICE_REVOKED),
    "DELETE /v1/me/devices/{device_id}": Change(Event.DEVICE_REVOKED),
    "PUT /v1/me/profile": Change(Event.PROFILE_CHANGED),
    "PUT /v1/me/contact": Change(Event.CONTACT_CHANGED),
    "PUT /v1/me/reminders": Change(Event.REMINDERS_CHANGED),
    "POST /v1/me/prompts/{prompt_id}/confirmed": unrecorded(OWN_ROW),
    "POST /v1/me/prompts/{prompt_id}/opened": unrecorded(OWN_ROW),
    "POST /v1/me/prompts/{prompt_id}/snooze": unrecorded(OWN_ROW),
    "PUT /v1/me/consent": Change(Event.CONSENT_CHANGED),
    "POST /v1/me/withdrawal": Change(Event.PARTICIPANT_WITHDREW),
    "POST /v1/me/reminders/calendar": Change(Event.CALENDAR_ADDRESS_MADE),
    "DELETE /v1/me/reminders/calendar": unrecorded(
        "This leader has none; tests/prompts/test_calendar.py ends one.", changes=False
    ),
    "PUT /v1/me/push": Change(Event.PUSH_SUBSCRIBED),
    "DELETE /v1/me/push": unrecorded(
        "This leader has none; tests/prompts/test_subscriptions.py ends one.", changes=False
    ),
    "POST /v1/reminders/stop/{token}": unrecorded(
        "This link is nobody's, which is counted; tests/prompts/test_stopping.py follows one.", refused=404
    ),
    "PUT /v1/entries/{entry_id}": unrecorded(OWN_RECORD),
    "DELETE /v1/entries/{entry_id}": unrecorded(OWN_RECORD),
    "POST /v1/sync": unrecorded(
        OWN_RECORD, body=lambda *_: {"ops": [{"op": "put", "id": str(new_id()), "entry": entry_body()}]}
    ),
    "POST /v1/staff/invitations": Change(Event.STAFF_INVITED),
    "POST /v1/staff/invitations/accept": Change(Event.STAFF_ACCEPTED),
    "POST /v1/staff/invitations/confirm": Change(Event.STAFF_ADDED),
    "POST /v1/staff/invitations/join": Change(Event.MEMBER_ADDED, body=_an_invitation),
    "POST /v1/staff/session": Change(Event.SESSION_STARTED),
    "POST /v1/staff/session/step-up": Change(
        Event.SESSION_STEPPED_UP, body=lambda _, nora: {"one_time_code": nora.code()}
    ),
    "DELETE /v1/staff/session": Change(Event.SESSION_ENDED),
    "DELETE /v1/staff/sessions/{session_id}": Change(Event.SESSION_ENDED),
    "PUT /v1/staff/password": Change(Event.PASSWORD_CHANGED),
    "POST /v1/staff/recovery-codes": Change(Event.RECOVERY_CODES_RENEWED),
    "POST /v1/staff/authenticator": unrecorded("It offers one, and stores nothing.", changes=False),
    "POST /v1/staff/authenticator/confirm": Change(
        Event.AUTHENTICATOR_REPLACED, body=lambda _, nora: confirmation(nora.signs_in())
    ),
    "POST /v1/staff/tokens": Change(Event.TOKEN_CREATED),
    "DELETE /v1/staff/tokens/{token_id}": Change(Event.TOKEN_REVOKED),
    "PATCH /v1/staff/{staff_id}": Change(Event.STAFF_DISABLED),
    f"POST {_STUDY}/members/invitations": Change(Event.STAFF_INVITED),
    f"DELETE {_STUDY}/members/invitations/{{invitation_id}}": Change(Event.INVITATION_REVOKED),
    f"PUT {_STUDY}/members/{{staff_id}}": Change(
        Event.MEMBER_CHANGED, body=lambda *_: {"role": "coordinator"}
    ),
    f"DELETE {_STUDY}/members/{{staff_id}}": Change(Event.MEMBER_REMOVED),
    f"PATCH {_STUDY}": Change(Event.STUDY_UPDATED),
    f"POST {_STUDY}/documents": Change(Event.DOCUMENT_PUBLISHED),
    f"PUT {_STUDY}/schedules/{{key}}": Change(
        Event.SCHEDULE_CHANGED, body=lambda tenant, _: _an_hour_earlier(tenant)
    ),
    f"DELETE {_STUDY}/schedules/{{key}}": Change(Event.SCHEDULE_RETIRED),
    f"POST {_STUDY}/instruments": Change(Event.INSTRUMENT_DRAFTED),
    f"POST {_STUDY}/instruments/xlsform": Change(Event.INSTRUMENT_DRAFTED),
    f"POST {_STUDY}/instruments/{{key}}/{{version}}/publish": Change(
        Event.INSTRUMENT_PUBLISHED, ids=lambda tenant: {"key": tenant.key, "version": "2"}
    ),
    f"POST {_STUDY}/instruments/{{key}}/{{version}}/retire": Change(
        Event.INSTRUMENT_RETIRED, ids=lambda tenant: {"key": tenant.key, "version": "2"}
    ),
    f"POST {_STUDY}/invitations": Change(Event.PARTICIPANT_INVITED),
    f"DELETE {_STUDY}/participants/{{participant_id}}/devices/{{device_id}}": Change(Event.DEVICE_REVOKED),
    f"POST {_STUDY}/participants/{{participant_id}}/withdrawal": Change(Event.PARTICIPANT_WITHDREW),
    f"PUT {_STUDY}/disclosure/{{tier}}": Change(Event.DISCLOSURE_CHANGED),
    f"PUT {_STUDY}/hierarchies/{{attribute}}": Change(Event.HIERARCHY_REPLACED),
    f"DELETE {_STUDY}/hierarchies/{{attribute}}": Change(Event.HIERARCHY_REMOVED),
    f"POST {_STUDY}/review/terms": Change(Event.REVIEW_TERM_ADDED),
    f"DELETE {_STUDY}/review/terms/{{term_id}}": Change(Event.REVIEW_TERM_REMOVED),
    f"POST {_STUDY}/review/{{text_id}}": Change(Event.TEXT_WITHHELD),
    f"POST {_STUDY}/review/{{text_id}}/sign-off": Change(Event.TEXT_SIGNED_OFF),
    f"POST {_STUDY}/release-previews": unrecorded("It says what a release would cost.", changes=False),
    f"POST {_STUDY}/sources": Change(Event.SOURCE_CREATED),
    f"PATCH {_STUDY}/sources/{{source_id}}": Change(Event.SOURCE_CHANGED),
    f"POST {_STUDY}/sources/{{source_id}}/status": Change(Event.SOURCE_PAUSED),
    f"POST {_STUDY}/sources/{{source_id}}/rotation": Change(Event.SOURCE_ROTATED),
    f"PUT {_STUDY}/sources/{{source_id}}/map": Change(Event.FIELD_MAP_CHANGED),
    f"POST {_STUDY}/sources/{{source_id}}/reconciliation": unrecorded(
        "This source has nowhere to ask; tests/webhooks/test_reconciling.py asks those that have.",
        changes=False,
        refused=409,
    ),
    f"POST {_STUDY}/deliveries/{{delivery_id}}/preview": unrecorded(
        "It says what a map would make of it.", changes=False
    ),
    f"POST {_STUDY}/deliveries/{{delivery_id}}/proposal": unrecorded(
        "It proposes a map, for a person to store.", changes=False
    ),
    f"POST {_STUDY}/deliveries/{{delivery_id}}/dismissal": Change(Event.DELIVERY_DISMISSED),
    f"POST {_STUDY}/deliveries/{{delivery_id}}/replay": Change(Event.DELIVERIES_REPLAYED),
    f"POST {_STUDY}/delivery-replays": Change(
        Event.DELIVERIES_REPLAYED, body=lambda *_: {"status": "processed"}
    ),
    f"POST {_STUDY}/sources/{{source_id}}/codes": Change(Event.CODES_MADE),
    "POST /v1/hooks/{source_id}/{token}": unrecorded(
        "What a survey tool posts is its own record; this one proves nothing.", changes=False, refused=401
    ),
    f"POST {_STUDY}/agreements": Change(Event.AGREEMENT_RECORDED),
    f"POST {_STUDY}/agreements/{{agreement_id}}/end": Change(Event.AGREEMENT_ENDED),
    f"POST {_STUDY}/releases": Change(Event.RELEASE_REQUESTED),
    f"POST {_STUDY}/status": Change(Event.STUDY_PAUSED, body=lambda *_: {"status": "paused"}),
}
# What is there only where the operator has set it up; tests/auth/oidc says what it records.
OFF = {f"GET /v1/staff/oidc/{name}" for name in ("callback", "connect", "start")}
NOBODYS = {"GET /v1/calendar/{token}.ics", "GET /v1/reminders/stop/{token}"}
"""Addresses that hold a secret of a participant's: the one that is asked for here is nobody's."""
# Reading leaves no trace, except where somebody takes a copy away.
READS: dict[str, Event] = {
    "GET /v1/me/export": Event.DATA_EXPORTED,
    f"GET {_STUDY}/releases/{{number}}/{{name}}": Event.RELEASE_DOWNLOADED,
}
