"""Refusals of schedules, prompts and reminders."""

from api.core.problems import Conflict, Invalid


class ScheduleWithoutForm(Invalid):
    """A schedule that asks for a kind of entry which no published instrument has."""

    slug, title = (
        "schedule-without-form",
        "This study has no published questionnaire with that kind of entry.",
    )


class PushAddressNotAllowed(Invalid):
    """A push address that is not on a host that the operator lets us send to."""

    slug, title = (
        "push-address-not-allowed",
        "This browser's push service is not one that we send to. Choose e-mail or the calendar.",
    )


class PushKeysNotValid(Invalid):
    """A push subscription for whose keys nothing can be encrypted."""

    slug, title = "push-keys-not-valid", "This browser's push subscription cannot be used. Please try again."


class PromptNotOpen(Conflict):
    """A prompt that was not sent yet, is answered or is over: there is nothing to be asked again about."""

    slug, title = (
        "prompt-not-open",
        "This reminder is answered, over or not sent yet: it cannot come again later.",
    )
