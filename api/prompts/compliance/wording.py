"""Says a schedule in the words of a methods section."""

from schemas.schedule import (
    EnrolmentTiming,
    EntryTiming,
    EventTiming,
    IntervalTiming,
    Schedule,
    SignalTiming,
    Timing,
)


def strategy(timing: Timing) -> str:
    """Return the prompting strategy."""
    match timing:
        case IntervalTiming():
            return f"interval-contingent, fixed: at {', '.join(timing.times)} of the participant's clock"
        case SignalTiming():
            return (
                f"signal-contingent, random: {timing.prompts} between {timing.opens} and {timing.closes} of the "
                f"participant's clock, at least {timing.minimum_gap} minutes apart"
            )
        case EventTiming():
            return "event-contingent: the participant starts it, nothing is sent"
        case EnrolmentTiming():
            days = ", ".join(map(str, timing.days))
            return f"after enrolment: on day {days}, at {timing.at} of the participant's clock"
        case EntryTiming():
            kinds = ", ".join(source.kind for source in timing.sources)
            return f"after an entry ({kinds}), at {timing.at} of the participant's clock"


def per_day(timing: Timing) -> int | None:
    """Return how many prompts are intended on a day on which the schedule asks; None if that is not fixed."""
    match timing:
        case IntervalTiming():
            return len(timing.times)
        case SignalTiming():
            return timing.prompts
        case EnrolmentTiming():
            return 1
        case _:
            return None


def waves(schedule: Schedule) -> str:
    """Return the number of waves."""
    if not schedule.bursts:
        return "1"
    days = (f"day {one.from_day} to {one.from_day + one.days - 1}" for one in schedule.bursts)
    return f"{len(schedule.bursts)} ({', '.join(days)}, counted from the participant's first day)"


def period(schedule: Schedule) -> str | None:
    """Return how many days each wave lasts, as far as the schedule says so."""
    if schedule.bursts:
        return ", ".join(str(one.days) for one in schedule.bursts)
    if schedule.starts_on and schedule.ends_on:
        return str((schedule.ends_on - schedule.starts_on).days + 1)
    return None


def asked_on(schedule: Schedule) -> str:
    """Return the weekdays on which a schedule asks."""
    every = "" if schedule.every_days == 1 else f", every {schedule.every_days} days"
    return ", ".join(schedule.weekdays) + every


def features(schedule: Schedule) -> str:
    """Return what spares participants, and what keeps them from expecting a prompt."""
    found = [f"expires after {schedule.expires_after} minutes"]
    if schedule.remind_after:
        found.append(f"reminded after {', '.join(map(str, schedule.remind_after))} minutes")
    if schedule.quiet:
        found.append(f"quiet from {schedule.quiet.begin} to {schedule.quiet.end}")
    if schedule.holidays:
        found.append(f"{len(schedule.holidays)} holidays")
    if isinstance(schedule.timing, SignalTiming):
        found.append("times drawn anew for each participant and day")
    elif schedule.movable:
        found.append("participants may choose their hour")
    return "; ".join(found)
