"""The researcher's side: who may, what they see, and what they are never shown."""

from typing import Any

from api.auth.verbs import Role
from tests.personas import World
from tests.webhooks.desk import Desk, answered

PRIVATE: dict[str, Any] = {
    "form_id": "f1",
    "hidden": {"pid": "AAAA-BBBB-CCCC"},
    "answers": [
        {"type": "text", "text": "Ring 020 7946 0123 or ann@example.org, see https://example.org/r/1",
         "field": {"id": "a", "ref": "why", "type": "long_text"}},
        {"type": "text", "text": "Laura Palmer", "field": {"id": "b", "ref": "whose_phone", "type": "short_text"}},
        {"type": "email", "email": "laura@example.org", "field": {"id": "c", "ref": "mail", "type": "email"}},
    ],
}  # fmt: skip


def test_a_delivery_is_shown_without_what_names_somebody(world: World) -> None:
    desk = Desk(world)
    desk.post(answered("x", **PRIVATE))
    desk.post(b'{"broken": "laura@example.org ' + b"x" * 9_000)
    desk.work()
    shown, broken = (world.olivia.get(f"{world.path}/deliveries/{one.id}") for one in desk.deliveries())
    values = {one["key"]: one["value"] for one in shown.json()["answers"]}
    assert values == {"why": "Ring [number] or [e-mail], see [link]", "whose_phone": "[left out]"}
    for text in (shown.text, broken.text):
        assert not [word for word in ("Laura", "laura", "7946", "AAAA-BBBB-CCCC") if word in text]
    assert broken.json()["text"].startswith('{"broken": "[e-mail] xxx')
    assert len(broken.json()["text"]) < 5_000


def test_each_role_has_its_part(world: World) -> None:
    desk = Desk(world)
    desk.post(answered("x"))
    desk.work()
    delivery = f"{world.path}/deliveries/{desk.deliveries()[0].id}"
    cora, rita = world.staff("Cora Coordinator", Role.COORDINATOR), world.staff("Rita", Role.REVIEWER)
    assert [cora.get(path).status_code for path in (desk.path, f"{world.path}/deliveries")] == [200, 200]
    assert cora.get(delivery).status_code == 403  # what somebody answered
    assert cora.post(f"{delivery}/preview", {}).status_code == 403
    assert cora.post(f"{delivery}/replay").status_code == 200
    for one in (rita, world.ana):
        assert {one.get(path).status_code for path in (desk.path, f"{world.path}/deliveries", delivery)} == {
            403
        }


def test_deliveries_are_listed_in_pages_and_counted(world: World) -> None:
    desk, leo = Desk(world), world.join()
    code = desk.code(leo)
    for mood in ("I am well", "I am lost", "I am tired"):
        desk.post(answered(code, mood))
    desk.work()
    ids, after = [], ""
    while True:
        page = world.olivia.get(f"{world.path}/deliveries?limit=2{after}").json()
        ids += [one["id"] for one in page["deliveries"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert ids == [str(one.id) for one in reversed(desk.deliveries())]
    (quarantined,) = world.olivia.get(f"{world.path}/deliveries?status=quarantined").json()["deliveries"]
    assert "mood" in quarantined["reason"]
    counts = world.olivia.get(f"{world.path}/delivery-counts?source_id={desk.source.id}").json()
    assert {name: number for name, number in counts.items() if number} == {"processed": 2, "quarantined": 1}


def test_a_map_is_tried_on_a_stored_delivery_and_changes_nothing(world: World) -> None:
    desk, leo = Desk(world), world.join()
    desk.post(answered(desk.code(leo), "I am lost"))
    desk.work()
    before = desk.deliveries()
    path = f"{world.path}/deliveries/{before[0].id}/preview"
    as_it_is = world.olivia.post(path, {}).json()
    assert (as_it_is["status"], as_it_is["errors"][0]["pointer"]) == ("quarantined", "/rows/0")
    rows = [
        {"answer_key": "mood", "question": "mood", "transform": "choice", "value_map": {"I am lost": "tired"}}
    ]
    better = world.olivia.post(path, {"map": {"instrument": "tiny", "kind": "check", "rows": rows}}).json()
    assert (better["status"], better["reason"], better["answers"]) == ("processed", None, {"mood": "tired"})
    assert desk.deliveries() == before
    assert leo.get("/v1/entries").json()["entries"] == []


def test_a_map_must_fit_its_instrument(world: World) -> None:
    desk = Desk(world)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"instrument": "nothing"}, "/instrument"),
        ({"kind": "nothing"}, "/kind"),
        ({"rows": [{"answer_key": "a", "question": "nothing"}]}, "/rows/0/question"),
    ]
    for changes, pointer in wrong:
        answer = desk.put_map(**changes)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert world.olivia.get(f"{desk.path}/map").json()["version"] == 1


def test_a_source_fits_its_tool_and_its_secrets_are_shown_once(world: World) -> None:
    desk = Desk(world)
    for body in (
        {"tool": "nothing", "name": "A"},
        {"tool": "typeform", "name": "A", "options": {"proof": "basic"}},
        {"tool": "typeform", "name": "A", "options": {"fetch_base": "https://169.254.169.254"}},
    ):
        answer = world.olivia.post(f"{world.path}/sources", body)
        assert (answer.status_code, answer.json()["type"]) == (409, "urn:daybook:problem:source-unsound")
    for path in (desk.path, f"{world.path}/sources", f"{desk.path}/instructions"):
        text = world.olivia.get(path).text
        assert desk.source.secret not in text
        assert desk.source.url not in text
    assert "Hidden fields" in world.olivia.get(f"{desk.path}/instructions").json()["text"]
    assert world.olivia.patch(desk.path, {"name": "Every evening"}).json()["name"] == "Every evening"


def test_everybody_who_takes_part_gets_one_link_that_stays(world: World) -> None:
    desk, leo = Desk(world), world.join()
    world.invite()
    code = desk.code(leo)
    lena = world.join()
    links = world.olivia.post(f"{desk.path}/codes").json()
    assert [one["participant_id"] for one in links] == [str(leo.participant_id), str(lena.participant_id)]
    assert (links[0]["code"], links[0]["link"]) == (code, f"#pid={code}")
    assert world.olivia.get(f"{desk.path}/codes").json() == links
