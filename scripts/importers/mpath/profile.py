"""Makes a profile out of the intake: gender, and the age as a band of ten years."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from scripts.importers.mpath.choices import RestrictedChoiceMapper
from scripts.importers.mpath.mappers import AgeMapper, Definition, Lost, Mapper
from scripts.importers.mpath.reading import Row

GENDER, AGE_BAND = "gender", "age_band"
GENDER_NAMES, AGE_NAME = {"gender", "sex"}, "age"
# A band's value and label, and the band of twenty years that it becomes one level up.
_BANDS = (
    (20, "under_20", "Under 20", "under_30"),
    (30, "20_29", "20 to 29", "under_30"),
    (40, "30_39", "30 to 39", "30_49"),
    (50, "40_49", "40 to 49", "30_49"),
    (60, "50_59", "50 to 59", "50_69"),
    (70, "60_69", "60 to 69", "50_69"),
    (80, "70_79", "70 to 79", "70_or_over"),
    (131, "80_or_over", "80 or over", "70_or_over"),
)


@dataclass(frozen=True)
class Profile:
    """What of an export describes people rather than moments."""

    gender: RestrictedChoiceMapper | None
    age: AgeMapper | None

    @property
    def keys(self) -> list[str]:
        """Return the attributes: the quasi-identifiers of a release."""
        return [key for key, mapper in ((GENDER, self.gender), (AGE_BAND, self.age)) if mapper]

    def questions(self) -> list[Definition]:
        """Return the profile's questions, each with its hierarchy."""
        return [*self._gender(), *self._age_band()]

    def attributes(self, rows: Iterable[Row]) -> dict[str, JsonValue]:
        """Return one participant's attributes, from their latest answers."""
        found: dict[str, JsonValue] = {}
        for row in rows:
            if gender := _answer(self.gender, row):
                found[GENDER] = gender
            age = _answer(self.age, row)
            if isinstance(age, int):
                found[AGE_BAND] = next(value for above, value, *_ in _BANDS if age < above)
        return found

    def _gender(self) -> list[Definition]:
        if self.gender is None:
            return []
        question = self.gender.questions()[0]
        options = question["options"]
        assert isinstance(options, list)  # noqa: S101 - narrows the type
        flat: dict[str, JsonValue] = {str(one["value"]): [] for one in options if isinstance(one, dict)}
        return [question | {"key": GENDER, "disclosure": "generalise", "hierarchy": flat}]

    def _age_band(self) -> list[Definition]:
        if self.age is None:
            return []
        return [
            {
                "type": "single_choice",
                "key": AGE_BAND,
                "label": self.age.label("Age, in bands of ten years"),
                "disclosure": "generalise",
                "options": [{"value": v, "label": self.age.label(label)} for _, v, label, _ in _BANDS],
                "hierarchy": {value: [wider] for _, value, _, wider in _BANDS},
            }
        ]


def profile_of(mappers: Sequence[Mapper]) -> Profile:
    """Find what describes people among the questions of an export."""
    choices = (one for one in mappers if isinstance(one, RestrictedChoiceMapper) and not one.several)
    gender = next((one for one in choices if one.item.name.lower() in GENDER_NAMES), None)
    return Profile(gender, next((one for one in mappers if isinstance(one, AgeMapper)), None))


def _answer(mapper: Mapper | None, row: Row) -> JsonValue:
    if mapper is None or not row[mapper.item.column]:
        return None
    try:
        return mapper.answers(row).get(mapper.key)
    except Lost:
        return None  # it is counted when the row itself is mapped
