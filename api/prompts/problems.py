"""Refusals of schedules and prompts."""

from api.core.problems import Conflict, Invalid


class ScheduleWithoutForm(Invalid):
    """A schedule that asks for a kind of entry which no published instrument has."""

    slug, title = (
        "schedule-without-form",
        "This study has no published questionnaire with that kind of entry.",
    )


class PromptNotOpen(Conflict):
    """A prompt that was not sent yet, is answered or is over: there is nothing to be asked again about."""

    slug, title = (
        "prompt-not-open",
        "This reminder is answered, over or not sent yet: it cannot come again later.",
    )
