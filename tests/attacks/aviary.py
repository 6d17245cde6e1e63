"""A study with a canary in every place: a word that stands nowhere by chance."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.attacks.attacker import Held
from tests.attacks.instrument import HIDDEN, TEXT_CLASSES, definition
from tests.attacks.scene import Scene
from tests.personas import PROFILE, World
from tests.releases.review.desk import Desk

DRESSES = (
    "{}", "\u202e{}\u202c", "a\u0301 {}\u200b\u0308!", "\U0001f3db\ufe0f{}\U0001f469\u200d\U0001f692",
    "\u05d0\u05d1 {} \u0627\u0644", "line\nof {}\r\nlines", '"{}", "more"', "{}\u00a0\u2028\u2029", "=cmd|' {}'!A0",
)  # fmt: skip


@dataclass
class Nest:
    """Lays a canary for every place: a word that stands nowhere by chance, in its own dress."""

    words: dict[str, str] = field(default_factory=dict)

    def lay(self, place: str, dress: int | None = None) -> str:
        """Return a text with a canary, and remember its place; every third is written in full-width letters."""
        number = len(self.words)
        word = f"canary{number:03}bird"
        self.words[word] = place
        shown = "".join(chr(ord(one) + 0xFEE0) for one in word) if number % 3 == 0 else word
        return DRESSES[number % len(DRESSES) if dress is None else dress].format(shown)

    def found(self, held: Held, folder: Path) -> dict[str, str]:
        """Return the canaries that stand in a release, and where they were laid."""
        return {word: self.words[word] for word in held.finds(folder, *self.words)}


@dataclass
class Aviary:
    """The study, its canaries, the one word that a reviewer has cleared, and what of the hidden codes could be seen."""

    scene: Scene
    nest: Nest
    cleared: str
    codes: tuple[str, ...]


HIDDEN_NUMBER, HIDDEN_DATE = 918273.125, "1987-06-05"


def texts_of(nest: Nest, prefix: str, where: str) -> dict[str, str]:
    """Return a canary for every free text."""
    return {
        f"{prefix}{kind}_{told}": nest.lay(f"{where} {kind}_{told}")
        for kind in ("short_text", "long_text")
        for told in TEXT_CLASSES
    }


def hidden(prefix: str, told: str, of: str = "") -> dict[str, Any]:
    """Return coded answers that may not leave."""
    return {
        f"{prefix}number_{told}": HIDDEN_NUMBER,
        f"{prefix}choice_{told}": f"{of or prefix}{told}_two",
        f"{prefix}choices_{told}": [f"{of or prefix}{told}_two"],
        f"{prefix}date_{told}": HIDDEN_DATE,
        f"{prefix}time_{told}": "03:21",
    }


def answers(nest: Nest) -> dict[str, Any]:
    """Return answers with a canary in every text and a telling value in every hidden code."""
    found: dict[str, Any] = {"mood": 3} | texts_of(nest, "", "a plain answer")
    found["items"] = [{"done": True} | texts_of(nest, "in_", f"item {number}") for number in range(2)]
    for told in HIDDEN:
        found |= hidden("", told)
        found[f"items_{told}"] = [
            texts_of(nest, f"{told}_", f"an item of a repeat that is {told}") | hidden("in_", "open")
        ]
    return found


def build_aviary(world: World) -> Aviary:
    """Lay canaries in a study of eleven leaders."""
    nest, desk = Nest(), Desk(world)
    scene = Scene(world)
    scene.publish(definition())
    scene.settle()
    for leader in scene.leaders[:2]:
        named = PROFILE | {"language": nest.lay("a profile", 0), "sector": "local_gov"}
        assert leader.put("/v1/me/profile", {"answers": named}).status_code == 200
        contact = {"name": nest.lay("a name", 0), "email": f"{nest.lay('an address', 0)}@example.org"}
        assert leader.put("/v1/me/contact", contact).status_code == 204
    for number, leader in enumerate([*scene.leaders, desk.leo]):
        given = answers(nest) if number < 3 else {"mood": 1 + number % 5}
        program = {"name": nest.lay("a program", 0), "version": "1", "device": nest.lay("a device")}
        scene.keeps(leader, given, client=program)
    cleared = nest.lay("a cleared text", 0)
    entry = scene.keeps(desk.leo, {"mood": 2, "long_text_text": cleared})
    desk.catch_up()
    desk.decided(desk.text(entry, "long_text_text"), spans=[])
    return Aviary(
        scene, nest, next(reversed(nest.words)), (str(HIDDEN_NUMBER), HIDDEN_DATE, "restricted_two")
    )
