"""What the client says in English and in Welsh: the same keys and parameters, and each language's own counting."""

import re

import pytest
from playwright.sync_api import Page

from tests.web.browsing import CLIENT, imported

LANGUAGES = sorted(path.stem for path in (CLIENT / "words").glob("*.js"))
_COUNT = re.compile(r"_(zero|one|two|few|many|other)$")


def words(page: Page, language: str) -> dict[str, str]:
    """Everything that the client says in a language."""
    start: dict[str, str] = imported(page, f"words/{language}", "m.words")
    later: dict[str, str] = imported(page, f"words/later/{language}", "m.words")
    return start | later


def counted(said: dict[str, str]) -> set[str]:
    """The keys that have words for one and for others."""
    return {key.removesuffix("_other") for key in said if key.endswith("_other")} & {
        key.removesuffix("_one") for key in said if key.endswith("_one")
    }


def stem(key: str, plural: set[str]) -> str:
    """A key without its count."""
    plain = _COUNT.sub("", key)
    return plain if plain in plural else key


def parameters(text: str) -> list[str]:
    """The names in braces."""
    return sorted(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_is_written_once(language: str) -> None:
    both = (CLIENT / "words" / f"{language}.js", CLIENT / "words" / "later" / f"{language}.js")
    keys = [
        key
        for path in both
        for key in re.findall(r"^  (\w+):", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert len(keys) > 200
    assert sorted({key for key in keys if keys.count(key) > 1}) == []


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_language_has_the_same_keys_and_parameters(blank: Page, language: str) -> None:
    english, other = words(blank, "en"), words(blank, language)
    plural = counted(english)
    assert {stem(key, plural) for key in other} == {stem(key, plural) for key in english}
    for key, text in other.items():
        if stem(key, plural) == key or key.endswith("_other"):
            assert parameters(text) == parameters(english[key]), key
        else:  # "1 entry" need not say its number
            assert set(parameters(text)) <= set(parameters(english[f"{stem(key, plural)}_other"])), key
        assert text.strip() == text, key


def test_welsh_counts_as_welsh_does(blank: Page) -> None:
    """Cofnod is gofnod after two, and chofnod after three and six."""
    counting = "(await m.useLanguage('cy'), [0, 1, 2, 3, 4, 6].map((n) => m.say.n('unsent_entries', n)))"
    assert imported(blank, "core/words", counting) == [
        "Nid yw 0 cofnod wedi'u hanfon eto.",
        "Nid yw 1 cofnod wedi'i anfon eto.",
        "Nid yw 2 gofnod wedi'u hanfon eto.",
        "Nid yw 3 chofnod wedi'u hanfon eto.",
        "Nid yw 4 cofnod wedi'u hanfon eto.",
        "Nid yw 6 chofnod wedi'u hanfon eto.",
    ]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_english_words_are_counted_as_english(blank: Page, language: str) -> None:
    """French counts none as one, but the words are English where the client has no French."""
    counting = f"(await m.useLanguage('{language}'), [0, 1, 2].map((n) => m.say.n('unsent_entries', n)))"
    assert imported(blank, "core/words", counting) == [
        "0 entries are not sent yet.",
        "1 entry is not sent yet.",
        "2 entries are not sent yet.",
    ]
