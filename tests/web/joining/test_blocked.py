"""What stands before writing, and that past entries, the data and the help stay open behind it."""

from collections.abc import Callable

from tests.web.joining.phone import Phone
from tests.web.joining.place import Place

Phones = Callable[..., Phone]


def still_open(leo: Phone) -> None:
    """Leo reads what he wrote, and reaches his data."""
    leo.tap("Past entries").sees("Past entries").reads("Whether to open the library on Sundays")
    leo.open("#/data").sees("My data")


def written(place: Place, phone: Phones) -> Phone:
    """Leo's phone, with an entry that is sent."""
    leo = phone(place).joins()
    leo.writes("Whether to open the library on Sundays")
    return leo.sent()


def test_a_closed_study_takes_nothing_new_and_everything_stays(place: Place, phone: Phones) -> None:
    leo = written(place, phone)
    place.becomes("closed")
    leo.open().sees("This study has ended")
    still_open(leo.open())


def test_a_paused_study_says_so_once_and_takes_entries(place: Place, phone: Phones) -> None:
    leo = written(place, phone)
    place.becomes("paused")
    leo.open().sees("This study is paused")
    still_open(leo.open())
    leo.open().tap("Write all the same").sees("Today")
    leo.writes("Whether to wait")
    leo.sent()
    assert "Whether to wait" in place.headlines()


def test_a_phone_that_was_signed_out_elsewhere_keeps_what_was_never_sent(place: Place, phone: Phones) -> None:
    leo = written(place, phone)
    place.network.away.add("/v1/sync")
    leo.writes("Whether to wait")
    (device,) = place.world.olivia.get(f"{place.world.path}/participants/{leo.me}/devices").json()
    gone = place.world.olivia.delete(f"{place.world.path}/participants/{leo.me}/devices/{device['id']}")
    assert gone.status_code == 204
    place.network.heal()
    leo.open().sees("This phone is signed out").reads("1 entry is not sent yet.").reads(
        "its copy of what you had sent was removed"
    )
    leo.tap("Past entries").reads("Whether to wait")
    assert leo.page.get_by_text("Whether to open the library on Sundays").count() == 0
    leo.open("#/data").sees("My data")
    leo.open().tap("Sign in").sees("Sign in with a code").reads("1 entry is not sent yet.")


def test_a_client_that_is_too_old_offers_the_update_and_keeps_everything(place: Place, phone: Phones) -> None:
    leo = written(place, phone)
    place.serves_only(2)
    leo.open().sees("A newer version is needed")
    still_open(leo)
    leo.open().sees("A newer version is needed").tap("Update now").sees("A newer version is needed")
    place.serves_only(1)
    leo.open().sees("Today")
