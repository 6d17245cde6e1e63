"""The mail that carries a one-time code: the code, and nothing of a study.

The Welsh words are a draft, like those of the phone client.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from uuid import UUID

from api.core import clock, mail
from api.core.config import Settings
from api.core.templates import fill, language_of

_LETTERS = Path(__file__).parent / "letters"


@dataclass(frozen=True)
class Words:
    """One language's words."""

    subject: str
    about: str
    good_for: str
    not_you: str


_WORDS = {
    "en": Words(
        subject="Your sign-in code",
        about="You asked for a code to sign in with. Type it on the device where you asked:",
        good_for="It is good for ten minutes, once. If two such mails came, each code opens another diary.",
        not_you="If it was not you, ignore this mail: without the code nobody gets in.",
    ),
    "cy": Words(
        subject="Eich cod mewngofnodi",
        about="Gofynnoch chi am god i fewngofnodi. Teipiwch ef ar y ddyfais lle gofynnoch amdano:",
        good_for="Mae'n dda am ddeng munud, unwaith. Os daeth dau e-bost, mae pob cod yn agor dyddiadur arall.",
        not_you="Os nad chi oedd, anwybyddwch yr e-bost hwn: heb y cod ni all neb fynd i mewn.",
    ),
}


def letter(settings: Settings, request_id: UUID, to: str, language: str, code: str) -> EmailMessage:
    """Return the mail, or raise MailRefused if its address is none."""
    words = _WORDS[language_of(language, [*_WORDS])]
    message = mail.new_message(settings, to)
    message["Subject"] = words.subject
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{request_id}@{mail.domain(settings)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(fill(_LETTERS, "code.txt", words=words, code=code), cte="quoted-printable")
    return message
