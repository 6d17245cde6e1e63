"""Entries as leaders write them, at least one of every kind."""

from typing import Any

HURRIED: dict[str, Any] = {
    "setting": "call_or_video",
    "others_involved": ["central_gov", "council"],
    "headline": "Paused the skills bid until the data agreement is signed",
    "decision_status": "made",
    "decision_kind": "partnership_or_governance",
    "lpip_theme": ["skills", "data_for_place"],
    "phase": "between_crisis_recovery",
    "confidence": 60,
    "review_after": "30d",
}
EPISODE: dict[str, Any] = {
    "start": "08:30",
    "end": "09:15",
    "setting": "travel",
    "theme": "none",
    "strain": 3,
}
ENTRIES: list[tuple[str, dict[str, Any]]] = [
    ("decision", HURRIED),
    (
        "decision",
        HURRIED
        | {
            "review_after": "date",
            "review_date": "2027-01-15",
            "lpip_theme_primary": "skills",
            "stakes": 4,
            "options_considered": [
                {"label": "Go ahead", "chosen": False, "reason_rejected": "risk"},
                {"label": "Pause", "chosen": True},
            ],
            "influence": [{"actor": "funder", "direction": "pushed_against", "strength": 2}],
            "role_change": "contested",
            "role_change_note": "Ddim yn glir pwy sy'n arwain",
            "silo": "central_local",
            "silo_effect": "hindered",
            "evidence_used": ["none"],
            "quotable": "paraphrase_only",
            "embargo_until": "2027-06-01",
            "keep_out": False,
        },
    ),
    (
        "moment",
        {
            "setting": "desk_or_focus",
            "others_involved": ["alone"],
            "lpip_theme": ["none"],
            "phase": "not_applicable",
            "valence": 4,
            "energy": 2,
            "strain": 6,
        },
    ),
    (
        "day",
        {
            "episodes": [EPISODE] * 3,
            "main_decision": "Whom to send",
            "main_decision_kind": "people_or_appointment",
        },
    ),
    (
        "followup",
        {
            "outcome_state": "mixed",
            "surprise": 2,
            "what_changed": ["turnover", "trust"],
            "would_decide_same": "partly",
            "partner_effect": [{"actor": "council", "effect": "weaker"}],
            "phase_now": "recovery",
            "process_quality": 4,
            "next_review": "90d",
        },
    ),
    (
        "journey",
        {"partnership_alias": "The Thursday table", "phase": "thriving", "moved_by": ["shared_purpose"]},
    ),
    (
        "incident",
        {
            "incident_year": 2011,
            "incident_precision": "within_1y",
            "phase_then": "crisis",
            "phase_now": "thriving",
            "incident_context": "The main employer had closed.",
            "incident_act": "We met every morning.",
            "incident_consequence": "Most people had work within two years.",
            "leadership_act": ["convening"],
        },
    ),
    ("nothing_to_report", {"reason": "could_not_disclose"}),
]
