"""Survey tools as far as they can be asked what they hold: each lists its submissions as its own API does."""

import json
from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from api.core import clock
from tests.webhooks.tools import Asked, Says, says

TOKEN = "let-me-read"
OPTION = "content"


class Holder(ABC):
    """Holds submissions of one person; the first is that of the recorded post."""

    tool: ClassVar[str]
    form: ClassVar[str]
    recorded: ClassVar[str]
    path: ClassVar[str]
    answer_key: ClassVar[str]
    proof: ClassVar[tuple[str, str]]
    page_size = 4
    asked_first: ClassVar[dict[str, str]]
    """What must be asked for at first, beside the time."""
    time_parameter: ClassVar[tuple[str, str]]
    """The parameter that names the time, and how 1 July 2026 is written in it."""

    def __init__(self, code: str, count: int) -> None:
        self.code, self.ids = code, [self.recorded, *(f"{self.recorded[:-4]}{n:04}" for n in range(1, count))]
        self.at = clock.now() - timedelta(minutes=10)

    def __call__(self, asked: Asked) -> Says:
        """Answer."""
        name, value = self.proof
        if asked.headers.get(name) != value:
            return Says(401)
        return self.page(asked) if asked.path == self.path else self.other(asked)

    @abstractmethod
    def page(self, asked: Asked) -> Says:
        """List some of what is held."""

    def other(self, _asked: Asked) -> Says:
        """Answer what is asked elsewhere."""
        return Says(404)

    def some(self, first: int) -> list[str]:
        """Return the names of a page."""
        return self.ids[first : first + self.page_size]


class Typeform(Holder):
    """Newest first; a page is what came before a token."""

    tool, form, recorded = "typeform", "lT4Z3j", "a3a12ec67a1365927098a606107fac15"
    path, answer_key = "/forms/lT4Z3j/responses", "mood"
    proof = ("authorization", f"Bearer {TOKEN}")
    asked_first: ClassVar = {"page_size": "4", "response_type": "completed"}
    time_parameter = ("since", "2026-07-01T00:00:00Z")

    def page(self, asked: Asked) -> Says:
        """List what came before."""
        before = asked.query.get("before")
        first = self.ids.index(before) + 1 if before else 0
        items = [self._item(name) for name in self.some(first)]
        return says({"total_items": len(self.ids), "page_count": 3, "items": items})

    def _item(self, name: str) -> dict[str, Any]:
        choice = {"id": "c1", "ref": "r1", "label": OPTION}
        field = {"id": "f1", "type": "multiple_choice", "ref": "mood"}
        return {
            "landing_id": name,
            "token": name,
            "response_id": name,
            "landed_at": self.at.isoformat(),
            "submitted_at": self.at.isoformat(),
            "metadata": {"user_agent": "Mozilla/5.0", "network_id": "a-net", "referer": "https://x"},
            "hidden": {"pid": self.code},
            "calculated": {"score": 0},
            "answers": [{"field": field, "type": "choice", "choice": choice}],
        }


class Kobo(Holder):
    """Rows from a number on, as they are posted, with the address of the next page."""

    tool, form, recorded = "kobo", "axD3Wc8ZnfgLXBcURRt5fM", "be5817e1-dd67-42b0-a6bd-30bf5ecfe4d3"
    path, answer_key = "/api/v2/assets/axD3Wc8ZnfgLXBcURRt5fM/data/", "evening/mood"
    proof = ("authorization", f"Token {TOKEN}")
    asked_first: ClassVar = {"format": "json", "limit": "4", "start": "0", "sort": '{"_id": 1}'}
    time_parameter = ("query", '{"_submission_time": {"$gte": "2026-07-01T00:00:00"}}')

    def page(self, asked: Asked) -> Says:
        """List rows from a number on."""
        rows = [self._row(name) for name in self.some(int(asked.query["start"]))]
        away = "https://inside.example.org/next"
        return says({"count": len(self.ids), "next": away, "previous": None, "results": rows})

    def _row(self, name: str) -> dict[str, Any]:
        return {
            "_id": self.ids.index(name),
            "_uuid": name,
            "meta/instanceID": f"uuid:{name}",
            "meta/rootUuid": f"uuid:{name}",
            "_xform_id_string": self.form,
            "_submission_time": f"{self.at:%Y-%m-%dT%H:%M:%S}",
            "_submitted_by": None,
            "_geolocation": [None, None],
            "evening/mood": OPTION,
            "pid": self.code,
        }


class Tally(Holder):
    """Pages by number, with the questions beside the answers."""

    tool, form, recorded = "tally", "VwbNEw", "2wgx4n"
    path, answer_key = "/forms/VwbNEw/submissions", "question_3qL4Gm"
    proof = ("authorization", f"Bearer {TOKEN}")
    asked_first: ClassVar = {"filter": "completed", "page": "1"}
    time_parameter = ("startDate", "2026-07-01T00:00:00.000Z")

    def page(self, asked: Asked) -> Says:
        """List a page."""
        first = (int(asked.query["page"]) - 1) * self.page_size
        hidden = {"uuid": "u-1", "type": "HIDDEN_FIELD", "questionType": "HIDDEN_FIELDS", "title": "pid"}
        questions = [
            {"id": "3qL4Gm", "type": "MULTIPLE_CHOICE", "title": "How was it?", "fields": []},
            {"id": "mVGEg3", "type": "HIDDEN_FIELDS", "title": None, "fields": [hidden]},
        ]
        told: dict[str, Any] = {"page": first, "limit": self.page_size, "questions": questions}
        told["hasMore"] = first + self.page_size < len(self.ids)
        return says(told | {"submissions": [self._row(name) for name in self.some(first)]})

    def _row(self, name: str) -> dict[str, Any]:
        responses = [
            {"id": "a", "questionId": "3qL4Gm", "answer": [OPTION]},
            {"id": "b", "questionId": "mVGEg3", "answer": {"u-1": self.code}},
        ]
        made = {"id": name, "formId": self.form, "respondentId": "r", "isCompleted": True}
        return made | {"submittedAt": self.at.isoformat(), "responses": responses}


class Jotform(Holder):
    """Rows from a number on; times are New York's."""

    tool, form, recorded = "jotform", "243490908500051", "6197916587414311452"
    path, answer_key = "/form/243490908500051/submissions", "q3_mood"
    proof = ("apikey", TOKEN)
    asked_first: ClassVar = {"limit": "4", "offset": "0", "orderby": "created_at,ASC"}
    time_parameter = ("filter", '{"created_at:gt": "2026-06-30 00:00:00"}')

    def page(self, asked: Asked) -> Says:
        """List rows from a number on."""
        rows = [self._row(name) for name in self.some(int(asked.query["offset"]))]
        gone = [self._row(name[::-1]) | {"status": "DELETED"} for name in self.ids[:1]]
        content = (gone + rows)[: self.page_size] if len(rows) < self.page_size else rows
        return says({"responseCode": 200, "message": "success", "content": content, "limit-left": 99})

    def _row(self, name: str) -> dict[str, Any]:
        made = f"{self.at.astimezone(ZoneInfo('America/New_York')):%Y-%m-%d %H:%M:%S}"
        answers = {
            "3": {"name": "mood", "order": "1", "text": "How?", "type": "control_radio", "answer": OPTION},
            "4": {"name": "pid", "type": "control_textbox", "answer": self.code},
            "5": {"name": "yours", "type": "control_email", "answer": "leo@example.org"},
            "6": {"name": "send", "type": "control_button"},
        }
        told = {"id": name, "form_id": self.form, "ip": "192.0.2.7", "created_at": made, "updated_at": None}
        return told | {"status": "ACTIVE", "new": "1", "answers": answers}


class Formbricks(Holder):
    """Newest first, without a filter of time."""

    tool, form, recorded = "standard", "surveyId", "responseId"
    path, answer_key = "/api/v1/management/responses", "mood"
    proof = ("x-api-key", TOKEN)
    asked_first: ClassVar = {"surveyId": "surveyId", "limit": "4", "skip": "0"}
    time_parameter = ("skip", "0")

    def page(self, asked: Asked) -> Says:
        """List from a number on: what is new, what is unfinished, and what is too old."""
        first, count = int(asked.query["skip"]), int(asked.query["limit"])
        open_one = self._row("not-yet") | {"finished": False}
        old = self._row("too-old") | {"createdAt": "2026-06-30T23:59:59.000Z"}
        rows = [*(self._row(name) for name in self.ids), open_one, *[old] * 50]
        return says({"data": rows[first : first + count]})

    def _row(self, name: str) -> dict[str, Any]:
        at = self.at.isoformat()
        told = {"id": name, "surveyId": self.form, "createdAt": at, "updatedAt": at, "finished": True}
        who = {"contact": {"id": "c", "userId": "leo"}, "meta": {"country": "DE", "url": "https://x"}}
        return told | who | {"data": {"mood": OPTION, "pid": self.code}, "tags": [], "ttc": {"_total": 1}}


class Qualtrics(Holder):
    """Exports in three steps; a response is fetched by itself."""

    tool, form, recorded = "qualtrics_event", "SV_22VlHYNeldrrrkp", "R_1l9mcVuXubb4aGm"
    path, answer_key = "/API/v3/surveys/SV_22VlHYNeldrrrkp/export-responses", "QID2"
    proof = ("x-api-token", TOKEN)
    asked_first: ClassVar = {}
    time_parameter = ("startDate", "2026-07-01T00:00:00Z")
    waits, ends = 2, "complete"

    def page(self, asked: Asked) -> Says:
        """Begin an export."""
        assert asked.method == "POST"
        self.wanted: dict[str, Any] = json.loads(asked.body)
        self.left = self.waits
        return says({"result": {"progressId": "ES_1", "percentComplete": 0.0, "status": "inProgress"}})

    def other(self, asked: Asked) -> Says:
        """Say how far it is, give the file, or one response."""
        if asked.path == f"{self.path}/ES_1":
            self.left -= 1
            status, file = ("inProgress", None) if self.left >= 0 else (self.ends, "a-file-1")
            return says({"result": {"fileId": file, "percentComplete": 50.0, "status": status}})
        if asked.path == f"{self.path}/a-file-1/file":
            kept = {"finished": 1, "status": 0, "recordedDate": self._at()}
            rows = [{"responseId": name, "values": kept} for name in self.ids]
            preview = {"responseId": "R_preview", "values": kept | {"status": 1}}
            begun = {"responseId": "R_begun", "values": kept | {"finished": 0}}
            return says({"responses": [*rows, preview, begun]})
        name = asked.path.rpartition("/")[2]
        values = {"finished": 1, "status": 0, "recordedDate": self._at(), "QID2": 5, "pid": self.code}
        return says({"result": {"responseId": name, "values": values, "labels": {"QID2": OPTION}}})

    def _at(self) -> str:
        return f"{self.at:%Y-%m-%dT%H:%M:%SZ}"


class QualtricsTask(Qualtrics):
    """The same survey, whose posts a workflow writes."""

    tool = "qualtrics_task"


HOLDERS: tuple[type[Holder], ...] = (Typeform, Kobo, Tally, Jotform, Formbricks, Qualtrics)
