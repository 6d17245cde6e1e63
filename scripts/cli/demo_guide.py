"""Waits until the demonstration answers over HTTP, and says what can be done with it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from scripts.cli.operating import err, out

_PATIENCE = 120
_SETTLED = {"published", "refused", "failed"}


@dataclass(frozen=True)
class Guide:
    """What a visitor needs to know; the token and the code are shown once."""

    study_id: UUID
    title: str
    token: str
    code: str


def show(guide: Guide, address: str, stopping: threading.Event) -> None:
    """Print the addresses, the code, the token and the one curl, once the first release is there."""
    with out.status("Making the first release"):
        release = _wait_for_release(guide, address, stopping)
    if stopping.is_set():
        return
    if release is None or release["status"] != "published":
        reason = (release or {}).get("refusal") or "it is taking longer than expected"
        err.print(f"The first release is not there: {reason}.", markup=False, highlight=False)
    out.print(f"\n[bold]{guide.title}[/bold]\n")
    for name, value in (
        ("The diary", f"{address}/#join={guide.code}"),
        ("API", address),
        ("Health", f"{address}/health/ready"),
        ("Invitation code", guide.code),
        ("Researcher's token", guide.token),
    ):
        out.print(f"{name:<20}{value}", soft_wrap=True, markup=False, highlight=False)
    out.print("\nPull the de-identified release as CSV, in another shell:\n")
    # One unbroken line, however narrow the window: it is there to be copied.
    out.print(curl(guide, address), soft_wrap=True, markup=False, highlight=False)
    out.print("\nEverybody in it is synthetic. Press Ctrl-C to stop.")


def curl(guide: Guide, address: str) -> str:
    """Return the one command that pulls the CSV."""
    url = f"{address}/v1/studies/{guide.study_id}/releases/latest/entries.csv"
    return f'curl -H "Authorization: Bearer {guide.token}" {url}'


def wait_until_ready(address: str, stopping: threading.Event) -> bool:
    """Wait until the service answers; say whether it did before it was stopped."""
    return _poll(f"{address}/health/ready", {}, stopping, lambda _: True) is not None


def _wait_for_release(guide: Guide, address: str, stopping: threading.Event) -> dict[str, Any] | None:
    """Return the first release once it is settled, or None if it takes too long."""
    url = f"{address}/v1/studies/{guide.study_id}/releases"
    headers = {"Authorization": f"Bearer {guide.token}"}
    found = _poll(url, headers, stopping, lambda found: found and found[0]["status"] in _SETTLED)
    return dict(found[0]) if found else None


def _poll(
    url: str, headers: dict[str, str], stopping: threading.Event, is_there: Callable[[Any], Any]
) -> Any:
    """Ask again and again until the answer is what is waited for; None if it never is."""
    with httpx.Client(headers=headers, timeout=5, trust_env=False) as client:
        for _ in range(_PATIENCE * 4):
            if stopping.wait(0.25):
                return None
            try:
                answer = client.get(url)
            except httpx.TransportError:
                continue  # not listening yet
            if answer.is_success and is_there(answer.json()):
                return answer.json()
    return None
