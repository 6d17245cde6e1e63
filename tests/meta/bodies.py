"""A sound body for every route that takes one."""

from typing import Any

from api.instruments.xlsform.writing import write
from schemas.instrument import InstrumentDefinition
from tests.personas import PROFILE, entry_body

ATTEMPT = "018f4c1e-7a3b-7c4d-8e5f-0123456789ab"
CONSENT = {"document_version": 1, "statements": {"read": True, "take_part": True, "share": True}}
TINY: dict[str, Any] = {
    "key": "tiny",
    "version": 1,
    "title": {"en": "Tiny"},
    "default_language": "en",
    "languages": ["en"],
    "questions": [
        {
            "type": "single_choice",
            "key": "mood",
            "label": {"en": "How are you?"},
            "disclosure": "open",
            "options": [
                {"value": "well", "label": {"en": "Well"}},
                {"value": "tired", "label": {"en": "Tired"}},
            ],
        },
        {
            "type": "short_text",
            "key": "why",
            "label": {"en": "Why?"},
            "relevant": {"equals": {"question": "mood", "value": "tired"}},
        },
        {
            "type": "repeat_group",
            "key": "people",
            "label": {"en": "Who?"},
            "children": [{"type": "number", "key": "age", "label": {"en": "Age"}, "max": 120}],
        },
    ],
    "forms": [
        {
            "kind": "check",
            "label": {"en": "Check"},
            "contingency": "event",
            "items": [{"question": "mood", "required": True}, {"question": "why"}, {"question": "people"}],
        }
    ],
}
WORKBOOK = write(InstrumentDefinition.model_validate(TINY | {"key": "tiny_workbook"}))
FIELD_MAP: dict[str, Any] = {
    "instrument": "tiny",
    "kind": "check",
    "rows": [
        {
            "answer_key": "mood",
            "question": "mood",
            "transform": "choice",
            "value_map": {"I am well": "well", "I am tired": "tired"},
            "required": True,
        },
        {"answer_key": "why", "question": "why", "transform": "text"},
    ],
}
SECTORS = """central_gov;government;*
regional_or_combined_authority;government;*
local_gov;government;*
university_he;others;*
third_sector;others;*
other_public_partner;others;*
"""
AGREEMENT = {
    "recipient": "Dr Researcher",
    "organisation": "University of Example",
    "purpose": "Analysis",
    "reference": "DSA-17",
    "valid_from": "2020-01-01",
    "ends_on": "2199-12-31",
}
_STUDY = "/v1/studies/{study_id}"

BODIES: dict[str, Any] = {
    f"PATCH {_STUDY}": {"title": "A new title"},
    f"PUT {_STUDY}/disclosure/{{tier}}": {"quasi_identifiers": ["sector"], "k": 6, "dates": "week"},
    f"PUT {_STUDY}/hierarchies/{{attribute}}": SECTORS,
    f"POST {_STUDY}/status": {"status": "paused"},
    f"POST {_STUDY}/documents": {"kind": "information", "text": {"en": "What it is about."}},
    f"POST {_STUDY}/instruments": TINY,
    f"POST {_STUDY}/instruments/xlsform": WORKBOOK,
    f"POST {_STUDY}/invitations": {"count": 1},
    f"POST {_STUDY}/agreements": AGREEMENT,
    f"POST {_STUDY}/sources": {"tool": "typeform", "name": "Morning"},
    f"PATCH {_STUDY}/sources/{{source_id}}": {"name": "Every evening"},
    f"POST {_STUDY}/sources/{{source_id}}/status": {"status": "paused"},
    f"POST {_STUDY}/sources/{{source_id}}/rotation": {"keep_old_hours": 1},
    f"PUT {_STUDY}/sources/{{source_id}}/map": FIELD_MAP,
    f"POST {_STUDY}/sources/{{source_id}}/reconciliation": {"since": "2026-07-01"},
    f"POST {_STUDY}/delivery-replays": {"status": "quarantined"},
    f"POST {_STUDY}/deliveries/{{delivery_id}}/preview": {"map": FIELD_MAP},
    f"POST {_STUDY}/deliveries/{{delivery_id}}/proposal": {"instrument": "tiny", "kind": "check"},
    "POST /v1/hooks/{source_id}/{token}": {"event": "testEndpoint"},
    f"POST {_STUDY}/releases": {"recipient": "Dr Researcher", "purpose": "Analysis"},
    f"POST {_STUDY}/review/terms": {"kind": "person", "text": "Jane Smith"},
    f"POST {_STUDY}/review/{{text_id}}": {"state": "withheld", "version": 1, "seen": 0},
    f"POST {_STUDY}/review/{{text_id}}/sign-off": {"version": 1, "seen": 1},
    f"POST {_STUDY}/release-previews": {"tier": "open"},
    f"POST {_STUDY}/participants/{{participant_id}}/withdrawal": {"scope": "stop_prompts"},
    f"POST {_STUDY}/members/invitations": {"email": "new@example.org", "role": "analyst", "days": 3},
    f"PUT {_STUDY}/members/{{staff_id}}": {"role": "analyst"},
    "POST /v1/staff/invitations": {"email": "new@example.org", "days": 3},
    "POST /v1/staff/invitations/accept": {
        "code": "AAAA-BBBB-CCCC",
        "attempt": ATTEMPT,
        "name": "Nia New",
        "password": "several quiet otters",
    },
    "POST /v1/staff/invitations/confirm": {
        "code": "AAAA-BBBB-CCCC",
        "attempt": ATTEMPT,
        "one_time_code": "123456",
    },
    "POST /v1/staff/invitations/join": {"code": "AAAA-BBBB-CCCC"},
    "POST /v1/staff/authenticator/confirm": {"offer": "an offer", "one_time_code": "123456"},
    "POST /v1/staff/session": {
        "email": "nobody@example.org",
        "password": "several quiet otters",
        "code": "123456",
    },
    "POST /v1/staff/session/step-up": {"one_time_code": "123456"},
    "PUT /v1/staff/password": {"old": "several quiet otters", "new": "many louder badgers"},
    "PATCH /v1/staff/{staff_id}": {"disabled": True},
    "POST /v1/staff/tokens": {"study_id": ATTEMPT, "name": "R", "verbs": ["study.read"], "days": 1},
    "PUT /v1/me/push": {
        "endpoint": "https://fcm.googleapis.com/fcm/send/abc",
        "p256dh": "BI5TO2-gv3tGJbswZnwB-2B--fi4qA_vWzAGKHAxh7Kjc-sdveAzGDZtBp-DpvWQAFPHNjPLBBshxV4ahsH0ALQ",
        "auth": "AAECAwQFBgcICQoLDA0ODw",
    },
    "POST /v1/reminders/stop/{token}": {"List-Unsubscribe": "One-Click"},
    "POST /v1/join/preview": {"code": "AAAA-BBBB-CCCC"},
    "POST /v1/join": {
        "code": "AAAA-BBBB-CCCC",
        "attempt": ATTEMPT,
        "consent": CONSENT,
        "device_name": "Phone",
    },
    "POST /v1/session/code/mail": {"email": "leo@example.org"},
    "POST /v1/session/code": {"code": "AAAA-BBBB-CCCC", "attempt": ATTEMPT, "device_name": "Phone"},
    "POST /v1/session/refresh": {"refresh_token": "dbr_nonsense"},
    "PUT /v1/me/profile": {"answers": PROFILE},
    "PUT /v1/me/consent": CONSENT,
    "PUT /v1/me/contact": {"name": "Leo Leader", "email": "leo@example.org", "phone": "+44 20 7946 0000"},
    "PUT /v1/studies/{study_id}/schedules/{key}": {
        "key": "place_leadership_diary",  # as the address in the tests of every route
        "instrument": "place_leadership_profile",  # which no test of every route retires
        "kind": "profile",
        "timing": {"type": "interval", "times": ["20:30"]},
    },
    "PUT /v1/me/reminders": {"channels": ["email"], "weekdays": ["mon", "tue"], "at": "17:30"},
    "POST /v1/me/prompts/{prompt_id}/snooze": {"minutes": 30},
    "POST /v1/me/withdrawal": {"scope": "stop_prompts"},
    "PUT /v1/entries/{entry_id}": entry_body(),
    "POST /v1/sync": {"ops": [{"op": "put", "id": ATTEMPT, "entry": entry_body()}]},
}


def carried(body: Any) -> dict[str, Any]:
    """Return how a client sends a body: a file as it is, anything else as JSON."""
    return {"content": body} if isinstance(body, bytes) else {"json": body}
