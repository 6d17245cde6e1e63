"""Maps m-Path's choices: the export has no list of options, so they are gathered from what was chosen."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import JsonValue

from scripts.importers.mpath.codebook import Item, slug
from scripts.importers.mpath.mappers import LONGEST, Definition, Lost, Mapper, storable, texts
from scripts.importers.mpath.reading import Row

OWN = "other"
_OWN_LABEL = "Other, in the participant's own words"


@dataclass(frozen=True)
class Chosen:
    """One option as a row names it: its number, its wording, its number on a scale."""

    index: int
    wording: str
    likert: str


class ChoiceMapper(Mapper):
    """Maps a choice of one or several options.

    A participant can add options of their own in m-Path; they follow the fixed ones. What stands under the
    first number that has several wordings, or at the end and was chosen by one person alone, is therefore
    taken as their own words: never an option, whose wording every release would show, but a text.
    """

    disclosure = "open"

    def __init__(self, item: Item, key: str, language: str, rows: Iterable[Row]) -> None:
        super().__init__(item, key, language)
        self.several = item.answer.endswith("List")
        self.options = _options(_seen(item, rows))
        self.has_own = None in self.options.values()
        self.own = OWN if OWN not in {one and one[0] for one in self.options.values()} else "own_answer"

    def questions(self) -> list[Definition]:
        """Return the choice, and the text behind "other"."""
        options: list[JsonValue] = [
            {"value": option[0], "label": self.label(option[1])} for option in self.options.values() if option
        ]
        if self.has_own:
            options.append({"value": self.own, "label": self.label(_OWN_LABEL)})
        kind = "multiple_choice" if self.several else "single_choice"
        choice = self._definition(kind, self.disclosure, options=options)
        return [choice, self._own_words()] if self.has_own else [choice]

    def answers(self, row: Row) -> dict[str, JsonValue]:
        """Return the chosen options' values, and a participant's own words."""
        found = chosen(self.item, row)
        if len(found) > 1 and not self.several:
            raise Lost("several options where one may be chosen")
        options = [self.options[one.index] for one in found]
        values: list[JsonValue] = [*dict.fromkeys(one[0] if one else self.own for one in options)]
        own = [one.wording for one, option in zip(found, options, strict=True) if option is None]
        answers: dict[str, JsonValue] = {self.key: values if self.several else values[0]}
        if any(words.strip() for words in own):
            answers[f"{self.key}_other"] = storable("; ".join(own))
        return answers

    def _own_words(self) -> Definition:
        return {
            "type": "long_text",
            "key": f"{self.key}_other",
            "label": self.label(f"{self.item.label} ({_OWN_LABEL.lower()})"),
            "disclosure": "text",
            "max_length": LONGEST,
            "relevant": {"equals": {"question": self.key, "value": self.own}},
        }


class RestrictedChoiceMapper(ChoiceMapper):
    """Maps a choice whose answer the profile carries: on the form itself it is never released."""

    disclosure = "restricted"


def chosen(item: Item, row: Row) -> list[Chosen]:
    """Return what a row chose, or raise Lost."""
    indices = row[item.columns["index"]].split(",")
    wordings = texts(row[item.columns["string"]])
    likert = row[item.columns.get("likert", "")].split(",")
    if not all(index.strip().isdecimal() and len(index) < 5 for index in indices):
        raise Lost("not a list of option numbers")
    if len(indices) != len(wordings):
        raise Lost("as many numbers as texts are needed")
    if len(likert) != len(indices):
        likert = [""] * len(indices)
    return [Chosen(int(i), w, n) for i, w, n in zip(indices, wordings, likert, strict=True)]


_Seen = dict[int, dict[Chosen, set[str]]]


def _seen(item: Item, rows: Iterable[Row]) -> _Seen:
    """Return, by number, each way in which an option was named, and by whom."""
    seen: _Seen = defaultdict(lambda: defaultdict(set))
    for row in rows:
        if row[item.column]:
            try:
                for one in chosen(item, row):
                    seen[one.index][one].add(row["connectionId"])
            except Lost:
                continue  # it is counted when the row itself is mapped
    return seen


def _options(seen: _Seen) -> dict[int, tuple[str, str] | None]:
    """Return each option's value and label by its number; None is a participant's own."""
    if _is_scale(seen):
        return {i: (one.likert, _label(one)) for i, ways in sorted(seen.items()) for one in ways}
    first_own = _first_own(seen)
    options: dict[int, tuple[str, str] | None] = {}
    used: set[str] = set()
    for index, ways in sorted(seen.items()):
        label = _label(next(iter(ways)))
        value = slug(label) or f"option_{index}"
        value = f"{value}_{index}" if value in used else value
        used.add(value)
        options[index] = None if index >= first_own else (value, label)
    return options


def _label(one: Chosen) -> str:
    return one.wording.strip() or f"Option {one.index}"


def _is_scale(seen: _Seen) -> bool:
    """Say whether m-Path numbers the options as the points of a scale: the numbers are then the values."""
    points = [[one.likert for one in ways] for ways in seen.values()]
    flat = [point for ways in points for point in ways]
    return (
        all(len(ways) == 1 for ways in points) and len(set(flat)) == len(flat) and all(map(_is_point, flat))
    )


def _is_point(likert: str) -> bool:
    return likert.isascii() and likert.isdecimal() and len(likert) < 4


def _first_own(seen: _Seen) -> float:
    own = [index for index, ways in seen.items() if len(ways) > 1]
    for index in sorted(seen, reverse=True):
        if len(set().union(*seen[index].values())) > 1:
            break
        own.append(index)
    return min(own, default=float("inf"))
