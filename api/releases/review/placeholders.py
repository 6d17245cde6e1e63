"""Placeholders: the same name in the texts of one participant has the same number, and no number is used again."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from uuid import UUID

from sqlmodel import Session, select

from api.core import crypto
from api.core.config import Settings
from api.releases.review.folding import fold
from api.releases.review.models import TextPlaceholder
from api.studies.secrets import study_secret
from schemas.review import Kind


@dataclass(frozen=True)
class Named:
    """A piece that is to be replaced: what stands there, and the number or the letter that it was given."""

    kind: Kind
    words: str
    label: str


def written(kind: Kind, label: int | str) -> str:
    """Return a placeholder: [PERSON-3]."""
    return f"[{kind.value.upper().replace('_', '-')}-{label}]"


def label_of(kind: Kind, placeholder: str) -> str | None:
    """Return the number or letter of a placeholder, or None if it is of another kind."""
    name, _, label = placeholder.strip("[]").rpartition("-")
    return label if name == kind.value.upper().replace("_", "-") else None


class Numbers:
    """The numbers that names have in the texts of one participant."""

    def __init__(self, session: Session, settings: Settings, study_id: UUID, participant_id: UUID) -> None:
        self._session, self._who = session, participant_id
        secret = study_secret(session, settings, study_id)
        self._key = crypto.derive(secret, "text placeholders", str(participant_id))
        rows = session.exec(select(TextPlaceholder).where(TextPlaceholder.participant_id == participant_id))
        self._known = {(row.kind, row.name_hash): row.number for row in rows}
        self._given = {(kind, number) for (kind, _), number in self._known.items()}

    def suggest(self, found: Iterable[tuple[Kind, str]]) -> list[str]:
        """Return a placeholder for each piece: with its number, or with a letter where it has none yet."""
        letters: dict[tuple[Kind, str], str] = {}
        used: Counter[Kind] = Counter()
        made = []
        for kind, words in found:
            name = (kind, self._hash(words))
            if name not in self._known and name not in letters:
                letters[name] = _letter(used[kind])
                used[kind] += 1
            made.append(written(kind, self._known.get(name) or letters[name]))
        return made

    def has(self, kind: Kind, number: int) -> bool:
        """Say whether somebody has this number already."""
        return (kind, number) in self._given

    def settle(self, pieces: Sequence[Named]) -> list[int]:
        """Return each piece's number, giving new ones where needed.

        A number that the reviewer chose is taken as it is, and is the name's from now on if that had none. Pieces of
        one letter get one number: the lowest that any of their names has, or the next that is free.
        """
        groups: dict[tuple[Kind, str], list[str]] = {}
        for piece in pieces:
            groups.setdefault((piece.kind, piece.label), []).append(self._hash(piece.words))
        numbers: dict[tuple[Kind, str], int] = {}
        for (kind, label), hashes in groups.items():
            known = [self._known[kind, one] for one in hashes if (kind, one) in self._known]
            chosen = int(label) if label.isdigit() else min(known, default=0) or self._next(kind)
            numbers[kind, label] = chosen
            for one in hashes:
                self._know(kind, one, chosen)
        return [numbers[piece.kind, piece.label] for piece in pieces]

    def _next(self, kind: Kind) -> int:
        return 1 + max((number for given, number in self._given if given is kind), default=0)

    def _know(self, kind: Kind, name_hash: str, number: int) -> None:
        if (kind, name_hash) not in self._known:
            self._known[kind, name_hash] = number
            self._given.add((kind, number))
            row = TextPlaceholder(participant_id=self._who, kind=kind, name_hash=name_hash, number=number)
            self._session.add(row)

    def _hash(self, words: str) -> str:
        return crypto.authenticate(self._key, fold(words))


def _letter(number: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    letters = ""
    while number >= 0:
        number, letter = number // 26 - 1, ascii_uppercase[number % 26]
        letters = letter + letters
    return letters
