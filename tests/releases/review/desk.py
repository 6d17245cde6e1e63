"""Rita and Ravi review what leaders wrote."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import select

from api.auth.verbs import Role
from api.core import db
from api.core.ids import new_id
from api.releases.review import refresh
from api.releases.review.models import TextReview
from api.releases.review.reviewed import ReviewCounts, ReviewedText, counts, reviewed
from tests.personas import DECISION, Caller, Leader, World

JANE = "Met Jane Smith of Bradford City Council; call 01274 432001"
Answers = dict[str, Any]


@dataclass
class Desk:
    """A study, two reviewers, and Leo who writes."""

    world: World
    rita: Caller = field(init=False)
    ravi: Caller = field(init=False)
    leo: Leader = field(init=False)

    def __post_init__(self) -> None:
        self.rita = self.world.staff("Rita Reviewer", Role.REVIEWER)
        self.ravi = self.world.staff("Ravi Reviewer", Role.REVIEWER)
        self.leo = self.world.join()

    @property
    def path(self) -> str:
        return f"{self.world.path}/review"

    def writes(self, headline: str, leader: Leader | None = None, **answers: Any) -> UUID:
        """Let a leader write an entry, and let the queue hear of it."""
        entry = new_id()
        self.edits(entry, headline, leader, **answers)
        return entry

    def edits(self, entry: UUID, headline: str, leader: Leader | None = None, **answers: Any) -> None:
        """Let a leader write an entry, or write it again."""
        controls = {name: answers.pop(name) for name in ("base_version",) if name in answers}
        kept = (leader or self.leo).keeps(entry, DECISION | {"headline": headline} | answers, **controls)
        assert kept.status_code in {200, 201}, kept.text
        self.catch_up()

    def catch_up(self) -> int:
        """Look through what changed, as the chore does."""
        return refresh.catch_up(self.world.engine, self.world.settings, self.world.study_id)

    def queue(self, state: str = "unreviewed", who: Caller | None = None, **query: Any) -> dict[str, Any]:
        """Read a page of the queue."""
        answer = (who or self.rita).get(self.path, params={"state": state} | query)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def text(self, entry: UUID, question: str = "headline", item: int = -1) -> dict[str, Any]:
        """Find one text of an entry in the queue, whatever its state."""
        for state in ("unreviewed", "edited", "second", "reviewed", "withheld"):
            for text in self.queue(state, limit=100)["texts"]:
                if (text["entry_id"], text["question"], text["item"]) == (str(entry), question, item):
                    return dict(text)
        raise AssertionError(question)

    def id_of(self, entry: UUID, question: str = "headline") -> str:
        """Return the id of one text of an entry."""
        with db.reading(self.world.engine) as session:
            mine = (TextReview.entry_id == entry, TextReview.question == question)
            return str(session.exec(select(TextReview.id).where(*mine)).one())

    def decide(self, text: dict[str, Any], state: str = "reviewed", **changes: Any) -> Any:
        """Decide about a text as Rita, with every suggestion taken unless told otherwise."""
        who: Caller = changes.pop("who", self.rita)
        body = {"state": state, "version": text["version"], "seen": len(text["decisions"])}
        if state == "reviewed" and "paraphrase" not in changes:
            body["spans"] = [suggestion(one) for one in text["suggested"]]
        return who.post(f"{self.path}/{text['id']}", body | changes)

    def decided(self, text: dict[str, Any], state: str = "reviewed", **changes: Any) -> dict[str, Any]:
        """Decide, and return the text as it stands then."""
        answer = self.decide(text, state, **changes)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def sign_off(self, text: dict[str, Any], who: Caller | None = None, **changes: Any) -> Any:
        """Sign a text off as Ravi."""
        body = {"version": text["version"], "seen": len(text["decisions"])} | changes
        return (who or self.ravi).post(f"{self.path}/{text['id']}/sign-off", body)

    def exported(self, *entries: UUID) -> list[ReviewedText]:
        """Return what the pipeline would be given."""
        with db.reading(self.world.engine) as session:
            return list(reviewed(session, self.world.study_id, entries))

    def words(self, *entries: UUID) -> list[str]:
        """Return the texts that the pipeline would be given."""
        return [one.text for one in self.exported(*entries)]

    def counts(self) -> ReviewCounts:
        """Count as the report does."""
        with db.reading(self.world.engine) as session:
            return counts(session, self.world.study_id)


def suggestion(one: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Take a suggestion."""
    return {name: one[name] for name in ("start", "end", "kind", "placeholder")} | changes


def piece(
    text: str, words: str, kind: str = "person", placeholder: str | None = "[PERSON-A]"
) -> dict[str, Any]:
    """Mark words where they stand first."""
    start = text.index(words)
    return {"start": start, "end": start + len(words), "kind": kind, "placeholder": placeholder}
