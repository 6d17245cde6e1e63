"""The register of survey tools: one class, one file and one line each."""

from api.webhooks.adapters.base import Adapter
from api.webhooks.adapters.generic_json import GenericJson
from api.webhooks.adapters.jotform import Jotform
from api.webhooks.adapters.kobo import Kobo
from api.webhooks.adapters.odk_odata import OdkOdata
from api.webhooks.adapters.qualtrics_event import QualtricsEvent
from api.webhooks.adapters.qualtrics_task import QualtricsTask
from api.webhooks.adapters.redcap import Redcap
from api.webhooks.adapters.standard import Standard
from api.webhooks.adapters.surveymonkey import SurveyMonkey
from api.webhooks.adapters.tally import Tally
from api.webhooks.adapters.typeform import Typeform

_ALL: tuple[Adapter, ...] = (
    GenericJson(),
    Jotform(),
    Kobo(),
    OdkOdata(),
    QualtricsEvent(),
    QualtricsTask(),
    Redcap(),
    Standard(),
    SurveyMonkey(),
    Tally(),
    Typeform(),
)
ADAPTERS = {adapter.name: adapter for adapter in _ALL}
