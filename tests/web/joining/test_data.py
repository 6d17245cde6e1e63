"""Leo takes his data along, and deletes his phone's copy: never by one careless tap what exists nowhere else."""

import json
from collections.abc import Callable

from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

Phones = Callable[..., Phone]


def test_the_file_holds_everything_that_is_held(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    written = leo.writes("Whether to open the library on Sundays")
    leo.sent().open("#/data").sees("My data").tap("Prepare my file").reads("Your file is ready.")
    found = json.loads(leo.saves("Save daybook.json"))
    assert found["complete"] is True
    assert found["participant_id"] == leo.me
    assert written in json.dumps(found["entries"])
    assert "Whether to open the library on Sundays" in json.dumps(found)


def test_the_file_says_what_it_cannot_hold(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().open("#/data")
    place.network.lost.add("/v1/sync")
    leo.writes("Whether to wait")
    leo.open("#/data").reads("1 entry is not sent yet.").reads(
        "The file does not hold what is only on this phone."
    )
    place.network.lost.add("/v1/me/export")
    leo.tap("Prepare my file").reads("No answer came.")


def test_deleting_the_copy_is_asked_twice_while_something_is_unsent(place: Place, phone: Phones) -> None:
    leo = phone(place).joins().open("#/data")
    place.network.lost.add("/v1/sync")
    leo.writes("Whether to wait")
    leo.begins()
    leo.open("#/data").sees("My data")
    leo.agree = False
    leo.tap("Delete this phone's copy")
    leo.page.wait_for_function("() => !document.querySelector('[aria-disabled=true]')")
    assert len(leo.asked) == 1
    assert "1 entry is not sent yet." in leo.asked[0]
    assert "1 draft is not finished." in leo.asked[0]
    assert leo.module("store/outbox", "m.count()")["unsent"] == 1, "nothing was deleted"
    leo.agree = True
    leo.tap("Delete this phone's copy").sees("Join with your code")
    assert "cannot be brought back" in leo.asked[-1]
    assert "me" not in leo.account()
    assert leo.page.evaluate("async () => (await fetch('/v1/me')).status") == 401


def test_the_copy_goes_at_one_answer_when_all_is_sent(place: Place, phone: Phones) -> None:
    leo = phone(place).joins()
    leo.writes("Whether to open the library on Sundays")
    leo.sent().open("#/data").tap("Delete this phone's copy").sees("Join with your code")
    assert len(leo.asked) == 1
    assert place.headlines() == {"Whether to open the library on Sundays"}, "the study keeps it"
    assert leo.module("store/entries", "m.all()") == []
