"""Every screen of the register, with the addresses at which it is looked at."""

import re

from tests.web.browsing import CLIENT

# The first question of each type that the diary has, and those that hold others.
QUESTIONS = (
    "setting",
    "others_involved",
    "headline",
    "confidence",
    "expected_outcome",
    "stakes",
    "options_considered",
    "influence",
    "embargo_until",
    "keep_out",
)
JOINED: dict[str, tuple[str, ...]] = {
    "/": ("/",),
    "/new/:kind/:about?": ("/new/decision", "/new/nothing_to_report", "/new/incident", "/new/moment"),
    "/entry/:id/all": ("/entry/{decision begun}/all", "/entry/{followup begun}/all"),
    "/entry/:id/check": ("/entry/{decision begun}/check", "/entry/{day begun}/check"),
    "/entry/:id/when": ("/entry/{decision begun}/when",),
    "/entry/:id/when/:choice": tuple(
        f"/entry/{{decision begun}}/when/{one}" for one in ("earlier", "yesterday", "date")
    ),
    "/entry/:id/:key": (
        *(f"/entry/{{decision begun}}/{key}" for key in QUESTIONS),
        "/entry/{day begun}/episodes",
    ),
    "/saved/:id": ("/saved/{synced}", "/saved/{queued}"),
    "/prompt/:id": ("/prompt/unknown",),
    "/join/:code?": ("/join",),
    "/read": ("/read",),
    "/sign-in/:mailed?": ("/sign-in", "/sign-in/mailed"),
    "/mail-code": ("/mail-code",),
    "/profile": ("/profile",),
    "/past": ("/past",),
    "/past/:id": (
        "/past/{synced}",
        "/past/{queued}",
        "/past/{rejected}",
        "/past/{locked}",
        "/past/{elsewhere}",
    ),
    "/conflict/:id": ("/conflict/{conflict}",),
    "/insights": ("/insights",),
    "/settings": ("/settings",),
    "/reminders": ("/reminders",),
    "/devices": ("/devices",),
    "/data": ("/data",),
    "/leave": ("/leave",),
    "/install": ("/install",),
    "/help": ("/help",),
    "/accessibility": ("/accessibility",),
}
NOT_JOINED = ("/join", "/sign-in", "/sign-in/mailed", "/mail-code", "/install", "/help", "/accessibility")


def registered() -> list[str]:
    """Read the patterns of the register, in its order."""
    return re.findall(r'^ {2}"(/[^"]*)":', (CLIENT / "screens/register.js").read_text("utf-8"), re.MULTILINE)


def shown_by(path: str) -> str:
    """Return the first pattern of the register that fits an address."""
    return next(one for one in registered() if re.fullmatch(_shape(one), path))


def _shape(pattern: str) -> str:
    return re.sub(r":\w+", "[^/]+", re.sub(r"/:\w+\?", "(?:/[^/]+)?", pattern))
