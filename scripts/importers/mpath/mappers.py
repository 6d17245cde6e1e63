"""One small class per kind of m-Path question: what it becomes here, and how its cells become answers."""

import json
from abc import ABC, abstractmethod

from pydantic import JsonValue

from schemas.questions.checks import text_errors
from scripts.importers.mpath.codebook import Item
from scripts.importers.mpath.reading import Row

LONGEST = 20_000
Definition = dict[str, JsonValue]


class Lost(Exception):
    """A cell that becomes no answer; the text says why and repeats nothing that was written."""


class Mapper(ABC):
    """Maps one m-Path question."""

    def __init__(self, item: Item, key: str, language: str) -> None:
        self.item, self.key, self.language = item, key, language

    @abstractmethod
    def questions(self) -> list[Definition]:
        """Return the questions that it becomes."""

    @abstractmethod
    def answers(self, row: Row) -> dict[str, JsonValue]:
        """Return a row's answers to them; raise Lost if a filled cell cannot be one."""

    def label(self, text: str) -> JsonValue:
        """Return a text in the language of the study."""
        return {self.language: text}

    def _definition(self, kind: str, disclosure: str, **more: JsonValue) -> Definition:
        label = self.label(self.item.label)
        return {"type": kind, "key": self.key, "label": label, "disclosure": disclosure, **more}


class NoteMapper(Mapper):
    """Maps a text to read; that it was shown is no answer."""

    def questions(self) -> list[Definition]:
        """Return the note."""
        return [{"type": "note", "key": self.key, "label": self.label(self.item.label)}]

    def answers(self, row: Row) -> dict[str, JsonValue]:  # noqa: ARG002 - a note takes no answer
        """Return nothing."""
        return {}


class YesNoMapper(Mapper):
    """Maps a yes or no."""

    disclosure = "open"

    def questions(self) -> list[Definition]:
        """Return the question."""
        return [self._definition("yes_no", self.disclosure)]

    def answers(self, row: Row) -> dict[str, JsonValue]:
        """Return true or false."""
        if row[self.item.column] not in {"0", "1"}:
            raise Lost("neither 0 nor 1")
        return {self.key: row[self.item.column] == "1"}


class ConsentMapper(YesNoMapper):
    """Maps the question that asks for consent: it also becomes a consent record, and is never released."""

    disclosure = "restricted"


class SliderMapper(Mapper):
    """Maps a slider: whole numbers from 0 to 100; the codebook does not say what its ends are called."""

    low, high = 0, 100

    def questions(self) -> list[Definition]:
        """Return the scale."""
        return [self._definition("scale", "open", min=self.low, max=self.high)]

    def answers(self, row: Row) -> dict[str, JsonValue]:
        """Return the point."""
        return {self.key: whole(row[self.item.column], self.low, self.high)}


class StepsMapper(SliderMapper):
    """Maps the phone's step counter."""

    high = 10**9

    def questions(self) -> list[Definition]:
        """Return the number."""
        return [self._definition("number", "open", min=self.low, max=self.high, unit="steps")]


class TextMapper(Mapper):
    """Maps an open question."""

    def questions(self) -> list[Definition]:
        """Return the text."""
        return [self._definition("long_text", "text", max_length=LONGEST)]

    def answers(self, row: Row) -> dict[str, JsonValue]:
        """Return the text as it was written."""
        return {self.key: storable(text(row[self.item.column]))}


class AgeMapper(Mapper):
    """Maps an age, asked as an open question: restricted as it is, since the profile carries its band."""

    def questions(self) -> list[Definition]:
        """Return the number."""
        return [self._definition("number", "restricted", min=0, max=130, unit="years")]

    def answers(self, row: Row) -> dict[str, JsonValue]:
        """Return the age in years."""
        return {self.key: whole(text(row[self.item.column]).strip(), 0, 130)}


def whole(cell: str, low: int, high: int) -> int:
    """Return a cell as a whole number between two bounds, or raise Lost."""
    if not cell.removeprefix("-").isdecimal() or len(cell) > 12:
        raise Lost("not a whole number")
    if not low <= int(cell) <= high:
        raise Lost(f"not from {low} to {high}")
    return int(cell)


def text(cell: str) -> str:
    """Return a cell as text: m-Path writes it as a JSON string."""
    return texts(cell)[0] if cell.startswith('"') else cell


def texts(cell: str) -> list[str]:
    """Return a cell as the texts that it lists."""
    try:
        listed = json.loads(f"[{cell}]")
    except ValueError:
        raise Lost("not a list of quoted texts") from None
    if not listed or not all(isinstance(one, str) for one in listed):
        raise Lost("not a list of quoted texts")
    return [str(one) for one in listed]


def storable(written: str) -> str:
    """Return a text that every database keeps, or raise Lost."""
    if not written.strip():
        raise Lost("a blank text")
    if errors := text_errors(written, "", LONGEST):
        raise Lost(errors[0].code.replace("_", " "))
    return written
