"""One writer: many operations to a commit, each on its own, nobody waits for ever."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from api.core import problems
from api.core.ids import new_id
from api.core.problems import Problem, Unavailable
from api.core.writer import MOST_OPERATIONS, Writer, together
from tests.core.logs import captured_logs, entries
from tests.personas import World

Ours = Writer[int, int]


class Unspeakable(DBAPIError):
    """An error at which nobody can look."""

    @property
    def connection_invalidated(self) -> bool:
        raise RuntimeError("Canary text")

    @connection_invalidated.setter
    def connection_invalidated(self, value: bool) -> None: ...


class Panic(BaseException):
    """What a library in Rust raises, past every `except Exception`."""


def add(connection: Connection, numbers: Sequence[int]) -> Sequence[int | Problem]:
    """Store numbers; 13 is refused, 0 breaks the statement, 97 to 99 are faults of ours or of a library."""
    if 99 in numbers:
        raise KeyError("Canary text")
    if 98 in numbers:
        raise Unspeakable("UPDATE", {}, Exception())
    if 97 in numbers:
        raise Panic
    if 96 in numbers:
        return [96]
    sound = [number for number in numbers if number != 13]
    for number in sound:
        connection.execute(text("INSERT INTO number VALUES (:n)"), {"n": number})
    return [problems.Conflict() if number == 13 else number for number in numbers]


@pytest.fixture
def numbers(engine: Engine) -> Engine:
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE number (n INTEGER PRIMARY KEY CHECK (n > 0))"))
    return engine


def stored(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        return list(connection.execute(text("SELECT n FROM number ORDER BY n")).scalars())


def run(engine: Engine, work: Callable[[Ours], Awaitable[object]]) -> list[int]:
    """Let some work use a writer; return the sizes of its batches."""
    sizes: list[int] = []
    writer = Ours(engine, add, sizes.append)

    async def main() -> None:
        waiting = asyncio.ensure_future(work(writer))
        await asyncio.sleep(0)  # everything is submitted before the writer starts: one batch
        writer.start()
        await asyncio.wait_for(waiting, 20)

    asyncio.run(main())
    writer.stop()
    return sizes


def test_what_waits_together_is_one_commit_and_each_gets_its_own_answer(numbers: Engine) -> None:
    async def work(writer: Ours) -> None:
        found = await asyncio.gather(*(writer.submit([n, 100 + n]) for n in range(1, 11)))
        assert [list(one) for one in found] == [[n, 100 + n] for n in range(1, 11)]

    assert run(numbers, work) == [20]
    assert len(stored(numbers)) == 20


@pytest.mark.parametrize(
    ("bad", "problem"), [(0, problems.Conflict), *((number, problems.Unexpected) for number in (97, 98, 99))]
)
def test_one_bad_operation_spoils_no_other(numbers: Engine, bad: int, problem: type[Problem]) -> None:
    async def work(writer: Ours) -> None:
        found = await asyncio.gather(
            *(writer.submit([n]) for n in (1, bad, 2, 13)), writer.submit([3, bad, 4])
        )
        flat = [outcome for outcomes in found for outcome in outcomes]
        assert [one if isinstance(one, int) else type(one) for one in flat] == [
            1, problem, 2, problems.Conflict, 3, problem, 4
        ]  # fmt: skip

    with captured_logs() as log:
        run(numbers, work)
    assert stored(numbers) == [1, 2, 3, 4]
    assert {line["event"] for line in entries(log)} == {"batch failed"}
    assert "Canary" not in log.getvalue()


def test_an_operation_without_an_outcome_gives_nobody_the_outcome_of_another(numbers: Engine) -> None:
    async def work(writer: Ours) -> None:
        found = await asyncio.gather(*(writer.submit([n]) for n in (1, 96, 2)), writer.submit([96, 3]))
        assert [list(one) for one in found] == [[1], [96], [2], [96, 3]]

    run(numbers, work)
    assert stored(numbers) == [1, 2, 3]


@pytest.mark.parametrize("fault", [RuntimeError, Panic])
def test_whatever_fails_around_a_batch_is_503_for_all_and_the_writer_lives_on(
    numbers: Engine, fault: type[BaseException]
) -> None:
    broken = threading.Event()
    broken.set()

    def observe(_: int) -> None:
        if broken.is_set():
            raise fault

    writer = Ours(numbers, add, observe)

    async def main() -> None:
        writer.start()
        lost = await asyncio.wait_for(asyncio.gather(writer.submit([1, 2]), writer.submit([3])), 20)
        assert [[type(one) for one in outcomes] for outcomes in lost] == [[Unavailable] * 2, [Unavailable]]
        broken.clear()
        assert await asyncio.wait_for(writer.submit([4]), 20) == [4]

    with captured_logs() as log:
        asyncio.run(main())
    writer.stop()
    assert stored(numbers) == [4]
    assert {line["event"] for line in entries(log)} == {"writer failed"}


def test_a_batch_has_an_end(numbers: Engine) -> None:
    async def work(writer: Ours) -> None:
        await asyncio.gather(*(writer.submit([1000 + n]) for n in range(MOST_OPERATIONS + 44)))

    assert run(numbers, work) == [MOST_OPERATIONS, 44]


def test_a_database_that_is_away_is_503_for_all_and_the_writer_lives_on(numbers: Engine) -> None:
    away = threading.Event()

    def gone(connection: Connection, wanted: Sequence[int]) -> Sequence[int | Problem]:
        if away.is_set():
            raise OperationalError("INSERT", {}, Exception("server closed the connection"))
        return add(connection, wanted)

    writer = Ours(numbers, gone, lambda _: None)

    async def main() -> None:
        writer.start()
        away.set()
        lost = await asyncio.wait_for(asyncio.gather(*(writer.submit([n]) for n in (1, 2, 3))), 20)
        assert all(isinstance(one[0], Unavailable) for one in lost)
        away.clear()
        assert await asyncio.wait_for(writer.submit([4]), 20) == [4]

    asyncio.run(main())
    writer.stop()
    assert stored(numbers) == [4]


def test_what_waits_when_the_writer_stops_is_stored_and_who_comes_later_is_refused(numbers: Engine) -> None:
    writer = Ours(numbers, add, lambda _: None)

    async def main() -> None:
        waiting = [asyncio.ensure_future(writer.submit([n])) for n in (1, 2, 3)]
        await asyncio.sleep(0)
        writer.start()
        await asyncio.to_thread(writer.stop)
        assert await asyncio.wait_for(asyncio.gather(*waiting), 20) == [[1], [2], [3]]
        with pytest.raises(Unavailable):
            await asyncio.wait_for(writer.submit([4]), 20)

    asyncio.run(main())
    assert stored(numbers) == [1, 2, 3]


def test_a_caller_who_hung_up_and_a_loop_that_ended_leave_the_writer_alive(numbers: Engine) -> None:
    writer = Ours(numbers, add, lambda _: None)

    async def hang_up(number: int) -> None:
        waiting = asyncio.ensure_future(writer.submit([number]))
        await asyncio.sleep(0)
        if number == 1:
            waiting.cancel()

    asyncio.run(hang_up(1))
    asyncio.run(hang_up(2))
    writer.start()
    assert asyncio.run(asyncio.wait_for(writer.submit([3]), 20)) == [3]
    writer.stop()
    assert stored(numbers) == [1, 2, 3]


def test_a_full_queue_is_a_503_and_not_a_wait(numbers: Engine) -> None:
    writer = Ours(numbers, add, lambda _: None)
    writer._waiting.maxsize = 2

    async def main() -> None:
        waiting = [asyncio.ensure_future(writer.submit([n])) for n in (1, 2)]
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await writer.submit([3])
        writer.start()
        await asyncio.wait_for(asyncio.gather(*waiting), 20)

    asyncio.run(main())
    writer.stop()
    assert stored(numbers) == [1, 2]


def test_two_hundred_puts_at_once_are_fewer_commits(world: World, client: TestClient) -> None:
    leo = world.join()
    with ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(lambda _: leo.keeps(new_id()).status_code, range(200)))
    assert answers == [201] * 200
    metrics = client.get("/metrics").text
    found = {
        name: float(value)
        for name, value in re.findall(r"^(daybook_writer_batch\w+) (\S+)$", metrics, re.MULTILINE)
    }
    assert found["daybook_writer_batch_operations_sum"] == 200
    assert found["daybook_writer_batch_operations_count"] < 200


def test_operations_of_several_kinds_share_a_commit_and_each_gets_its_own_outcome(engine: Engine) -> None:
    def numbers(_: Connection, given: Sequence[int]) -> Sequence[int]:
        return [one * 2 for one in given]

    def words(_: Connection, given: Sequence[str]) -> Sequence[str]:
        return [one.upper() for one in given]

    apply = together({int: numbers, str: words})
    with engine.begin() as connection:
        assert apply(connection, [1, "a", 2, "b", "c", 3]) == [2, "A", 4, "B", "C", 6]
        assert apply(connection, []) == []
