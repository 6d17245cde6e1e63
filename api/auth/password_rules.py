"""Refuses passwords that somebody would try first. How long one must be is in the schema."""

from api.auth.problems import PasswordTooWeak

# Of the most used passwords of twelve letters and more, and what people make of this service's name.
_DENIED = (
    "123456789012",
    "1234567890123",
    "administrator",
    "changemechangeme",
    "correcthorsebatterystaple",
    "daybook",
    "iloveyou",
    "letmeinletmein",
    "password",
    "passw0rd",
    "p@ssw0rd",
    "qwertyuiop",
    "1q2w3e4r5t6y",
    "welcome",
)
_DIFFERENT = 5


def check(password: str, email: str, name: str) -> None:
    """Refuse a password that is a common one, one letter over and over, or somebody's own name or address."""
    if len(set(password.casefold())) < _DIFFERENT:
        raise PasswordTooWeak("Use more different letters.")
    said = left = _bare(password)
    own = [_bare(word) for word in (email, email.partition("@")[0], name)]
    for part in sorted({word for word in (*_DENIED, *own) if len(word) > 3}, key=len, reverse=True):
        left = left.replace(_bare(part), "")
    # What is left when the guessable parts are taken out must still be worth something; signs alone are as good as any.
    if left != said and len(left) < _DIFFERENT + 1:
        raise PasswordTooWeak("It is mostly a common password, your name or your address.")


def _bare(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
