"""Whatever is wrong with what the provider says, or with whom it names: one answer, no session, no connection."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import jwt
import pytest
from sqlmodel import Session, select

from api.audit.events import Event
from api.audit.service import OPERATOR
from api.auth import administration, inviting, service
from api.auth.account_models import StaffSession
from api.auth.models import Staff
from api.core import clock, db, ledger
from api.core.ids import new_id
from api.core.ledger import Line
from tests.auth.oidc import organisation
from tests.auth.oidc.organisation import CLIENT_ID, Organisation, ec_key, rsa_key
from tests.auth.oidc.travelling import (
    Site,
    comes_in,
    connected,
    connects,
    goes,
    identities,
    wrongs,
)
from tests.auth.people import Person, accepts, becomes, invited, person
from tests.meta.shape import nothing_stored, refused

SLUG = "provider-sign-in-refused"
NOTED = {"audit_event", "spent_state"}  # that it was refused, and that this flow is over
Wrong = Callable[[Organisation], None]


def claiming(**claims: object) -> Wrong:
    """Let the provider say something else; None leaves a claim out."""

    def go_wrong(home: Organisation) -> None:
        home.change = lambda said: {k: v for k, v in (said | claims).items() if v is not None}

    return go_wrong


def at(**seconds: int) -> Wrong:
    def go_wrong(home: Organisation) -> None:
        home.change = lambda said: said | {name: said["iat"] + ahead for name, ahead in seconds.items()}

    return go_wrong


def setting(**values: Any) -> Wrong:
    def go_wrong(home: Organisation) -> None:
        for name, value in values.items():
            setattr(home, name, value)

    return go_wrong


def weak(home: Organisation) -> None:
    home.published["weak"] = home.key = rsa_key("weak", 1_024)
    home.kid = "weak"


def nameless(home: Organisation) -> None:
    home.sign = lambda home, claims: jwt.encode(claims, home.key, algorithm=home.algorithm)


def for_secrets(home: Organisation) -> None:
    home.published["sealing"] = home.key = rsa_key("sealing")
    home.kid, home.uses = "sealing", {"sealing": "enc"}


TOKENS: dict[str, tuple[Wrong, str]] = {
    "another nonce": (claiming(nonce="x" * 43), "token.nonce"),
    "no nonce": (claiming(nonce=None), "token.nonce"),
    "for another client": (claiming(aud="another"), "token.aud"),
    "for others as well": (claiming(aud=[CLIENT_ID, "another"], azp=CLIENT_ID), "token.aud"),
    "for nobody": (claiming(aud=None), "token.aud"),
    "asked for by another client": (claiming(azp="another"), "token.azp"),
    "by another issuer": (claiming(iss="https://login.example.org"), "token.iss"),
    "by an issuer with a slash": (lambda home: claiming(iss=home.url + "/")(home), "token.iss"),
    "by nobody": (claiming(iss=None), "token.iss"),
    "expired": (at(exp=-31), "token.exp"),
    "for ever": (claiming(exp=None), "token.exp"),
    "of tomorrow": (at(iat=86_400, exp=90_000), "token.iat"),
    "about nobody": (claiming(sub=None), "token.sub"),
    "about an empty name": (claiming(sub=""), "token.sub"),
    "about a name of another form": (claiming(sub=["nia at the university"]), "token.sub"),
    "about a name that cannot be stored": (claiming(sub="nia\x00"), "token.sub"),
    "unsigned": (setting(sign=organisation.unsigned), "token.alg"),
    "signed with the public key": (setting(sign=organisation.signed_with_the_public_key), "token.alg"),
    "signed by another algorithm": (setting(algorithm="RS512"), "token.alg"),
    "signed with another's key": (setting(key=rsa_key("another")), "token.signature"),
    "signed with an unknown key": (setting(key=rsa_key("another"), kid="another"), "token.kid"),
    "signed with a key without a name": (nameless, "token.kid"),
    "signed with a short key": (weak, "token.key"),
    "signed with a key for secrets": (for_secrets, "token.kid"),
    "signed by a curve under the name of a number": (setting(algorithm="ES256", key=ec_key("x")), "token"),
    "not signed, not anything": (setting(sign=lambda *_: "nonsense"), "token"),
    "an error in place of a code": (setting(refuses="access_denied"), "provider"),
}


@pytest.fixture
def known(nia: Person) -> Person:
    """Nia, who could come in if nothing were wrong."""
    connected(nia.signs_in())
    comes_in(nia)
    return nia


@contextmanager
def one_wrong(site: Site, why: str) -> Iterator[None]:
    before = wrongs(site.engine)
    with nothing_stored(site.engine, but=NOTED):
        yield
    assert wrongs(site.engine) == [*before, why]


# Of the provider's library and of ours, each about the short key.
@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("name", TOKENS)
def test_a_token_with_anything_wrong_signs_nobody_in(
    site: Site, known: Person, university: Organisation, name: str
) -> None:
    go_wrong, why = TOKENS[name]
    go_wrong(university)
    with one_wrong(site, why):
        found = refused(goes(site.client).returns(), 401, SLUG)
    assert found.keys() == {"type", "title", "status", "request_id"}


@pytest.mark.parametrize(
    "name", ["another nonce", "for another client", "unsigned", "an error in place of a code"]
)
def test_nor_does_it_connect_anybody(site: Site, nia: Person, university: Organisation, name: str) -> None:
    go_wrong, why = TOKENS[name]
    trip = connects(nia.signs_in())
    go_wrong(university)
    with one_wrong(site, why):
        refused(trip.returns(), 401, SLUG)
    assert identities(site.engine) == []


@pytest.mark.parametrize(
    ("email", "verified"),
    [
        (None, False),
        (None, "true"),
        (None, 1),
        (None, None),
        ("somebody@elsewhere.example.org", True),
        ("", True),
        (["nia@example.org"], True),
        ("K", True),
    ],
    ids=[
        "unverified",
        "true as a text",
        "true as a number",
        "not said",
        "another",
        "none",
        "a list",
        "look-alike",
    ],
)
def test_an_account_is_connected_by_its_own_verified_address_alone(
    site: Site, university: Organisation, email: Any, verified: object
) -> None:
    kim = person(site, "Kim")
    university.email, university.email_verified = email if email is not None else kim.email, verified
    if email == "K":  # the Kelvin sign, whose small letter is the k of everybody
        university.email = kim.email.replace("k", "\u212a", 1)
        assert university.email.lower() == kim.email
    trip = connects(kim.signs_in())
    with one_wrong(site, "address"):
        refused(trip.returns(), 401, SLUG)
    university.email, university.email_verified = kim.email.upper(), True
    connected(kim.signs_in())


def test_an_address_alone_opens_no_account(site: Site, nia: Person) -> None:
    """Whoever invites somebody learns the code, and may have accepted it in their place."""
    with one_wrong(site, "unknown"):
        refused(goes(site.client).returns(), 401, SLUG)
    assert identities(site.engine) == []


def test_nobody_comes_in_to_an_account_that_was_not_accepted(site: Site, university: Organisation) -> None:
    made = invited(site, "Ines Invited")
    with db.transaction(site.engine) as session:
        added = service.add_staff(session, OPERATOR, f"tom.{new_id().hex[-6:]}@example.org", "Tom Tokens")
    accepts(site, made.code)  # and did not confirm
    for email in (made.email, added.email, "nobody@example.org"):
        university.email = email
        with one_wrong(site, "unknown"):
            refused(goes(site.client).returns(), 401, SLUG)
    university.email = made.email
    ines = becomes(site, _invited_again(site, made.email), "Ines Invited")
    connected(ines.signs_in())
    comes_in(ines)


def _invited_again(site: Site, email: str) -> Any:
    with db.transaction(site.engine) as session:
        return inviting.invite(session, OPERATOR, inviting.Offer(email), 7)


def test_disabled_staff_do_not_come_in_until_they_are_let_in_again(site: Site, known: Person) -> None:
    def disabled(disabled: bool) -> None:
        with db.transaction(site.engine) as session:
            who = session.exec(select(Staff).where(Staff.email == known.email)).one()
            administration.set_disabled(session, OPERATOR, who.id, disabled=disabled)

    trip = goes(site.client)
    disabled(True)
    with one_wrong(site, "disabled"):
        refused(trip.returns(), 401, SLUG)
    disabled(False)
    comes_in(known)


def test_a_reset_takes_the_connection_away(site: Site, known: Person) -> None:
    going, connecting = goes(site.client), connects(known.signs_in())
    with db.transaction(site.engine) as session:
        made = inviting.reset(session, OPERATOR, service.staff_by_email(session, known.email), 7)
    assert identities(site.engine) == []
    with one_wrong(site, "unknown"):
        refused(going.returns(), 401, SLUG)
    with one_wrong(site, "session"):
        refused(connecting.returns(), 401, SLUG)
    anew = becomes(site, made, "Nia New")
    connected(anew.signs_in())
    comes_in(anew)


def test_a_restore_takes_the_connection_away_again(site: Site, known: Person) -> None:
    with db.transaction(site.engine) as session:
        line = Line(clock.now(), Event.STAFF_RESET, {"staff_id": str(_id_of(session, known))})
        assert ledger.redo(session, [line]) == {Event.STAFF_RESET: 1}
    assert identities(site.engine) == []
    with one_wrong(site, "unknown"):
        refused(goes(site.client).returns(), 401, SLUG)


@pytest.mark.parametrize("doing", ["signing in", "connecting"] * 3)
def test_a_reset_at_the_same_moment_leaves_no_way_in(site: Site, nia: Person, doing: str) -> None:
    """Whoever was faster: nobody is signed in or connected afterwards by what was good before."""
    here = nia.signs_in()
    if doing == "signing in":
        connected(here)
    trips = [goes(site.client) if doing == "signing in" else connects(here) for _ in range(4)]
    answers = [trip.asks() for trip in trips]

    def reset() -> None:
        with db.transaction(site.engine) as session:
            inviting.reset(session, OPERATOR, service.staff_by_email(session, nia.email), 7)

    with ThreadPoolExecutor(6) as pool:
        coming = [pool.submit(trip.returns, answer) for trip, answer in zip(trips, answers, strict=True)]
        wait(coming, return_when=FIRST_COMPLETED)
        pool.submit(reset).result()
        assert {one.result().status_code for one in coming} <= {303, 401, 503}
    assert identities(site.engine) == []
    with db.reading(site.engine) as session:
        assert [one for one in session.exec(select(StaffSession)) if one.ended_at is None] == []


def _id_of(session: Session, who: Person) -> UUID:
    return service.staff_by_email(session, who.email).id


def test_a_session_that_ended_on_the_way_connects_nothing(site: Site, nia: Person) -> None:
    here = nia.signs_in()
    trip = connects(here)
    here.delete("/v1/staff/session")
    with one_wrong(site, "session"):
        refused(trip.returns(), 401, SLUG)


def test_somebody_else_with_the_same_address_is_refused(
    site: Site, known: Person, university: Organisation
) -> None:
    """An address that a university gives to the next Nia opens nothing of the first one's."""
    university.sub = "the next Nia"
    with one_wrong(site, "unknown"):
        refused(goes(site.client).returns(), 401, SLUG)
    trip = connects(known.signs_in())
    with one_wrong(site, "identity"):
        refused(trip.returns(), 401, SLUG)
    assert identities(site.engine) == ["nia at the university"]
    university.sub = "nia at the university"
    comes_in(known)


def test_one_identity_is_one_person_only(site: Site, known: Person, university: Organisation) -> None:
    mia = person(site, "Mia Member")
    university.email = mia.email  # the same sub, with an address that the university has changed
    trip = connects(mia.signs_in())
    with one_wrong(site, "identity"):
        refused(trip.returns(), 401, SLUG)
    assert comes_in(known).get("/v1/staff/session").json()["email"] == known.email


def test_the_subject_is_compared_letter_for_letter(
    site: Site, known: Person, university: Organisation
) -> None:
    for sub in ("Nia at the university", "nia at the university "):
        university.sub = sub
        with one_wrong(site, "unknown"):
            refused(goes(site.client).returns(), 401, SLUG)


def test_everybody_who_is_refused_hears_the_same(site: Site, known: Person, university: Organisation) -> None:
    answers = []
    for name in ("another nonce", "an error in place of a code"):
        TOKENS[name][0](university)
        answers.append(goes(site.client).returns())
        university.change, university.refuses = (lambda claims: claims), None
    for university.sub, university.email in (("nobody", "nobody@example.org"), ("nobody", known.email)):
        answers.append(goes(site.client).returns())
    with db.transaction(site.engine) as session:
        session.exec(select(Staff).where(Staff.email == known.email)).one().disabled_at = clock.now()
    university.sub = "nia at the university"
    answers += [goes(site.client).returns(), goes(site.client).returns(kept="")]
    assert len({str(refused(answer, 401, SLUG) | {"request_id": 0}) for answer in answers}) == 1
    assert len({str(sorted(set(answer.headers))) for answer in answers}) == 1
    with db.reading(site.engine) as session:
        assert {one.signed_in_by.value for one in session.exec(select(StaffSession))} == {
            "password",
            "provider",
        }
