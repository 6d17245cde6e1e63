"""Builds routes and the phone client once for the whole suite: every test's application would again, in 0.2 s."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi.routing import _EffectiveRouteContext

from api import main
from api.web.assets import CLIENT
from api.web.shell import Shell

_build = _EffectiveRouteContext.from_api_route
_built: dict[tuple[int, str], _EffectiveRouteContext] = {}


def share() -> None:
    """Let applications of one process share what was built; dependencies are then overridden for all or for none."""
    _EffectiveRouteContext.from_api_route = _shared  # type: ignore[method-assign] # there is no setting for it
    main.Shell = _shell  # type: ignore[attr-defined, assignment] # as above


def forget() -> None:
    """Let the next application build its own: for a test that overrides dependencies."""
    _built.clear()


def _shared(*, original_route: Any, include_context: Any) -> _EffectiveRouteContext:
    # What is built holds its route, so that no id comes twice.
    at = id(original_route), include_context.prefix
    if at not in _built:
        _built[at] = _build(original_route=original_route, include_context=include_context)
    return _built[at]


def _shell(client: Path, *, offline: bool) -> Shell:
    return _ours(offline=offline) if client == CLIENT else Shell(client, offline=offline)


@cache
def _ours(*, offline: bool) -> Shell:
    return Shell(CLIENT, offline=offline)
