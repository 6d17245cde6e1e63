"""What staff may choose as a password, and how hard the codes that we make are to guess."""

import math
from typing import Any

import pytest
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

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


COMMON = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 12]


def test_the_common_passwords_that_are_long_enough_are_refused_however_they_are_written() -> None:
    assert len(COMMON) > 200
    for word in COMMON:
        for written in (word, word.upper(), word * 2, f"{word}1"):
            with pytest.raises(PasswordTooWeak):
                password_rules.check(written, "nia.new@example.org", "Nia New")


@pytest.mark.parametrize(
    "weak",
    [
        "Liverpool1892!",
        "monkeydragon12",
        "qwertyuiop[]12",
        "Manchester2024",
        "1q2w3e4r5t6y7u",
        "correct horse battery staple",
        "Nia-daybook-2026",
        "letmeinplease" * 15,
    ],
)
def test_what_is_put_together_of_common_parts_is_refused_with_a_sentence(weak: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        password_rules.check(weak, "nia.new@example.org", "Nia New")
    assert refused.value.detail == (
        "It is close to a common password, your name or your address. A few words are better."
    )


def test_a_long_password_is_judged_in_short_parts_of_which_one_must_be_strong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parts: list[str] = []

    def judged(part: str) -> Any:
        parts.append(part)
        return zxcvbn(part)

    monkeypatch.setattr(password_rules, "zxcvbn", judged)
    slow = "4@8({[</369&#!1/|0$5+7%2/" * 8  # seconds, as one piece
    for chosen in (slow, "letmeinplease" * 13 + "several quiet otters"):
        password_rules.check(chosen, "nia.new@example.org", "Nia New")
    assert max(map(len, parts)) == 20
    assert len(parts) <= 20


def test_a_recovery_code_cannot_be_found_from_its_hash(world: World) -> None:
    codes = person(world, "Nia New").recovery_codes
    letters = {letter for code in codes for letter in code if letter != "-"}
    assert len(set(codes)) == len(codes) == 10
    for code in codes:
        # ASVS 6.5.2: a plain hash is enough from 112 bits.
        assert len(code.replace("-", "")) * math.log2(len(letters)) > 112
