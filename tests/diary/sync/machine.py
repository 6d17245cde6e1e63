"""Two phones of one leader and one of another, on a bad network, against the real application."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import time_machine
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import update
from sqlmodel import col

from api.audit.service import OPERATOR
from api.auth import sessions
from api.core import clock, db
from api.studies import service as studies
from api.studies.models import Study
from schemas.study import StudyStatus
from tests.diary.sync.network import Answer, Request, Weather, deliver
from tests.diary.sync.phone import Phone
from tests.diary.sync.truth import Broken, Truth, promise
from tests.personas import World

PHONES = st.integers(0, 2)
NUMBERS = st.integers(0, 100)
WHICH = st.integers(0, 5)
ROUNDS = 12


@dataclass(frozen=True)
class Sending:
    """How a phone sends, what befalls the request, and what its leader decides on a conflict."""

    alone: bool
    weather: Weather
    keep_mine: bool


SENDING = st.builds(
    Sending,
    alone=st.booleans(),
    weather=st.sampled_from([Weather.FINE, *Weather]),
    keep_mine=st.booleans(),
)


@dataclass
class Lab:
    """The application that all examples share, and what they found broken."""

    world: World
    broken: list[str] = field(default_factory=list)
    answers: int = 0


class Sync(RuleBasedStateMachine):
    """Leo has two phones, Lena has one."""

    lab: Lab

    def __init__(self) -> None:
        super().__init__()
        self.world = self.lab.world
        self.time = time_machine.travel(clock.now(), tick=True)
        self.clock = self.time.start()
        self.truth = Truth(self.world.engine)
        self.delayed: list[Request] = []
        self.steps = 0
        leo, lena = self.world.join({}), self.world.join({})
        self.leo, self.lena = leo.participant_id, lena.participant_id
        with db.transaction(self.world.engine) as session:
            second = sessions.start(session, self.world.settings, self.leo, self.world.study_id, "tablet")
        assert second.access_token
        assert second.refresh_token
        self.phones = [
            Phone(self.leo, leo.token, leo.refresh_token, leo.device_id),
            Phone(self.leo, second.access_token, second.refresh_token, str(second.device_id)),
            Phone(self.lena, lena.token, lena.refresh_token, lena.device_id),
        ]

    @rule(phone=PHONES, number=NUMBERS, sending=SENDING)
    def write(self, phone: int, number: int, sending: Sending) -> None:
        self.phones[phone].write(number)
        self._send(self.phones[phone], sending)

    @rule(phone=PHONES, number=NUMBERS, which=WHICH, sending=SENDING)
    def edit(self, phone: int, number: int, which: int, sending: Sending) -> None:
        self._pull(self.phones[phone])
        self._edit(self.phones[phone], number, which, sending)

    @rule(number=NUMBERS, which=WHICH, first=SENDING, second=SENDING)
    def edit_on_both(self, number: int, which: int, first: Sending, second: Sending) -> None:
        for phone, sending in zip(self.phones[:2], (first, second), strict=True):
            self._edit(phone, number, which, sending)

    @rule(phone=PHONES, which=WHICH, sending=SENDING)
    def remove(self, phone: int, which: int, sending: Sending) -> None:
        if mine := self.phones[phone].mine():
            self.phones[phone].remove(mine[which % len(mine)])
        self._send(self.phones[phone], sending)

    @rule(phone=PHONES, sending=SENDING)
    def send(self, phone: int, sending: Sending) -> None:
        self._send(self.phones[phone], sending)

    @precondition(lambda self: self.delayed)
    @rule(which=WHICH)
    def arrive_late(self, which: int) -> None:
        self._deliver(self.delayed.pop(which % len(self.delayed)))

    @rule(minutes=st.sampled_from([1, 20]))
    def wait(self, minutes: int) -> None:
        self.clock.shift(timedelta(minutes=minutes))

    @precondition(lambda self: self.truth.stories)
    @rule(phone=PHONES, number=NUMBERS, which=WHICH, sending=SENDING)
    def edit_after_a_week(self, phone: int, number: int, which: int, sending: Sending) -> None:
        self.clock.shift(timedelta(days=8))
        self._edit(self.phones[phone], number, which, sending)

    @rule(phone=PHONES, minutes=st.sampled_from([-600, -4, 0, 4, 600]))
    def set_clock(self, phone: int, minutes: int) -> None:
        self.phones[phone].skew = timedelta(minutes=minutes)

    @rule(phone=PHONES, lost=st.booleans())
    def refresh(self, phone: int, lost: bool) -> None:
        self._refresh(self.phones[phone], lost=lost)

    @precondition(lambda self: self.truth.of(self.leo))
    @rule(which=WHICH)
    def pry(self, which: int) -> None:
        """Lena asks for what is Leo's."""
        theirs = [*self.truth.of(self.leo)]
        entry = theirs[which % len(theirs)]
        lena = self.phones[2]
        spy = Phone(self.lena, lena.token, "", "", lena.issued, lena.skew, lena.revoked, cursor="0")
        for alone in (True, False):
            spy.write(which, entry)
            self._deliver(spy.request(alone=alone))
            spy.outbox.clear()
            spy.known[entry] = (1, "")
            spy.remove(entry)
            self._deliver(spy.request(alone=alone))
        answer = self._get(lena, f"/v1/entries/{entry}")
        with self._noting():
            promise(answer.status_code in {401, 404}, answer.text)

    @precondition(lambda self: self.steps > 8)
    @rule(end=st.sampled_from(["revoke", "out_of_releases", "erase", "close"]))
    def end(self, end: str) -> None:
        """Something ends in the middle of it all."""
        self._refresh(self.phones[0])
        headers = {"Authorization": f"Bearer {self.phones[0].token}"}
        if end == "close":
            if self.truth.closed_at is None:
                self.truth.closed_at = clock.now()
                with db.transaction(self.world.engine) as session:
                    study = studies.get(session, self.world.study_id)
                    studies.change_status(session, OPERATOR, study, StudyStatus.CLOSED)
        elif end == "revoke":
            path = f"/v1/me/devices/{self.phones[1].device_id}"
            if self.world.client.delete(path, headers=headers).status_code == 204:
                self.phones[1].revoked = True
        else:
            answer = self.world.client.post("/v1/me/withdrawal", json={"scope": end}, headers=headers)
            if answer.status_code == 200:
                self.truth.withdrawn.add(self.leo)
                if end == "erase":
                    self.truth.erase(self.leo)
                    self.truth.stored({*self.truth.of(self.leo)})

    def teardown(self) -> None:
        try:
            if self.steps and not self.lab.broken:
                self._settle()
        finally:
            self.time.stop()
            self._reopen()

    def _send(self, phone: Phone, sending: Sending) -> None:
        request = phone.request(alone=sending.alone)
        if sending.weather == Weather.REQUEST_LOST:
            return
        if sending.weather == Weather.DELAYED:
            self.delayed.append(request)
            return
        answer = self._deliver(request)
        if answer.status == 401:
            self._refresh(phone)
            request = phone.request(alone=sending.alone)
            answer = self._deliver(request)
        if sending.weather == Weather.DOUBLED:
            self._deliver(request)
        if sending.weather != Weather.ANSWER_LOST and answer.status != 401:
            phone.hear(request, answer, keep_mine=sending.keep_mine)

    def _edit(self, phone: Phone, number: int, which: int, sending: Sending) -> None:
        if mine := phone.mine():
            phone.write(number, mine[which % len(mine)])
        self._send(phone, sending)

    def _pull(self, phone: Phone) -> None:
        """Ask what is new, as a phone does when it is taken out, and send nothing."""
        request = replace(phone.request(alone=False), ops=[])
        answer = self._deliver(request)
        if answer.status != 401:
            phone.hear(request, answer, keep_mine=True)

    def _deliver(self, request: Request) -> Answer:
        self.steps += 1
        self.lab.answers += 1
        answer = deliver(self.world.client, request)
        with self._noting():
            self.truth.judge(request, answer)
        return answer

    def _refresh(self, phone: Phone, *, lost: bool = False) -> None:
        body = {"refresh_token": phone.refresh_token}
        if lost:
            self.world.client.post("/v1/session/refresh", json=body)  # the phone hears nothing and asks again
        answer = self.world.client.post("/v1/session/refresh", json=body)
        ended = phone.revoked or phone.owner in self.truth.erased
        with self._noting():
            promise((answer.status_code == 200) != ended, answer.text)
        if answer.status_code == 200:
            found = answer.json()
            phone.token, phone.refresh_token = found["access_token"], found["refresh_token"]
            phone.issued = clock.now()

    def _get(self, phone: Phone, path: str) -> Any:
        return self.world.client.get(path, headers={"Authorization": f"Bearer {phone.token}"})

    def _settle(self) -> None:
        """Let the network calm down; then every phone knows what the server has, from whatever point it asks."""
        for request in self.delayed:
            self._deliver(request)
        alive = [phone for phone in self.phones if not phone.revoked and phone.owner not in self.truth.erased]
        for _ in range(2):  # the first phone learns only in the second round what the second sent
            for phone in alive:
                self._converge(phone)
        with self._noting():
            for phone in alive:
                self._compare(phone)
            self.truth.stored({*self.truth.stories})

    @contextmanager
    def _noting(self) -> Iterator[None]:
        try:
            yield
        except Broken as broken:
            self.lab.broken.append(str(broken))
            raise

    def _converge(self, phone: Phone) -> None:
        self._refresh(phone)
        for _ in range(ROUNDS):
            request = phone.request(alone=False)
            answer = self._deliver(request)
            phone.hear(request, answer, keep_mine=True)
            if not phone.outbox and not answer.more:
                return
        with self._noting():
            promise(False, "A phone does not get rid of its outbox.")

    def _compare(self, phone: Phone) -> None:
        wanted = self.truth.current(phone.owner)
        promise(phone.known == wanted, f"A phone knows {phone.known}, not {wanted}.")
        marks = random.Random(len(wanted)).sample(phone.bookmarks, min(2, len(phone.bookmarks)))
        for cursor, known in [(None, {}), *marks]:
            late = Phone(phone.owner, phone.token, "", "", phone.issued, cursor=cursor, known=dict(known))
            request = late.request(alone=False)
            late.hear(request, self._deliver(request), keep_mine=True)
            promise(late.known == wanted, f"From {cursor} a phone learns {late.known}, not {wanted}.")
        listed = self._get(phone, "/v1/entries?limit=200").json()["entries"]
        bodies = {
            str(entry): story.bodies[-1]
            for entry, story in self.truth.of(phone.owner).items()
            if not story.gone
        }
        promise({one["receipt"]["id"] for one in listed} == bodies.keys(), "The list is another.")
        for one in listed:
            body = bodies[one["receipt"]["id"]]
            same = one["entry"]["answers"] == body["answers"]
            made = datetime.fromisoformat(one["entry"]["made_at"]) == datetime.fromisoformat(body["made_at"])
            promise(same and made, f"{one} is not {body}.")

    def _reopen(self) -> None:
        """Open the study for the next example: no leader could."""
        if self.truth.closed_at is not None:
            with db.transaction(self.world.engine) as session:
                session.execute(
                    update(Study)
                    .where(col(Study.id) == self.world.study_id)
                    .values(status=StudyStatus.OPEN, closed_at=None)
                )
