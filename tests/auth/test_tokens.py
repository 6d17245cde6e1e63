"""Personal access tokens: scoped to a study and to verbs, expiring, revocable."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import select

from api.audit.events import Event
from api.audit.models import AuditEvent
from api.audit.service import OPERATOR
from api.auth import service as auth
from api.auth.models import AccessToken, Staff
from api.auth.verbs import ROLE_VERBS, Role, Verb
from api.core import clock, crypto, db, problems
from tests.commands import daybook
from tests.meta.shape import contents, nothing_stored, refused
from tests.personas import Caller, World


def token_of(world: World, caller: Caller) -> AccessToken:
    with db.reading(world.engine) as session:
        return session.exec(
            select(AccessToken).where(AccessToken.token_hash == crypto.digest(caller.token))
        ).one()


def test_a_token_may_do_less_than_its_owner(world: World) -> None:
    reader = world.staff("Rita Reader", Role.OWNER, [Verb.STUDY_READ])
    assert reader.get(world.path).status_code == 200
    with nothing_stored(world.engine, but=["audit_event"]):
        refused(reader.get(f"{world.path}/participants"), 403, "forbidden")
        refused(reader.post(f"{world.path}/invitations", {"count": 1}), 403, "forbidden")


@pytest.mark.parametrize("role", Role)
def test_each_role_may_do_what_the_table_says_and_no_more(world: World, role: Role) -> None:
    someone = world.staff("Sam Someone", role)
    asked = {
        Verb.STUDY_READ: someone.get(world.path),
        Verb.INSTRUMENT_READ: someone.get(f"{world.path}/instruments"),
        Verb.PARTICIPANT_READ: someone.get(f"{world.path}/participants"),
        Verb.PARTICIPANT_INVITE: someone.post(f"{world.path}/invitations", {"count": 1}),
        Verb.RELEASE_READ: someone.get(f"{world.path}/releases"),
        Verb.STUDY_UPDATE: someone.patch(world.path, {"title": "New"}),
    }
    for verb, answer in asked.items():
        wanted = {200, 201} if verb in ROLE_VERBS[role] else {403}
        assert answer.status_code in wanted, (role, verb)


def test_a_token_cannot_be_made_for_more_than_the_role_or_for_an_outsider(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    with nothing_stored(world.engine), db.transaction(world.engine) as session:
        ana = session.get_one(Staff, token_of(world, world.ana).staff_id)
        for study, verbs, problem in (
            (world.study_id, [Verb.STUDY_UPDATE], problems.Conflict),
            (other.study_id, [], problems.NotFound),
        ):
            with pytest.raises(problem):
                auth.create_token(session, OPERATOR, ana, study, "more", verbs, 1)


def test_a_token_of_the_command_line_reads_releases_unless_it_is_told_more(world: World) -> None:
    olivia = token_of(world, world.olivia).staff_id
    with db.reading(world.engine) as session:
        email = session.get_one(Staff, olivia).email

    def made(*more: str) -> Caller:
        status, secret = daybook(world.settings, "token", "create", email, "--study", world.study_id, *more)
        assert status == 0, secret
        return Caller(world.client, secret.strip())

    narrow, wide = made(), made("--verb", "study.read", "--verb", "study.update")
    assert token_of(world, narrow).verbs == [Verb.RELEASE_READ]
    assert narrow.get(f"{world.path}/releases").status_code == 200
    refused(narrow.get(world.path), 403, "forbidden")
    assert wide.patch(world.path, {"title": "New"}).status_code == 200
    refused(wide.get(f"{world.path}/releases"), 403, "forbidden")


def test_a_role_that_was_lowered_takes_the_verbs_away_at_once(world: World) -> None:
    before = token_of(world, world.olivia)
    with db.transaction(world.engine) as session:
        auth.set_role(session, OPERATOR, world.study_id, before.staff_id, Role.ANALYST)
    refused(world.olivia.patch(world.path, {"title": "New"}), 403, "forbidden")


def test_a_token_of_another_study_finds_nothing_here_even_with_a_role(world: World) -> None:
    other = World(world.client, world.engine, world.settings, "Another study")
    with db.transaction(world.engine) as session:
        staff_id = token_of(world, other.olivia).staff_id
        auth.set_role(session, OPERATOR, world.study_id, staff_id, Role.OWNER)
    refused(other.olivia.get(world.path), 404, "not-found")
    assert [study["id"] for study in other.olivia.get("/v1/studies").json()] == [str(other.study_id)]
    assert [study["id"] for study in world.olivia.get("/v1/studies").json()] == [str(world.study_id)]


def test_an_expired_token_is_useless_from_that_moment(world: World) -> None:
    ends = token_of(world, world.olivia).expires_at
    with time_machine.travel(ends - timedelta(seconds=1), tick=False) as at:
        assert world.olivia.get(world.path).status_code == 200
        at.shift(1)
        refused(world.olivia.get(world.path), 401, "unauthenticated")


def test_a_revoked_token_is_useless_at_once_and_revoking_again_changes_nothing(world: World) -> None:
    token = token_of(world, world.olivia)
    with db.transaction(world.engine) as session:
        auth.revoke_token(session, OPERATOR, token.id)
    refused(world.olivia.get(world.path), 401, "unauthenticated")
    with nothing_stored(world.engine), db.transaction(world.engine) as session:
        auth.revoke_token(session, OPERATOR, token.id)
        with pytest.raises(problems.NotFound):
            auth.revoke_token(session, OPERATOR, world.study_id)


def test_disabled_staff_have_no_access(world: World) -> None:
    with db.transaction(world.engine) as session:
        session.get_one(Staff, token_of(world, world.ana).staff_id).disabled_at = clock.now()
    with nothing_stored(world.engine):
        refused(world.ana.get(world.path), 401, "unauthenticated")


def test_the_last_use_is_noted_once_a_minute(world: World) -> None:
    assert token_of(world, world.ana).last_used_at is None
    with time_machine.travel(clock.now(), tick=False) as at:
        world.ana.get(world.path)
        first = token_of(world, world.ana).last_used_at
        assert first == clock.now()
        at.shift(30)
        world.ana.get(world.path)
        assert token_of(world, world.ana).last_used_at == first
        at.shift(31)
        world.ana.post(f"{world.path}/invitations")
        assert token_of(world, world.ana).last_used_at == clock.now()


def test_a_token_is_stored_as_a_hash_only(world: World) -> None:
    assert world.olivia.token.startswith("dbp_")
    assert world.olivia.token not in str(contents(world.engine))
    assert world.olivia.token[4:] not in str(contents(world.engine))


def test_a_refused_attempt_is_in_the_audit_although_the_request_was_rolled_back(world: World) -> None:
    answer = world.ana.post(f"{world.path}/invitations", {"count": 1})
    body = refused(answer, 403, "forbidden")
    with db.reading(world.engine) as session:
        (denied,) = session.exec(select(AuditEvent).where(AuditEvent.event == Event.ACCESS_DENIED)).all()
    assert (denied.actor_id, denied.study_id) == (token_of(world, world.ana).staff_id, world.study_id)
    assert denied.detail == {"verb": "participant.invite"}
    assert denied.request_id == body["request_id"]
