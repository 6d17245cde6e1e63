"""Template documents of a new study; a study publishes its own version of each before it invites anyone."""

from schemas.study import ConsentStatement, DocumentCreate, DocumentKind

INFORMATION = DocumentCreate(
    kind=DocumentKind.INFORMATION,
    text={
        "en": (
            "This study asks how senior leaders make decisions in places. You keep a short diary on your phone. "
            "Your diary is read by nobody outside the study team. Researchers receive de-identified releases with a "
            "stated risk; your words leave the team only after a person has reviewed them. You can keep any entry "
            "out of releases, withdraw at any time, and have everything erased."
        )
    },
)
CONSENT = DocumentCreate(
    kind=DocumentKind.CONSENT,
    text={"en": "Please read each statement."},
    statements=[
        ConsentStatement(key="read", text={"en": "I have read the information and could ask questions."}),
        ConsentStatement(
            key="take_part", text={"en": "I agree to take part, and know that I can stop at any time."}
        ),
        ConsentStatement(
            key="share",
            text={"en": "My entries may be part of de-identified releases to researchers under agreement."},
            required=False,
            purpose="sharing",
        ),
    ],
)
