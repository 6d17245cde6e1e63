"""The one list of routers, and of the modules whose import registers a durable job or a chore."""

from api.audit import sealing as audit_chore
from api.auth.admin_routes import router as administration
from api.auth.factor_routes import router as factors
from api.auth.oidc_routes import router as single_sign_on
from api.auth.routes import router as auth
from api.auth.staff_routes import router as staff
from api.core.health import router as health
from api.diary import followups
from api.diary.routes import router as diary
from api.instruments.routes import router as instruments
from api.instruments.xlsform.routes import router as workbooks
from api.participants import contact_index, mailed_codes, mailing_codes
from api.participants import retention as contact_retention
from api.participants.device_routes import router as devices
from api.participants.routes import router as participants
from api.prompts import plan as prompt_planning
from api.prompts import rights as prompt_rights
from api.prompts import sending as prompt_sending
from api.prompts import zone_rules
from api.prompts.calendar_routes import router as calendars
from api.prompts.compliance.routes import router as compliance
from api.prompts.push_routes import router as push
from api.prompts.reminder_routes import router as reminders
from api.prompts.routes import router as prompts
from api.prompts.schedule_routes import router as schedules
from api.prompts.stopping_routes import router as stopping
from api.releases import build as release_job
from api.releases.agreements.routes import router as agreements
from api.releases.disclosure.routes import router as disclosure
from api.releases.report.routes import router as release_reports
from api.releases.review import refresh as review_chore
from api.releases.review import rights as review_rights
from api.releases.review.routes import router as review
from api.releases.routes import router as releases
from api.studies.member_routes import router as members
from api.studies.routes import router as studies
from api.web.routes import router as client
from api.web.version_routes import router as client_version
from api.webhooks import polling as inbox_polling
from api.webhooks import rights as inbox_rights
from api.webhooks import running as inbox_job
from api.webhooks.delivery_routes import router as deliveries
from api.webhooks.door_routes import router as inbox_door
from api.webhooks.routes import router as sources

# Routes are tried in this order: the ingest doors, which phones knock at most, come first.
ROUTERS = (
    diary,
    inbox_door,
    health,
    auth,
    staff,
    factors,
    administration,
    single_sign_on,
    studies,
    members,
    instruments,
    workbooks,
    participants,
    devices,
    prompts,
    schedules,
    compliance,
    stopping,
    calendars,
    push,
    reminders,
    disclosure,
    release_reports,
    agreements,
    releases,
    review,
    sources,
    deliveries,
    client,
    client_version,
)
JOBS = (
    release_job,
    audit_chore,
    contact_retention,
    contact_index,
    mailed_codes,
    followups,
    prompt_planning,
    prompt_sending,
    zone_rules,
    mailing_codes,
    prompt_rights,
    review_chore,
    review_rights,
    inbox_job,
    inbox_polling,
    inbox_rights,
)
