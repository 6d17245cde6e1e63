"""Hashes the passwords of tests at argon2id's least cost: at the real one, half of some tests was hashing."""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.core import passwords

RECOMMENDED, NOBODY = passwords.HASHER, passwords.NOBODY
CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


def cheapen() -> None:
    """Hash and compare cheaply in this process from now on, for accounts that do not exist too."""
    passwords.HASHER, passwords.NOBODY = CHEAP, CHEAP.hash("nobody's")
