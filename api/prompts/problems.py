"""Refusals of schedules and prompts."""

from api.core.problems import Invalid


class ScheduleWithoutForm(Invalid):
    """A schedule that asks for a kind of entry which no published instrument has."""

    slug, title = (
        "schedule-without-form",
        "This study has no published questionnaire with that kind of entry.",
    )
