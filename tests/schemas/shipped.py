"""The shipped instruments, loaded once."""

from pathlib import Path

import schemas
from schemas.instrument import InstrumentDefinition

FOLDER = Path(schemas.__path__[0]) / "instruments"


def load(name: str) -> InstrumentDefinition:
    return InstrumentDefinition.model_validate_json((FOLDER / name).read_text(encoding="utf-8"))


DIARY = load("place-leadership-diary.v1.json")
PROFILE = load("place-leadership-profile.v1.json")
