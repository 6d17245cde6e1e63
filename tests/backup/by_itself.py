"""Backs up or restores in a process of its own that dies, or meets a full disk, where a test says."""

import functools
import importlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from api.core.config import load_settings
from scripts.backup import making
from scripts.backup.making import back_up
from scripts.backup.refusals import NotDone
from scripts.backup.restoring import restore

ORDER = "BY_ITSELF"
PASSPHRASE = "six random words make a passphrase"


def serve(host: str, port: int) -> None:
    """Do what the order says; named as the process that forks expects."""
    making.WORK = 2  # type: ignore[attr-defined] # what it dies of is not scrypt
    order = json.loads(os.environ[ORDER])
    if order.get("dies"):
        dies(**order["dies"])
    if order.get("room"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["room"], order["room"]))
    if order.get("after"):
        signal.setitimer(signal.ITIMER_REAL, order["after"])  # nobody handles it: it ends the process there
    settings, file = load_settings(), Path(order["file"])
    try:
        if order["do"] == "backup":
            back_up(settings, file, PASSPHRASE)
        else:
            restore(settings, file, PASSPHRASE, replace=True)
        sys.stdout.write("Done.\n")
    except NotDone as refused:
        sys.stdout.write(f"Not done: {refused}\n")
    sys.stdout.flush()


def dies(module: str, name: str, when: str) -> None:
    """Kill this process before or after one of its steps."""
    place: Any = importlib.import_module(module)
    *path, last = name.split(".")
    for part in path:
        place = getattr(place, part)
    setattr(place, last, _deadly(getattr(place, last), when))


def _deadly(step: Callable[..., Any], when: str) -> Callable[..., Any]:
    @functools.wraps(step)
    def run(*given: Any, **named: Any) -> Any:
        if when == "after":
            step(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return run
