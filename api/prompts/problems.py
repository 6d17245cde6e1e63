"""Refusals of schedules and prompts."""
"""Refusals of reminders."""

from api.core.problems import Invalid


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
