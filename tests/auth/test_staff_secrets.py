"""What staff may choose as a password, and how hard the codes that we make are to guess."""

import math

import pytest

from api.auth import password_rules
from api.auth.problems import PasswordTooWeak
from api.core.ids import new_id
from api.core.passwords import Passwords
from tests.auth.people import Person, accepts, confirms, invited, person
from tests.meta.shape import refused
from tests.personas import World

SOUND = {
    "twelve letters": "quiet otters",
    "sixty-four letters": "one of the many quiet otters, who sleep by day on the river bank",
    "two hundred letters": "otter, badger & vole; " * 9 + "ab",
    "spaces at both ends": "  several quiet otters ",
    "another alphabet": "\u03c0\u03bf\u03bb\u03bb\u03ad\u03c2 \u03b2\u03af\u03b4\u03c1\u03b5\u03c2",
    "signs alone": "!$%&/()=?#+*",
    "digits alone": "904817236615",
}


@pytest.mark.parametrize("kind", SOUND)
def test_a_password_of_any_composition_works_exactly_as_it_was_chosen(world: World, kind: str) -> None:
    chosen, attempt = SOUND[kind], new_id()
    made = invited(world, "Nia New")
    accepted = accepts(world, made.code, attempt, password=chosen)
    assert accepted.status_code == 200, accepted.text
    nia = Person(world.client, made.email, accepted.json()["secret"], chosen)
    assert confirms(world, made.code, attempt, nia.code()).status_code == 201
    nia.signs_in()


@pytest.mark.parametrize("kind", SOUND)
def test_no_other_password_is_as_good(kind: str) -> None:
    chosen, passwords = SOUND[kind], Passwords(1)
    stored = passwords.hash(chosen)
    assert passwords.matches(chosen, stored)
    for other in {chosen.swapcase(), chosen.strip(), chosen[:-1], chosen + " "} - {chosen}:
        assert not passwords.matches(other, stored)


@pytest.mark.parametrize("chosen", ["quiet otter", "otter, badger & vole; " * 9 + "abc"], ids=["11", "201"])
def test_a_password_beyond_the_limits_is_refused(world: World, chosen: str) -> None:
    refused(accepts(world, invited(world, "Nia New").code, password=chosen), 422, "invalid")


@pytest.mark.parametrize(
    "weak", ["Password!!!!!!", "daybook-daybook", "aabbccddaabb", "Nia.New-nia.new", "P@ssw0rd-2026"]
)
def test_what_somebody_would_try_first_is_refused(weak: str) -> None:
    with pytest.raises(PasswordTooWeak):
        password_rules.check(weak, "nia.new@example.org", "Nia New")


def test_a_recovery_code_cannot_be_found_from_its_hash(world: World) -> None:
    codes = person(world, "Nia New").recovery_codes
    letters = {letter for code in codes for letter in code if letter != "-"}
    assert len(set(codes)) == len(codes) == 10
    for code in codes:
        # ASVS 6.5.2: a plain hash is enough from 112 bits.
        assert len(code.replace("-", "")) * math.log2(len(letters)) > 112
