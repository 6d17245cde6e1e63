"""The load generator: a process of its own that costs little CPU, for it shares the cores with the server.

Reads from standard input one JSON object: {"port": int, "requests": [[text, ...] per connection]}. Each connection
sends its requests one after another. Writes {"seconds", "latencies" (s, one per request), "statuses"} as JSON.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from typing import cast

import uvloop

_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class Connection(asyncio.Protocol):
    """One keep-alive connection with its queue of finished request bytes."""

    def __init__(self, requests: list[bytes]) -> None:
        self.latencies: list[float] = []
        self.statuses: dict[str, int] = {}
        self.done = asyncio.get_running_loop().create_future()
        self._left = iter(requests)
        self._got = b""
        self._sent_at = 0.0
        self._send: Callable[[bytes], None]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way to send; `start` sends the first request."""
        self._send = cast(asyncio.Transport, transport).write

    def connection_lost(self, error: Exception | None) -> None:
        """Fail when the server hangs up early."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("The server hung up."))

    def start(self) -> None:
        """Send the next request, or finish."""
        request = next(self._left, None)
        if request is None:
            self.done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._send(request)

    def data_received(self, data: bytes) -> None:
        """Collect one answer; when it is whole, note it and send the next request."""
        self._got += data
        end = self._got.find(b"\r\n\r\n")
        if end < 0:
            return
        found = _LENGTH.search(self._got, 0, end + 2)
        if len(self._got) < end + 4 + (int(found[1]) if found else 0):
            return
        self.latencies.append(time.perf_counter() - self._sent_at)
        status = self._got[9:12].decode()
        self.statuses[status] = self.statuses.get(status, 0) + 1
        self._got = b""
        self.start()


async def run(port: int, requests: list[list[bytes]]) -> dict[str, object]:
    """Send everything, and return what was measured."""
    loop = asyncio.get_running_loop()
    made = []
    for queue in requests:
        _, connection = await loop.create_connection(lambda queue=queue: Connection(queue), "127.0.0.1", port)  # type: ignore[misc] # mypy does not infer a lambda with a default
        made.append(connection)
    started = time.perf_counter()
    for connection in made:
        connection.start()
    await asyncio.gather(*(connection.done for connection in made))
    seconds = time.perf_counter() - started
    statuses: dict[str, int] = {}
    for connection in made:
        for status, count in connection.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    latencies = [one for connection in made for one in connection.latencies]
    return {"seconds": seconds, "latencies": latencies, "statuses": statuses}


if __name__ == "__main__":
    wanted = json.load(sys.stdin)
    queues = [[request.encode() for request in queue] for queue in wanted["requests"]]
    json.dump(uvloop.run(run(wanted["port"], queues)), sys.stdout)
