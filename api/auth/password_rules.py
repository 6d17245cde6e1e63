"""Refuses passwords that somebody would try early. How long one must be is in the schema.

What is left of a password without our own name and its owner's is judged by zxcvbn, which knows 30,000 common
passwords, words, names, runs on a keyboard, dates and repeats (docs/decisions/0015-how-passwords-are-judged.md).
"""

from zxcvbn import zxcvbn

from api.auth.problems import PasswordTooWeak

_CONTEXT = ("daybook", "correcthorsebatterystaple")
_DIFFERENT = 5
_GUESSES = 10**8
_PART = 20  # its time grows with powers of the length: 40 ms here at worst, seconds at 70


def check(password: str, email: str, name: str) -> None:
    """Refuse a password that is guessed early: of common parts, of few letters, of somebody's own name or address."""
    if len(set(password.casefold())) < _DIFFERENT:
        raise PasswordTooWeak("Use more different letters.")
    left = _once(_without(password, (*_CONTEXT, email, email.partition("@")[0], name)))
    # Whoever guesses the whole has guessed each part of it: one strong part is enough.
    parts = (left[start : start + _PART] for start in range(0, len(left), _PART))
    if not any(zxcvbn(part)["guesses"] >= _GUESSES for part in parts):
        raise PasswordTooWeak(
            "It is close to a common password, your name or your address. A few words are better."
        )


def _without(password: str, context: tuple[str, ...]) -> str:
    """Return a password without the words that are no secret; as it is, if it has none of them."""
    said = left = _bare(password)
    for word in sorted({_bare(one) for one in context}, key=len, reverse=True):
        if len(word) > 3:
            left = left.replace(word, "")
    return password if left == said else left


def _once(text: str) -> str:
    """Return what a text repeats over and over, to its end or nearly; or the text itself."""
    ends = range(1, len(text) // 2 + 1)
    return next((text[:end] for end in ends if (text[:end] * len(text)).startswith(text)), text)


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
