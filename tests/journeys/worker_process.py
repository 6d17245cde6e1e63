"""The real worker, as tests fork it."""

from scripts.cli.worker import worker


def serve(host: str, port: int) -> None:
    """Run durable jobs until stopped; a worker listens nowhere."""
    del host, port
    worker()
