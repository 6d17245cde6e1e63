"""Refusals of participants."""

from api.core.problems import Forbidden, Invalid, NotFound


class CodeNotValid(Invalid):
    """A code that is unknown, used or expired: one answer for all three."""

    slug, title = "code-not-valid", "This code is not valid. Check it, or ask for a new one."


class ConsentIncomplete(Invalid):
    """A required statement was not agreed to, or the form has changed."""

    slug, title = "consent-incomplete", "Please read the form again: something required was not agreed to."


class ParticipantWithdrawn(Forbidden):
    """Somebody who withdrew sends no new entries."""

    slug, title = "participant-withdrawn", "You have withdrawn from this study; nothing new is stored."


class NoProfile(Invalid):
    """The study asks no profile."""

    slug, title = "no-profile", "This study asks for no profile."


class ContactNotKept(Forbidden):
    """The study ended so long ago that its contact data is erased; none is stored any more."""

    slug, title = "contact-not-kept", "This study has ended and keeps no contact data any more."


class MailNotOffered(NotFound):
    """The operator has set up no mail server, so no code can be mailed to anybody."""

    slug, title = (
        "mail-not-offered",
        "This service sends no mail. Use a code from another device of yours, or ask the study team.",
    )
