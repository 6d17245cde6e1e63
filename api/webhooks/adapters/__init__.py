"""The register of survey tools: one class, one file and one line each."""

from api.webhooks.adapters.base import Adapter
from api.webhooks.adapters.standard import Standard
from api.webhooks.adapters.typeform import Typeform

_ALL: tuple[Adapter, ...] = (
    Standard(),
    Typeform(),
)
ADAPTERS = {adapter.name: adapter for adapter in _ALL}
