"""Leo answered three of the four prompts that reached him; everything else has its own column."""

from datetime import UTC, datetime, timedelta

from api.core import db
from api.core.ids import new_id
from api.prompts import service as prompts
from schemas.access import Role
from schemas.prompt import PromptStatus, SkipReason
from tests.meta.shape import refused
from tests.personas import World
from tests.prompts.compliance.cases import (
    MONDAY,
    answered,
    enrolled,
    figures,
    missed,
    prompt,
    schedule,
    sent,
    skipped,
    store,
)


def test_leo_answered_three_of_four(world: World) -> None:
    leo, olivia = world.join(), world.olivia
    store(
        world,
        answered(world, leo, after=60),
        answered(world, leo, MONDAY + timedelta(hours=1), after=100),
        answered(world, leo, MONDAY + timedelta(hours=2), after=200.5, confirmed_at=MONDAY),
        missed(world, leo, MONDAY + timedelta(hours=3)),
        prompt(world, leo, MONDAY + timedelta(hours=4), status=PromptStatus.EXPIRED),
        prompt(world, leo, MONDAY + timedelta(days=9_000)),
        skipped(world, leo, SkipReason.PAUSED),
        skipped(world, leo, SkipReason.NO_CHANNEL),
        prompt(world, leo, MONDAY, answered_at=MONDAY, entry_id=new_id(), status=PromptStatus.ANSWERED),
    )
    found = figures(olivia, world)
    (row,) = found["rows"]
    assert row["participant_id"] == str(leo.participant_id)
    assert row["last_answered_on"] == "2026-11-02"
    assert row["figures"] == found["total"]
    assert row["figures"] == {
        "planned": 9,
        "sent": 4,
        "confirmed": 1,
        "opened": 4,
        "answered": 3,
        "answered_unsent": 1,
        "missed": 1,
        "open": 0,
        "waiting": 1,
        "never_sent": 1,
        "skipped": {"paused": 1, "no_channel": 1},
        "compliance": 0.75,
        "compliance_closed": 0.75,
        "participants_asked": 1,
        "participants_answering": 1,
        "to_opened": {"prompts": 3, "lower_quartile": 5.0, "median": 5.0, "upper_quartile": 5.0},
        "to_answered": {"prompts": 3, "lower_quartile": 80.0, "median": 100.0, "upper_quartile": 150.25},
    }


def test_a_study_without_people_has_no_figures(world: World) -> None:
    found = figures(world.olivia, world)
    assert (found["rows"], found["attrition"], found["next"]) == ([], [], None)
    assert (found["total"]["planned"], found["total"]["compliance"]) == (0, None)
    assert figures(world.olivia, world, "wave")["rows"] == []


def test_where_nothing_was_delivered_there_is_no_compliance_not_none_of_it(world: World) -> None:
    leo, lena = world.join(), world.join()
    store(world, *(skipped(world, leo, SkipReason.AWAY) for _ in range(3)))
    found = figures(world.olivia, world)
    assert [row["figures"]["compliance"] for row in found["rows"]] == [None, None]
    assert [row["figures"]["planned"] for row in found["rows"]] == [3, 0]
    assert found["rows"][1]["participant_id"] == str(lena.participant_id)
    assert found["total"]["skipped"] == {"away": 3}
    assert found["total"]["to_answered"]["median"] is None
    assert found["attrition"] == []


def test_an_open_prompt_is_not_missed_until_its_time_is_over(world: World) -> None:
    leo = world.join()
    long_ago = datetime(2026, 1, 5, 9, tzinfo=UTC)
    over, for_ever = long_ago + timedelta(hours=1), datetime(2199, 1, 1, tzinfo=UTC)
    store(
        world,
        answered(world, leo),
        sent(world, leo, long_ago, expires_at=over),  # the engine has not come round yet
        sent(world, leo, expires_at=for_ever),
        sent(world, leo),  # imported: it has no end
        prompt(world, leo, long_ago, expires_at=over),
    )
    (row,) = figures(world.olivia, world)["rows"]
    found = row["figures"]
    assert (found["answered"], found["missed"], found["open"], found["never_sent"]) == (1, 1, 2, 1)
    assert (found["compliance"], found["compliance_closed"]) == (0.25, 0.5)


def test_a_day_is_the_participants_own(world: World) -> None:
    kiri, leo, lena = world.join(), world.join(), world.join()
    late = datetime(2026, 11, 2, 23, tzinfo=UTC)
    store(
        world,
        answered(world, kiri, late, time_zone="Pacific/Kiritimati"),
        missed(world, leo, late),
        missed(world, lena, late, local_date=datetime(2026, 10, 31, tzinfo=UTC).date()),  # as it was planned
        # Summer time ended in London on 25 October: 23:30 UTC is the next day the day before, and not the day after.
        missed(world, leo, datetime(2026, 10, 24, 23, 30, tzinfo=UTC)),
        missed(world, leo, datetime(2026, 10, 25, 23, 30, tzinfo=UTC)),
    )
    rows = figures(world.olivia, world, "day")["rows"]
    days = [(row["day"], row["figures"]["sent"], row["figures"]["answered"]) for row in rows]
    assert days == [("2026-10-25", 2, 0), ("2026-10-31", 1, 0), ("2026-11-02", 1, 0), ("2026-11-03", 1, 1)]


def test_each_schedule_has_its_row_and_imported_prompts_theirs(world: World) -> None:
    leo, moments = world.join(), schedule(world)
    store(
        world,
        answered(world, leo, schedule_id=moments.id),
        missed(world, leo),
        missed(world, leo, kind="day"),
    )
    found = figures(world.olivia, world, "schedule")
    rows = {(row["schedule"], row["kind"]): row["figures"]["compliance"] for row in found["rows"]}
    assert rows == {("moments", "moment"): 1.0, (None, "moment"): 0.0, (None, "day"): 0.0}
    assert any("no schedule" in note for note in found["notes"])


def test_a_wave_is_a_burst_counted_from_each_ones_first_day(world: World) -> None:
    leo, lena = world.join(), world.join()
    enrolled(world, leo, datetime(2026, 11, 1, 23, 30, tzinfo=UTC))
    enrolled(world, lena, datetime(2026, 11, 8, 9, tzinfo=UTC))
    bursts = [{"from_day": 0, "days": 2}, {"from_day": 7, "days": 2}]
    made = schedule(world, bursts=bursts, starts_on="2026-11-02")
    store(
        world,
        answered(world, leo, MONDAY, schedule_id=made.id),  # day 0: the schedule starts later than he came
        missed(world, leo, MONDAY + timedelta(days=1), schedule_id=made.id),
        missed(world, leo, MONDAY + timedelta(days=2), schedule_id=made.id),  # no burst of now
        answered(world, leo, MONDAY + timedelta(days=7), schedule_id=made.id),
        answered(world, lena, MONDAY + timedelta(days=7), schedule_id=made.id),  # her day 1
        answered(world, lena, MONDAY + timedelta(days=13), schedule_id=made.id),  # her day 7
    )
    found = figures(world.olivia, world, "wave")
    rows = [
        (row["wave"], row["week"], row["figures"]["planned"], row["figures"]["answered"])
        for row in found["rows"]
    ]
    first_week = min(week for _, week, *_ in rows if week is not None)
    assert rows == [(1, None, 3, 2), (2, None, 2, 2), (None, first_week, 1, 0)]
    assert any("in no wave" in note for note in found["notes"])


def test_the_curve_counts_days_from_each_ones_enrolment(world: World) -> None:
    leo, lena = world.join(), world.join()
    enrolled(world, leo, MONDAY - timedelta(days=1))
    enrolled(world, lena, MONDAY)
    store(world, answered(world, leo), missed(world, leo, MONDAY + timedelta(days=2)))
    store(world, missed(world, lena), answered(world, lena, MONDAY + timedelta(days=1)))
    curve = figures(world.olivia, world, "day")["attrition"]
    assert curve == [
        {"day": 0, "asked": 2, "answering": 2},
        {"day": 1, "asked": 2, "answering": 2},
        {"day": 2, "asked": 1, "answering": 0},
        {"day": 3, "asked": 1, "answering": 0},
    ]


def test_whoever_left_is_in_no_figure_and_whoever_stopped_reminders_is(world: World) -> None:
    erased, left, stopped = world.join(), world.join(), world.join()
    store(world, answered(world, erased), answered(world, left), answered(world, stopped))
    for leader, scope in ((erased, "erase"), (left, "out_of_releases"), (stopped, "stop_prompts")):
        assert leader.post("/v1/me/withdrawal", {"scope": scope}).status_code == 200
    for by in ("participant", "day", "schedule", "wave"):
        found = figures(world.olivia, world, by)
        assert found["total"]["planned"] == found["total"]["participants_asked"] == 1
        assert sum(row["figures"]["planned"] for row in found["rows"]) == 1
    assert figures(world.olivia, world)["rows"][0]["participant_id"] == str(stopped.participant_id)


def test_participants_come_in_pages_and_only_the_first_tells_the_whole(world: World) -> None:
    people = [world.join({}) for _ in range(3)]
    store(world, *(answered(world, one) for one in people), missed(world, people[-1]))
    first = figures(world.olivia, world, limit=2)
    assert (len(first["rows"]), first["total"]["planned"]) == (2, 4)
    assert first["next"] == str(people[1].participant_id)
    second = figures(world.olivia, world, limit=2, after=first["next"])
    assert [row["figures"]["compliance"] for row in second["rows"]] == [0.5]
    assert (second["total"], second["attrition"], second["next"]) == (None, [], None)
    whole = figures(world.olivia, world, limit=3)
    assert whole["rows"] == first["rows"] + second["rows"]
    assert whole["next"] is None


def test_another_studys_prompts_are_not_counted(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another")
    store(world, answered(other, other.join({})))
    assert figures(world.olivia, world)["total"]["planned"] == 0
    refused(world.olivia.get(f"{other.path}/compliance"), 404, "not-found")


def test_coordinators_look_and_analysts_may_not(world: World) -> None:
    cora = world.staff("Cora Coordinator", Role.COORDINATOR)
    for path in ("compliance", "compliance.csv", "compliance/cremas", "compliance/cremas.csv", "nudges"):
        assert cora.get(f"{world.path}/{path}").status_code == 200
        refused(world.ana.get(f"{world.path}/{path}"), 403, "forbidden")
        refused(world.client.get(f"{world.path}/{path}"), 401, "unauthenticated")


def test_an_entry_that_comes_late_answers_its_prompt(world: World) -> None:
    leo = world.join()
    made = sent(world, leo)
    store(world, made)
    assert leo.keeps(prompt_id=str(made.id)).status_code == 201
    with db.reading(world.engine) as session:
        assert prompts.of_participant(session, leo.participant_id, 1)[0].status == PromptStatus.ANSWERED
    assert figures(world.olivia, world)["total"]["compliance"] == 1.0


def test_what_was_answered_before_it_was_due_is_skipped_and_an_answer_all_the_same(world: World) -> None:
    leo = world.join()
    store(world, missed(world, leo), skipped(world, leo, SkipReason.ANSWERED, answered_at=MONDAY))
    (row,) = figures(world.olivia, world)["rows"]
    assert (row["figures"]["skipped"], row["figures"]["answered_unsent"]) == ({"answered": 1}, 0)
    assert (row["figures"]["compliance"], row["last_answered_on"]) == (0.0, "2026-11-02")
