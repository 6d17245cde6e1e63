"""So many attempts may fail and not one more, whoever asks at the same moment and in whichever process."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pydantic import SecretStr
from sqlalchemy import Engine

from api.core import db, limits
from api.core.config import Settings
from api.core.problems import Conflict, Problem, TooManyAttempts, Unauthenticated
from tests.databases import ROOT
from tests.diary.test_at_once import together
from tests.meta.shape import contents

LOG_IN = limits.Limit("log-in", minutes=5, per_account=10, per_address=10, overall=1_000, under_attack=3)
HOME, CAFE, STAFF = "192.0.2.1", "198.51.100.7", "olivia@example.org"
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
Guess = Callable[..., int]
LOOKED_AT = 0

# Says when it is loaded, waits for its start signal, then guesses with many threads; prints how many were looked at.
GUESSER = """
import sys
from pathlib import Path
from api.core import db
from tests.core.test_limits import guesser
from tests.databases import make_settings
from tests.diary.test_at_once import together
settings = make_settings(Path(sys.argv[1]), sys.argv[2])
guess = guesser(db.make_engine(settings), settings)
print("ready", flush=True)
sys.stdin.readline()
print(together(25, lambda _: guess()).count(0))
"""


def guesser(engine: Engine, settings: Settings) -> Guess:
    """Return how to guess: 0 if the guess was looked at, or the seconds to wait."""

    def guess(
        *,
        address: str = HOME,
        account: str | None = None,
        fails: type[Problem] | None = Unauthenticated,
        limit: limits.Limit = LOG_IN,
    ) -> int:
        try:
            with (
                db.transaction(engine) as session,
                limits.attempt(session, settings, limit, address=address, account=account),
            ):
                if fails:
                    raise fails
        except TooManyAttempts as refused:
            return refused.retry_after
        except Problem:
            return LOOKED_AT
        return LOOKED_AT

    return guess


@pytest.fixture
def guess(engine: Engine, settings: Settings) -> Guess:
    return guesser(engine, settings)


def test_ten_may_fail_and_the_eleventh_waits_until_the_first_is_five_minutes_old(guess: Guess) -> None:
    with time_machine.travel(NOON, tick=False) as at:
        for second in range(10):
            assert guess() == LOOKED_AT
            at.shift(timedelta(seconds=1.5 if second == 0 else 1))
        assert guess() == 300 - 10  # 10.5 seconds after the first: rounded up, never down
        at.shift(timedelta(seconds=289.499))
        assert guess() == 1
        at.shift(timedelta(seconds=0.001))
        assert guess() == LOOKED_AT
        assert guess() == 2  # the second failed 1.5 seconds after the first
        at.shift(timedelta(minutes=5))
        assert [guess() for _ in range(11)] == [LOOKED_AT] * 10 + [300]


def test_what_succeeds_does_not_count_and_neither_does_a_refusal_of_another_kind(guess: Guess) -> None:
    for _ in range(20):
        assert guess(fails=None, account=STAFF) == LOOKED_AT
        assert guess(fails=Conflict, account=STAFF) == LOOKED_AT
    for _ in range(10):
        assert guess(account=STAFF) == LOOKED_AT
    assert guess(fails=None, account=STAFF) > LOOKED_AT


def test_a_success_pardons_no_earlier_failure(guess: Guess) -> None:
    assert [guess() for _ in range(9)] == [LOOKED_AT] * 9
    assert [guess(fails=None), guess(), guess() > 0] == [LOOKED_AT, LOOKED_AT, True]


def test_work_that_could_not_be_stored_stays_counted(
    engine: Engine, settings: Settings, guess: Guess
) -> None:
    def lost() -> None:
        with db.transaction(engine) as session:
            with limits.attempt(session, settings, LOG_IN, address=HOME):
                pass
            raise ConnectionError

    for _ in range(10):
        with pytest.raises(ConnectionError):
            lost()
    assert guess() > 0


def test_one_address_does_not_stop_another_and_one_limit_not_another(guess: Guess) -> None:
    for _ in range(11):
        guess(address=HOME)
    assert guess(address=HOME) > 0
    assert guess(address=CAFE) == LOOKED_AT
    assert guess(address=HOME, limit=replace(LOG_IN, name="code")) == LOOKED_AT


def test_an_account_is_counted_wherever_the_guesses_come_from(guess: Guess) -> None:
    for number in range(10):
        assert guess(address=f"192.0.2.{number}", account=STAFF) == LOOKED_AT
    assert guess(address=CAFE, account=STAFF) > 0
    assert guess(address=CAFE, account="ana@example.org") == LOOKED_AT
    assert guess(address=CAFE) == LOOKED_AT


def test_a_flood_from_everywhere_makes_each_address_strict_and_locks_no_newcomer_out(guess: Guess) -> None:
    few = replace(LOG_IN, overall=20)
    with time_machine.travel(NOON, tick=False) as at:
        for number in range(20):
            assert guess(address=f"192.0.2.{number}", limit=few) == LOOKED_AT
        for _ in range(20):
            assert guess(address=CAFE, limit=few, fails=None) == LOOKED_AT
        assert [guess(address=CAFE, limit=few) for _ in range(4)] == [LOOKED_AT] * 3 + [300]
        assert guess(address="192.0.2.0", limit=few) == LOOKED_AT
        at.shift(timedelta(minutes=5))
        assert [guess(address=CAFE, limit=few) for _ in range(10)] == [LOOKED_AT] * 10


def test_a_hundred_guesses_at_once_are_ten(guess: Guess) -> None:
    answers = together(100, lambda _: guess())
    assert answers.count(LOOKED_AT) == 10


def test_a_hundred_guesses_at_one_account_from_a_hundred_addresses_are_ten(guess: Guess) -> None:
    answers = together(100, lambda number: guess(address=f"192.0.2.{number}", account=STAFF))
    assert answers.count(LOOKED_AT) == 10


def test_four_processes_share_one_limit(settings: Settings, guess: Guess) -> None:
    guessers = [
        subprocess.Popen(
            [sys.executable, "-c", GUESSER, str(settings.data_dir), settings.database_url],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for one in guessers:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    for one in guessers:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    ends = [one.communicate(timeout=60)[0] for one in guessers]
    assert sum(map(int, ends)) == 10
    assert guess() > 0


def test_no_address_and_no_account_is_in_the_table_and_a_guess_at_them_needs_our_key(
    engine: Engine, settings: Settings, guess: Guess
) -> None:
    guess(account=STAFF)
    stored = str(contents(engine)["attempt"])
    assert stored.count("Attempt") == stored.count(HOME) == stored.count(STAFF) == 0
    elsewhere = settings.model_copy(update={"signing_key": SecretStr("z" * 40)})
    guesser(engine, elsewhere)(account=STAFF)
    hashes = {line.split("'")[3] if "UUID" in line else line for line in contents(engine)["attempt"]}
    assert len(hashes) == 6


def test_what_is_old_is_swept_away(engine: Engine, guess: Guess) -> None:
    with time_machine.travel(NOON, tick=False) as at:
        for number in range(5):
            guess(address=f"192.0.2.{number}", limit=replace(LOG_IN, name="code"))
        assert len(contents(engine)["attempt"]) == 10
        at.shift(timedelta(minutes=5))
        guess(address=CAFE)
        assert len(contents(engine)["attempt"]) == 2
