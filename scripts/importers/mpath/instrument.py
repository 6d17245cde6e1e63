"""Makes an instrument out of an export: its questions, its forms and a profile."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import JsonValue

from scripts.importers.mpath.choices import ChoiceMapper, RestrictedChoiceMapper
from scripts.importers.mpath.codebook import Item, items, slug
from scripts.importers.mpath.forms import Questionnaire, is_answered, questionnaires
from scripts.importers.mpath.instants import first_day
from scripts.importers.mpath.mappers import (
    AgeMapper,
    ConsentMapper,
    Definition,
    Mapper,
    NoteMapper,
    SliderMapper,
    StepsMapper,
    TextMapper,
    YesNoMapper,
)
from scripts.importers.mpath.profile import AGE_BAND, AGE_NAME, GENDER, GENDER_NAMES, Profile, profile_of
from scripts.importers.mpath.reading import NotMpath, Row, Sheet

_PERSON = {*GENDER_NAMES, AGE_NAME}
_CONTROLS = {"quotable", "embargo_until", "keep_out"}  # keys that mean something to every release


@dataclass(frozen=True)
class Mapping:
    """How an export is mapped; everything that an import needs to know of it."""

    key: str
    title: str
    language: str
    mappers: Sequence[Mapper]
    unmapped: Sequence[Item]
    lists: dict[str, Questionnaire]
    forms: dict[str, Sequence[Mapper]]
    profile: Profile
    consent: ConsentMapper
    starts_on: date | None

    def definition(self, *, with_profile: bool) -> Definition:
        """Return the instrument's definition as JSON, as its first version."""
        questions = [question for mapper in self.mappers for question in mapper.questions()]
        forms: list[JsonValue] = [
            self._form(self.lists[name], mappers) for name, mappers in self.forms.items()
        ]
        if with_profile and self.profile.keys:
            questions += self.profile.questions()
            forms.append(self._described("profile", "Profile", "once", self.profile.keys))
        return {
            "key": self.key,
            "version": 1,
            "title": {self.language: self.title},
            "default_language": self.language,
            "languages": [self.language],
            "questions": [*questions],
            "forms": forms,
        }

    def _form(self, of: Questionnaire, mappers: Sequence[Mapper]) -> Definition:
        keys = [str(question["key"]) for mapper in mappers for question in mapper.questions()]
        return self._described(of.kind, of.name, of.contingency, keys)

    def _described(self, kind: str, label: str, contingency: str, keys: Sequence[str]) -> Definition:
        asked: list[JsonValue] = [{"question": key} for key in keys]
        return {"kind": kind, "label": {self.language: label}, "contingency": contingency, "items": asked}


def mapping(answers: Sheet, meta: Sheet, language: str) -> Mapping:
    """Read off an export how it is mapped, or raise NotMpath."""
    rows = [row for row in answers.rows if is_answered(row)]
    known = items(meta, answers.columns)
    if not known:
        raise NotMpath("The codebook (--meta) describes none of the columns of the answers (--basic).")
    mappers, unmapped = _mappers(known, rows, language)
    consent = next((one for one in mappers if isinstance(one, ConsentMapper)), None)
    if consent is None:
        raise NotMpath("Nobody in this export was asked for consent: no yes-or-no question is named consent.")
    lists = questionnaires(answers.rows)
    name = _protocol(answers)
    return Mapping(
        key=slug(name if name.startswith("mpath") else f"mpath_{name}"),
        title=name,
        language=language,
        mappers=mappers,
        unmapped=unmapped,
        lists=lists,
        forms={name: asked for name in lists if (asked := [*_asked(mappers, rows, name)])},
        profile=profile_of(mappers),
        consent=consent,
        starts_on=first_day(rows),
    )


def _protocol(answers: Sheet) -> str:
    names = {row["fromProtocolName"].strip() for row in answers.rows} - {""}
    return names.pop() if len(names) == 1 and any(map(slug, names)) else "m-Path study"


def _asked(mappers: Sequence[Mapper], rows: Sequence[Row], name: str) -> Iterator[Mapper]:
    mine = [row for row in rows if row["questionListName"] == name]
    return (mapper for mapper in mappers if any(row[mapper.item.column] for row in mine))


def _mappers(known: Sequence[Item], rows: Sequence[Row], language: str) -> tuple[list[Mapper], list[Item]]:
    used = {GENDER, AGE_BAND}  # the profile's own
    mappers: list[Mapper] = []
    unmapped: list[Item] = []
    for item in known:
        mapper = _mapper(item, _key(item, used), language, rows)
        if mapper is None:
            unmapped.append(item)
        else:
            mappers.append(mapper)
            used |= {str(question["key"]) for question in mapper.questions()}
    return mappers, unmapped


def _key(item: Item, used: set[str]) -> str:
    key = slug(item.name) or "question"
    key = f"intake_{key}" if key in _PERSON else key
    key = f"q_{key}" if key in _CONTROLS or not key[0].isalpha() else key
    return next(k for k in (key, *(f"{key}_{n}" for n in range(2, 1_000))) if k not in used)


def _mapper(item: Item, key: str, language: str, rows: Sequence[Row]) -> Mapper | None:
    name = item.name.lower()
    if item.kind == "multipleChoice" and {"index", "string"} <= item.columns.keys():
        kind = RestrictedChoiceMapper if name in _PERSON else ChoiceMapper
        choice = kind(item, key, language, rows)
        return choice if choice.options else None
    simple: dict[str, type[Mapper]] = {
        "yesno": ConsentMapper if name.startswith("consent") else YesNoMapper,
        "open": AgeMapper if name == AGE_NAME else TextMapper,
        "steps": StepsMapper,
        "basic": NoteMapper,
    }
    found = SliderMapper if item.kind.startswith("slider") else simple.get(item.kind)
    return found(item, key, language) if found else None
