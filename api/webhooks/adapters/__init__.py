"""The register of survey tools: one class, one file and one line each."""

from api.webhooks.adapters.base import Adapter
from api.webhooks.adapters.kobo import Kobo
from api.webhooks.adapters.qualtrics_event import QualtricsEvent
from api.webhooks.adapters.qualtrics_task import QualtricsTask
from api.webhooks.adapters.standard import Standard
from api.webhooks.adapters.tally import Tally
from api.webhooks.adapters.typeform import Typeform

_ALL: tuple[Adapter, ...] = (
    Kobo(),
    QualtricsEvent(),
    QualtricsTask(),
    Standard(),
    Tally(),
    Typeform(),
)
ADAPTERS = {adapter.name: adapter for adapter in _ALL}
