"""Rita reviews: only what a person has cleared is exported, and an edit takes it back."""

import pytest

from api.core.ids import new_id
from tests.meta.shape import pointers, refused
from tests.personas import DECISION, World
from tests.releases.review.desk import JANE, Desk, piece, suggestion

PLAIN = "we pooled the budget"


def test_an_empty_queue_says_so(desk: Desk) -> None:
    page = desk.queue()
    assert (page["texts"], page["next"], page["second_review"]) == ([], None, False)
    assert set(page["counts"].values()) == {0}
    assert "identify" in page["reminder"]
    assert desk.catch_up() == 0
    assert desk.exported() == []


def test_nothing_is_exported_until_rita_has_cleared_it(desk: Desk) -> None:
    entry = desk.writes(JANE, quotable="paraphrase_only")
    assert desk.exported(entry) == []
    text = desk.queue()["texts"][0]
    assert (text["text"], text["question"], text["item"], text["part"]) == (JANE, "headline", -1, "")
    assert (text["version"], text["kind"], text["quotable"]) == (1, "decision", "paraphrase_only")
    assert (text["position"], text["state"], text["decisions"]) == (1, "unreviewed", [])
    found = {JANE[one["start"] : one["end"]]: one["placeholder"] for one in text["suggested"]}
    assert found == {
        "Jane Smith": "[PERSON-A]",
        "Bradford City Council": "[ORGANISATION-A]",
        "01274 432001": "[PHONE-A]",
    }
    done = desk.decided(text)
    assert done["state"] == "reviewed"
    assert [one["placeholder"] for one in done["decisions"][0]["spans"]] == [
        "[PERSON-1]",
        "[ORGANISATION-1]",
        "[PHONE-1]",
    ]
    (given,) = desk.exported(entry)
    assert given.text == "Met [PERSON-1] of [ORGANISATION-1]; call [PHONE-1]"
    assert (given.entry_id, given.version, given.question, given.paraphrase) == (entry, 1, "headline", False)
    assert desk.queue()["texts"] == []
    assert desk.counts().redacted == {"person": 1, "organisation": 1, "phone": 1}


def test_texts_inside_a_repeat_have_places_of_their_own(desk: Desk) -> None:
    options = [{"label": "ask the mayor", "chosen": True}, {"label": "wait"}]
    entry = desk.writes(PLAIN, options_considered=options, learning="go sooner")
    places = {(text["question"], text["item"], text["part"]) for text in desk.queue()["texts"]}
    assert places == {
        ("headline", -1, ""),
        ("learning", -1, ""),
        ("options_considered", 0, "label"),
        ("options_considered", 1, "label"),
    }
    desk.decided(desk.text(entry, "options_considered", 1))
    (given,) = desk.exported(entry)
    assert (given.question, given.item, given.part, given.text) == ("options_considered", 1, "label", "wait")


def test_a_withheld_text_stays_in_and_can_be_reviewed_later(desk: Desk) -> None:
    entry = desk.writes(PLAIN)
    text = desk.decided(desk.text(entry), "withheld")
    assert (text["state"], desk.exported(entry)) == ("withheld", [])
    text = desk.decided(text, "reviewed")
    assert desk.words(entry) == [PLAIN]
    text = desk.decided(text, "unreviewed")
    assert (text["state"], desk.exported(entry)) == ("unreviewed", [])
    assert [one["state"] for one in text["decisions"]] == ["withheld", "reviewed", "unreviewed"]
    assert desk.counts().unreviewed == 1


def test_a_paraphrase_takes_the_place_of_the_text(desk: Desk) -> None:
    entry = desk.writes(JANE, quotable="paraphrase_only")
    refused(desk.decide(desk.text(entry), paraphrase=""), 422, "invalid")
    answer = desk.decide(desk.text(entry), paraphrase="They rang 01274 432001 after a meeting.")
    assert pointers(refused(answer, 422, "candidates-left")) == {"/paraphrase"}
    desk.decided(desk.text(entry), paraphrase="They met a partner.")
    (given,) = desk.exported(entry)
    assert (given.text, given.paraphrase) == ("They met a partner.", True)


def test_an_edited_text_goes_back_and_the_others_keep_their_review(desk: Desk) -> None:
    entry = desk.writes(PLAIN, learning="go sooner", expected_outcome="less queueing")
    for question in ("headline", "learning"):
        desk.decided(desk.text(entry, question))
    assert len(desk.exported(entry)) == 2
    headline, learning = desk.id_of(entry), desk.id_of(entry, "learning")
    answers = DECISION | {"headline": PLAIN, "learning": "go later"}
    assert desk.leo.keeps(entry, answers, base_version=1).status_code == 200
    assert desk.exported(entry) == []  # nobody has looked through the edit yet
    assert desk.queue("reviewed")["texts"] == []
    read = {text: desk.rita.get(f"{desk.path}/{text}").json()["state"] for text in (headline, learning)}
    assert read == {headline: "reviewed", learning: "edited"}
    desk.catch_up()
    assert [(one.question, one.version) for one in desk.exported(entry)] == [("headline", 2)]
    assert [text["question"] for text in desk.queue("edited")["texts"]] == ["learning"]
    assert desk.text(entry, "learning")["text"] == "go later"
    assert desk.queue()["texts"] == []  # the expected outcome was taken out of the entry
    again = desk.decided(desk.text(entry, "learning"))
    assert [one["version"] for one in again["decisions"]] == [1, 2]
    assert len(desk.exported(entry)) == 2


def test_a_decision_on_a_text_that_was_edited_meanwhile_is_refused(desk: Desk) -> None:
    entry = desk.writes(PLAIN, learning="go sooner")
    text, other = desk.text(entry), desk.text(entry, "learning")
    answers = DECISION | {"headline": "we did not", "learning": "go sooner"}
    assert desk.leo.keeps(entry, answers, base_version=1).status_code == 200
    refused(desk.decide(text), 409, "text-edited-meanwhile")
    refused(desk.decide(text | {"version": 3}), 409, "text-edited-meanwhile")
    other = desk.decided(other)  # of which the edit changed nothing
    assert (other["state"], other["version"]) == ("reviewed", 2)


def test_a_second_click_is_the_same_answer_and_one_event(desk: Desk) -> None:
    entry = desk.writes(JANE)
    text = desk.text(entry)
    first = desk.decided(text)
    assert desk.decided(text) == first
    assert desk.decided(first, spans=[suggestion(one) for one in first["suggested"]]) == first
    events = desk.world.olivia.get(f"{desk.world.path}/audit").json()["events"]
    told = [event for event in events if event["event"].startswith("text.")]
    assert [(event["event"], event["detail"]) for event in told] == [("text.reviewed", {"replaced": 3})]
    refused(desk.decide(text, "withheld"), 409, "text-decided-meanwhile")
    refused(desk.decide(text, who=desk.ravi), 409, "text-decided-meanwhile")


def test_to_reopen_what_nobody_decided_changes_nothing(desk: Desk) -> None:
    text = desk.text(desk.writes(PLAIN))
    assert desk.decided(text, "unreviewed")["decisions"] == []
    assert desk.decided(text, "withheld", spans=[])["state"] == "withheld"


def test_what_is_kept_out_or_not_shared_is_shown_to_nobody(desk: Desk) -> None:
    desk.writes(PLAIN, keep_out=True)
    lena = desk.world.join(sharing=False)
    desk.writes("not to be shared", lena)
    assert desk.queue()["texts"] == []
    entry = desk.writes(PLAIN)
    text = desk.decided(desk.text(entry))
    desk.edits(entry, PLAIN, keep_out=True, base_version=1)
    assert desk.exported(entry) == []
    refused(desk.rita.get(f"{desk.path}/{text['id']}"), 404, "not-found")


def test_who_stops_sharing_is_hidden_and_who_shares_again_is_back(desk: Desk) -> None:
    text = desk.text(desk.writes(PLAIN))
    statements = {"read": True, "take_part": True, "share": False}
    for share in (False, True):
        consent = {"document_version": 1, "statements": statements | {"share": share}}
        assert desk.leo.put("/v1/me/consent", consent).status_code < 300
        desk.catch_up()
        assert len(desk.queue()["texts"]) == int(share)
        assert desk.counts().unreviewed == int(share)
        assert desk.rita.get(f"{desk.path}/{text['id']}").status_code == (200 if share else 404)


def test_what_a_person_deletes_or_withdraws_is_gone(desk: Desk) -> None:
    gone, kept = desk.writes(PLAIN), desk.writes(JANE)
    text, other = desk.text(gone), desk.decided(desk.text(kept))
    assert desk.leo.delete(f"/v1/entries/{gone}").status_code == 204
    refused(desk.decide(text), 404, "not-found")
    told = desk.leo.get("/v1/me/export").json()
    assert [one["decision"]["state"] for one in told["text_reviews"]] == ["reviewed"]
    assert {(one["kind"], one["number"]) for one in told["text_placeholders"]} == {
        ("person", 1),
        ("organisation", 1),
        ("phone", 1),
    }
    assert "Rita" not in str(told)
    assert desk.leo.post("/v1/me/withdrawal", {"scope": "erase"}).status_code == 200
    refused(desk.decide(other, "withheld"), 404, "not-found")
    assert desk.exported(kept) == []
    assert (desk.queue()["texts"], desk.catch_up()) == ([], 0)


def test_the_ids_of_another_study_do_not_exist(desk: Desk) -> None:
    entry = desk.writes(PLAIN)
    text = desk.decided(desk.text(entry))
    other = Desk(World(desk.world.client, desk.world.engine, desk.world.settings, "Another"))
    for answer in (
        other.rita.get(f"{other.path}/{text['id']}"),
        other.decide(text, "withheld"),
        other.sign_off(text),
        other.rita.get(f"{other.path}/{new_id()}"),
        other.rita.get(desk.path),
    ):
        refused(answer, 404, "not-found")
    assert other.exported(entry) == []
    assert desk.words(entry) == [PLAIN]


@pytest.mark.parametrize("who", ["olivia", "ana"])
def test_owners_review_and_analysts_see_no_text(desk: Desk, who: str) -> None:
    text = desk.text(desk.writes(PLAIN))
    caller = getattr(desk.world, who)
    answers = [caller.get(desk.path), caller.get(f"{desk.path}/{text['id']}"), desk.decide(text, who=caller)]
    assert {answer.status_code for answer in answers} == ({200} if who == "olivia" else {403})


def test_marks_that_do_not_fit_are_refused(desk: Desk) -> None:
    text = desk.text(desk.writes(JANE))
    sound = [suggestion(one) for one in text["suggested"]]
    jane = piece(JANE, "Jane Smith")
    wrong = {
        "overlap": [*sound, piece(JANE, "Smith of")],
        "outside": [*sound, jane | {"start": len(JANE), "end": len(JANE) + 1}],
        "kind": [jane | {"kind": "place"}, *sound[1:]],
        "unknown": [jane | {"placeholder": "[PERSON-7]"}, *sound[1:]],
    }
    for code, spans in wrong.items():
        body = refused(desk.decide(text, spans=spans), 422, "spans-unsound")
        assert {error["code"] for error in body["errors"]} == {code}
    empty = refused(desk.decide(text, spans=[jane | {"end": jane["start"]}]), 422, "spans-unsound")
    assert pointers(empty) == {"/spans/0"}
    for bad in ({"start": -1}, {"end": 10**20}, {"placeholder": "Jane"}, {"kind": "name"}, {"more": 1}):
        refused(desk.decide(text, spans=[jane | bad]), 422, "invalid")


def test_a_proven_pattern_is_replaced_or_cleared_but_not_passed_over(desk: Desk) -> None:
    entry = desk.writes(JANE)
    text = desk.text(entry)
    body = refused(desk.decide(text, spans=[piece(JANE, "Jane Smith")]), 422, "candidates-left")
    assert [error["code"] for error in body["errors"]] == ["phone"]
    cleared = piece(JANE, "01274 432001", "phone", None)
    desk.decided(text, spans=[piece(JANE, "Jane Smith"), cleared])
    assert desk.words(entry) == ["Met [PERSON-1] of Bradford City Council; call 01274 432001"]
    assert desk.counts().redacted == {"person": 1}


def test_an_edit_counts_at_once_whether_or_not_the_chore_has_seen_it(desk: Desk) -> None:
    entry = desk.writes(PLAIN)
    old = desk.decided(desk.text(entry))
    answers = DECISION | {"headline": "we met Ann Archer"}
    assert desk.leo.keeps(entry, answers, base_version=1).status_code == 200
    edited = desk.rita.get(f"{desk.path}/{old['id']}").json()
    assert (edited["state"], edited["version"], edited["text"]) == ("edited", 2, "we met Ann Archer")
    desk.decided(edited)
    for _ in range(2):
        assert desk.words(entry) == ["we met [PERSON-1]"]
        desk.catch_up()
    kept_out = answers | {"keep_out": True}
    assert desk.leo.keeps(entry, kept_out, base_version=2).status_code == 200
    refused(desk.decide(edited, "withheld"), 404, "not-found")
    assert desk.exported(entry) == []
