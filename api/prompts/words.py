"""What reminders say, in each language: nothing of the study, its questions or its answers.

The Welsh words are a draft, like those of the phone client: to be read by a native speaker before they are used.
"""

from dataclasses import dataclass

from api.core.templates import language_of


@dataclass(frozen=True)
class Words:
    """One language's words; `sms` keeps to the letters of the GSM alphabet, of which a message holds 160."""

    language: str
    diary: str
    subject: str
    asked: str
    open_it: str
    not_now: str
    stop_mails: str
    sms: str
    push: str
    stop_title: str
    stop_about: str
    stop_button: str
    stopped_title: str
    stopped_about: str


_ENGLISH = Words(
    language="en",
    diary="Diary",
    subject="A moment for your diary",
    asked="You asked to be reminded of your diary.",
    open_it="Open your diary",
    not_now="If this is not a good time, leave it: nothing is lost.",
    stop_mails="Stop these mails",
    sms="You asked to be reminded of your diary:",
    push="You asked to be reminded.",
    stop_title="Stop these mails?",
    stop_about="Your diary stays as it is, and so do your other reminders.",
    stop_button="Stop the mails",
    stopped_title="No more mails",
    stopped_about="You will get no more of these mails. In your diary, under Settings, you can have them again.",
)
_WELSH = Words(
    language="cy",
    diary="Dyddiadur",
    subject="Munud i'ch dyddiadur",
    asked="Gofynnoch chi am gael eich atgoffa o'ch dyddiadur.",
    open_it="Agorwch eich dyddiadur",
    not_now="Os nad yw hwn yn amser da, gadewch ef: ni chollir dim.",
    stop_mails="Atal yr e-byst hyn",
    sms="Gofynnoch am gael eich atgoffa o'ch dyddiadur:",
    push="Gofynnoch chi am gael eich atgoffa.",
    stop_title="Atal yr e-byst hyn?",
    stop_about="Mae eich dyddiadur a'ch nodiadau atgoffa eraill yn aros fel y maent.",
    stop_button="Atal yr e-byst",
    stopped_title="Dim mwy o e-byst",
    stopped_about="Ni chewch ragor o'r e-byst hyn. Yn eich dyddiadur, o dan Gosodiadau, gallwch eu cael eto.",
)
_ALL = {one.language: one for one in (_ENGLISH, _WELSH)}


def words_for(language: str) -> Words:
    """Return the words for somebody who reads a language; English where we do not have it."""
    return _ALL[language_of(language, [*_ALL])]
