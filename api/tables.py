"""The one list of table modules: alembic and the tests import it."""

from api.audit import models as audit
from api.auth import account_models as accounts
from api.auth import models as auth
from api.core import models as core
from api.diary import models as diary
from api.instruments import models as instruments
from api.participants import models as participants
from api.prompts import models as prompts
from api.releases import models as releases
from api.releases.agreements import models as agreements
from api.releases.disclosure import models as disclosure
from api.releases.report import models as reports
from api.releases.review import models as review
from api.studies import models as studies
from api.webhooks import models as webhooks

TABLES = (
    accounts,
    agreements,
    audit,
    auth,
    core,
    diary,
    disclosure,
    instruments,
    participants,
    prompts,
    releases,
    reports,
    review,
    studies,
    webhooks,
)
