"""Hashes passwords with argon2id, a few at a time: each takes 64 MiB and a tenth of a second of every core."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from pwdlib import PasswordHash

from api.core.problems import Unavailable

HASHER = PasswordHash.recommended()
# The hash of a random text that nobody kept, compared where there is no account: both take the same time.
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$COV/QtmnJiXeVdqXcBXMzw$w2MGovl+l/5kNwI4HgawmLiXwq6ryoakn/AEMPqQlzI"


class Passwords:
    """Hashes and compares; answers 503 at once where too many are being hashed already."""

    def __init__(self, most: int) -> None:
        self._places = BoundedSemaphore(most)

    def hash(self, password: str) -> str:
        """Return what is stored of a password."""
        with self._place():
            return HASHER.hash(_normal(password))

    def matches(self, password: str, stored: str | None) -> bool:
        """Say whether a password is the stored one; without one, take the same time and say no."""
        with self._place():
            return HASHER.verify(_normal(password), stored or NOBODY) and stored is not None

    @contextmanager
    def _place(self) -> Iterator[None]:
        # Not a queue: whoever waited would keep a thread from the leaders' phones.
        if not self._places.acquire(blocking=False):
            raise Unavailable
        try:
            yield
        finally:
            self._places.release()


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # keyboards differ in how they compose a letter
