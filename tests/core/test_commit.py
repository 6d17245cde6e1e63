"""An answer leaves only after its commit: one that fails is never answered with success."""

from sqlalchemy import Engine, text

from tests.meta.bodies import CONSENT
from tests.meta.shape import nothing_stored, refused
from tests.personas import World

# A row that refers to nothing, which both databases notice only when the transaction is committed.
DEFERRED = [
    "CREATE TABLE somewhere (id INTEGER PRIMARY KEY)",
    "CREATE TABLE orphan (id INTEGER REFERENCES somewhere (id) DEFERRABLE INITIALLY DEFERRED)",
]
BODY = "BEGIN INSERT INTO orphan VALUES (1); RETURN NEW; END"
SPOIL = {
    "sqlite": ["CREATE TRIGGER spoil_{0} AFTER INSERT ON {0} BEGIN INSERT INTO orphan VALUES (1); END"],
    "postgresql": [
        "CREATE FUNCTION spoil_{0}() RETURNS trigger LANGUAGE plpgsql AS $$ " + BODY + " $$",
        "CREATE TRIGGER spoil_{0} AFTER INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION spoil_{0}()",
    ],
}


def spoil(engine: Engine) -> None:
    with engine.begin() as connection:
        for statement in DEFERRED:
            connection.execute(text(statement))
        for table in ("audit_event", "entry"):
            for statement in SPOIL[engine.dialect.name]:
                connection.exec_driver_sql(statement.format(table))


def test_a_commit_that_fails_is_no_success_and_stores_nothing(world: World) -> None:
    leo, code = world.join(), world.invite()
    body = {"code": code, "attempt": "018f4c1e-7a3b-7c4d-8e5f-0123456789ab", "consent": CONSENT}
    spoil(world.engine)
    with nothing_stored(world.engine):
        refused(world.client.post("/v1/join", json=body), 409, "conflict")
        refused(leo.put("/v1/me/contact", {"name": "Leo"}), 409, "conflict")
        refused(leo.post("/v1/me/withdrawal", {"scope": "erase"}), 409, "conflict")
        refused(world.olivia.patch(world.path, {"title": "New"}), 409, "conflict")
        refused(leo.keeps(), 409, "conflict")
    with world.engine.begin() as connection:
        connection.execute(text("DROP TABLE orphan"))
        for table in ("audit_event", "entry"):
            on = "" if world.settings.is_sqlite else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER spoil_{table}{on}"))
    assert world.client.post("/v1/join", json=body).status_code == 201
    assert leo.keeps().status_code == 201
