"""Forks a server or a worker for each line that it reads, and ends them all when nothing more can come."""

import contextlib
import importlib
import json
import os
import signal
import sys

from tests.journeys.server import SERVE


def main() -> None:
    for name in sys.argv[1:] or [SERVE]:
        importlib.import_module(name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets the dead by itself
    started = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _serve(*json.loads(line))
        started.append(child)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    for child in started:
        # A dead child's number may be another process's by now: only who is still a child of ours is ended.
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(child, os.WNOHANG) == (0, 0):
                os.kill(child, signal.SIGKILL)


def _serve(module: str, host: str, port: int, given: dict[str, str], log: str) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    status = 1
    try:
        os.environ.update(given)
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (file, 1), (file, 2)):
            os.dup2(source, target)
        importlib.import_module(module).serve(host=host, port=port)
        status = 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
