"""The register of survey tools: one class, one file and one line each."""

from api.webhooks.adapters.base import Adapter

_ALL: tuple[Adapter, ...] = ()
ADAPTERS = {adapter.name: adapter for adapter in _ALL}
