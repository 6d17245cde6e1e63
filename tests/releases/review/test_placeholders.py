"""The same name has the same placeholder in all that one leader writes; and no number is used again."""

from tests.meta.shape import refused
from tests.releases.review.desk import Desk, piece, suggestion
from tests.searching import files_with, tables_with


def test_a_name_keeps_its_number_from_text_to_text(desk: Desk) -> None:
    first = desk.writes("Ask Ann Archer and Bob Baker, then Ann Archer again")
    desk.decided(desk.text(first))
    assert desk.words(first) == ["Ask [PERSON-1] and [PERSON-2], then [PERSON-1] again"]
    second = desk.writes("Cy Carter met BOB  BAKER", learning="call Ann Archer, not Cy Carter")
    desk.decided(desk.text(second))
    assert [one["placeholder"] for one in desk.text(second, "learning")["suggested"]] == [
        "[PERSON-1]",
        "[PERSON-3]",
    ]
    assert desk.words(second) == ["[PERSON-3] met [PERSON-2]"]


def test_each_leader_has_numbers_of_their_own(desk: Desk) -> None:
    lena = desk.world.join()
    first, second = desk.writes("saw Ann Archer"), desk.writes("saw Bob Baker then Ann Archer", lena)
    for entry in (first, second):
        desk.decided(desk.text(entry))
    assert desk.words(first, second) == ["saw [PERSON-1]", "saw [PERSON-1] then [PERSON-2]"]


def test_kinds_are_counted_apart(desk: Desk) -> None:
    entry = desk.writes("in Wells with Wells and York")
    text = desk.text(entry)["text"]
    spans = [
        piece(text, "Wells", "place", "[PLACE-A]"),
        {"start": 14, "end": 19, "kind": "person", "placeholder": "[PERSON-A]"},
        piece(text, "York", "place", "[PLACE-B]"),
    ]
    desk.decided(desk.text(entry), spans=spans)
    assert desk.words(entry) == ["in [PLACE-1] with [PERSON-1] and [PLACE-2]"]


def test_two_names_of_one_person_are_merged_by_one_letter(desk: Desk) -> None:
    entry = desk.writes("Ann Archer came; later Ann left")
    text = desk.text(entry)
    spans = [suggestion(one, kind="person", placeholder="[PERSON-A]") for one in text["suggested"]]
    desk.decided(text, spans=spans)
    assert desk.words(entry) == ["[PERSON-1] came; later [PERSON-1] left"]
    later = desk.writes("with Ann", learning="with Ann Archer")
    offered = desk.text(later, "learning")["suggested"][0]["placeholder"]
    assert offered == "[PERSON-1]"
    chosen = piece("with Ann", "Ann", "person", "[PERSON-Z]")  # whoever has a number keeps it
    assert (
        desk.decided(desk.text(later), spans=[chosen])["decisions"][0]["spans"][0]["placeholder"] == offered
    )


def test_a_new_name_is_merged_with_a_number_that_is_there(desk: Desk) -> None:
    desk.decided(desk.text(desk.writes("saw Ann Archer")))
    entry = desk.writes("saw Annie and Bob Baker")
    text = desk.text(entry)
    spans = [piece(text["text"], "Annie", "person", "[PERSON-1]"), piece(text["text"], "Bob Baker")]
    desk.decided(text, spans=spans)
    assert desk.words(entry) == ["saw [PERSON-1] and [PERSON-2]"]
    again = desk.writes("rang Annie Other and Annie", learning="Annie")
    learning = desk.text(again, "learning")
    desk.decided(learning, spans=[piece("Annie", "Annie")])
    assert desk.words(again) == ["[PERSON-1]"]


def test_a_number_is_chosen_for_one_text_without_changing_the_name(desk: Desk) -> None:
    desk.decided(desk.text(desk.writes("saw Ann Archer and Bob Baker")))
    entry = desk.writes("Ann Archer's namesake", learning="Ann Archer")
    text = desk.text(entry)
    desk.decided(text, spans=[piece(text["text"], "Ann Archer", "person", "[PERSON-2]")])
    desk.decided(desk.text(entry, "learning"))
    assert desk.words(entry) == ["[PERSON-2]'s namesake", "[PERSON-1]"]


def test_a_number_is_not_used_again_after_a_decision_was_taken_back(desk: Desk) -> None:
    entry = desk.writes("saw Ann Archer")
    text = desk.decided(desk.text(entry))
    desk.decided(text, "unreviewed")
    assert desk.leo.delete(f"/v1/entries/{entry}").status_code == 204
    entry = desk.writes("saw Bob Baker")
    desk.decided(desk.text(entry))
    assert desk.words(entry) == ["saw [PERSON-2]"]


def test_a_refused_decision_uses_no_number(desk: Desk) -> None:
    entry = desk.writes("saw Ann Archer")
    text = desk.text(entry)
    refused(desk.decide(text, seen=4), 409, "text-decided-meanwhile")
    desk.decided(text, spans=[])
    later = desk.writes("saw Bob Baker")
    desk.decided(desk.text(later))
    assert desk.words(entry, later) == ["saw Ann Archer", "saw [PERSON-1]"]


def test_offsets_count_code_points(desk: Desk) -> None:
    entry = desk.writes("𝒳😀 café with Ann Archer 😀")
    desk.decided(desk.text(entry))
    assert desk.words(entry) == ["𝒳😀 café with [PERSON-1] 😀"]


def test_the_names_themselves_are_stored_only_where_they_were_written(desk: Desk) -> None:
    entry = desk.writes("saw Ann Archer")
    desk.decided(desk.text(entry))
    found = tables_with(desk.world.engine, "Ann Archer", "ann archer")
    assert found == {"Ann Archer": {"entry_revision"}, "ann archer": set()}
    assert desk.leo.post("/v1/me/withdrawal", {"scope": "erase"}).status_code == 200
    assert tables_with(desk.world.engine, "Ann Archer")["Ann Archer"] == set()
    assert not any(files_with(desk.world.settings, "Ann Archer").values())
