"""The vocabulary of audit events: noun.verb, one per state change.

An event of your own is one entry here: its name, what it means, who acts, and the keys that its detail may carry.
Then run `python -m scripts.docs`.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Self

STAFF, PARTICIPANT, OPERATOR, SYSTEM, ANONYMOUS = "staff", "participant", "operator", "system", "anonymous"
_NOTHING: Mapping[str, "DetailKind"] = MappingProxyType({})
_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")
_FILE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,160}(\.[a-z0-9]{1,10})?")


class DetailKind(StrEnum):
    """What a key of an event's detail may hold: a code or file name of our own making, or a count; never words."""

    CODE = "code"
    COUNT = "count"
    FILE = "file"

    def allows(self, value: object) -> bool:
        """Say whether a value is of this kind."""
        if self is DetailKind.COUNT:
            return type(value) is int and 0 <= value < 2**53
        form = _FILE if self is DetailKind.FILE else _CODE
        return isinstance(value, str) and form.fullmatch(value) is not None


CODE, COUNT, FILE = DetailKind.CODE, DetailKind.COUNT, DetailKind.FILE


class WrongDetail(Exception):
    """An event with a detail that the vocabulary does not allow it; never holds the value."""


class Event(StrEnum):
    """What can be recorded."""

    meaning: str
    actors: tuple[str, ...]
    details: Mapping[str, DetailKind]

    def __new__(
        cls, name: str, meaning: str, actors: tuple[str, ...], details: Mapping[str, DetailKind] = _NOTHING
    ) -> Self:
        """Make one word of the vocabulary."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.meaning, made.actors, made.details = meaning, actors, details
        return made

    def check(self, detail: Mapping[str, object]) -> None:
        """Raise WrongDetail unless every key is declared and every value is of its kind."""
        wrong = [
            key for key in detail if key not in self.details or not self.details[key].allows(detail[key])
        ]
        if wrong:
            raise WrongDetail(
                f"{self.value} may not carry {', '.join(wrong)} like this (api/audit/events.py)."
            )

    ACCESS_DENIED = (
        "access.denied",
        "A member asked for what their role or token does not allow; `verb` is what they asked for.",
        (STAFF,),
        {"verb": CODE},
    )
    STAFF_ADDED = (
        "staff.added",
        "A person who runs studies was added: by the operator, or by confirming an invitation.",
        (OPERATOR, ANONYMOUS),
    )
    STAFF_INVITED = (
        "staff.invited",
        "Somebody was invited to run studies, into a study with a `role` or without.",
        (STAFF, OPERATOR),
        {"role": CODE},
    )
    STAFF_ACCEPTED = (
        "staff.accepted",
        "Somebody opened an invitation and chose a password, which is not confirmed yet.",
        (ANONYMOUS,),
    )
    STAFF_ACTIVATED = "staff.activated", "Somebody who was there already got a new password.", (STAFF,)
    STAFF_RESET = (
        "staff.reset",
        "A person's password and authenticator were taken away, and a new invitation made.",
        (OPERATOR,),
    )
    STAFF_DISABLED = "staff.disabled", "A member of staff was kept out, everywhere.", (STAFF, OPERATOR)
    STAFF_ENABLED = "staff.enabled", "A member of staff was let in again.", (STAFF, OPERATOR)
    ADMINISTRATOR_ADDED = "administrator.added", "A member of staff became site administrator.", (OPERATOR,)
    ADMINISTRATOR_REMOVED = "administrator.removed", "A site administrator is one no more.", (OPERATOR,)
    INVITATION_REVOKED = "invitation.revoked", "An invitation of staff was made useless.", (STAFF,)
    SIGN_IN_REFUSED = (
        "sign_in.refused",
        "Somebody failed to prove who they are; `wrong` is what was wrong first.",
        (ANONYMOUS,),
        {"wrong": CODE},
    )
    SESSION_STARTED = (
        "session.started",
        "A member of staff signed in, in a browser; `by` says whether with a password or through a provider.",
        (STAFF,),
        {"by": CODE},
    )
    SESSION_STEPPED_UP = "session.stepped_up", "A second factor was shown again.", (STAFF,)
    SESSION_ENDED = "session.ended", "A browser of a member of staff was signed out.", (STAFF,)
    IDENTITY_CONNECTED = (
        "identity.connected",
        "A member of staff connected their account with who they are at the organisation's provider.",
        (STAFF,),
    )
    PASSWORD_CHANGED = "password.changed", "Somebody changed their own password.", (STAFF,)
    RECOVERY_CODES_RENEWED = (
        "recovery_codes.renewed",
        "New recovery codes took the place of the old ones.",
        (STAFF,),
    )
    AUTHENTICATOR_REPLACED = (
        "authenticator.replaced",
        "Somebody confirmed another authenticator; the old one is worth nothing, and other sessions ended.",
        (STAFF,),
    )
    MEMBER_ADDED = (
        "member.added",
        "A member of staff was given a role in a study.",
        (STAFF, OPERATOR),
        {"role": CODE},
    )
    MEMBER_CHANGED = (
        "member.changed",
        "A member of a study was given another role.",
        (STAFF, OPERATOR),
        {"role": CODE},
    )
    MEMBER_REMOVED = (
        "member.removed",
        "A member left a study, with so many `tokens` for it and `invitations` that they had made.",
        (STAFF,),
        {"tokens": COUNT, "invitations": COUNT},
    )
    TOKEN_CREATED = "token.created", "A personal access token was made.", (STAFF, OPERATOR)
    TOKEN_REVOKED = "token.revoked", "A personal access token was made useless.", (STAFF, OPERATOR)
    STUDY_CREATED = "study.created", "A study was made, as a draft.", (OPERATOR,)
    STUDY_UPDATED = "study.updated", "A study's title, edit window or contact retention changed.", (STAFF,)
    STUDY_OPENED = "study.opened", "A study was opened.", (STAFF, OPERATOR)
    STUDY_PAUSED = "study.paused", "A study was paused.", (STAFF,)
    STUDY_CLOSED = "study.closed", "A study was closed.", (STAFF,)
    DOCUMENT_PUBLISHED = (
        "document.published",
        "A version of the information sheet or the consent form was published.",
        (STAFF, OPERATOR),
    )
    INSTRUMENT_DRAFTED = (
        "instrument.drafted",
        "A draft of an instrument version was stored.",
        (STAFF, OPERATOR),
    )
    INSTRUMENT_PUBLISHED = "instrument.published", "An instrument version was published.", (STAFF, OPERATOR)
    INSTRUMENT_RETIRED = (
        "instrument.retired",
        "An instrument version is offered to phones no longer.",
        (STAFF,),
    )
    PARTICIPANT_INVITED = "participant.invited", "A place for a participant was made.", (STAFF, OPERATOR)
    PARTICIPANT_ENROLLED = (
        "participant.enrolled",
        "A participant used an invitation, consented and signed in on a first device.",
        (PARTICIPANT,),
    )
    PARTICIPANT_IMPORTED = "participant.imported", "A participant came with an import.", (OPERATOR,)
    PARTICIPANT_WITHDREW = (
        "participant.withdrew",
        "A participant withdrew; `scope` says how far: no reminders, no more releases, or everything erased.",
        (PARTICIPANT, STAFF, OPERATOR),
        {"scope": CODE},
    )
    CONSENT_CHANGED = (
        "consent.changed",
        "A participant consented anew; `how` says where it came from, if not from the phone.",
        (PARTICIPANT, OPERATOR),
        {"how": CODE},
    )
    PROFILE_CHANGED = (
        "profile.changed",
        "A participant changed their profile; `count` answers are new or different.",
        (PARTICIPANT, OPERATOR),
        {"count": COUNT},
    )
    CONTACT_CHANGED = "contact.changed", "A participant replaced their contact data.", (PARTICIPANT,)
    CONTACT_EXPIRED = (
        "contact.expired",
        "A participant's contact data was erased, because the study ended and its time had come.",
        (SYSTEM,),
    )
    REMINDERS_CHANGED = (
        "reminders.changed",
        "A participant changed how they are reminded: channels, days, hour, pause or stop.",
        (PARTICIPANT,),
    )
    DEVICE_CODE_MADE = (
        "device.code_made",
        "A participant made a one-time code, to sign in on another device.",
        (PARTICIPANT,),
    )
    DEVICE_CODE_MAILED = (
        "device.code_mailed",
        "A one-time code went to the e-mail address of a participant, as somebody had asked for.",
        (SYSTEM,),
    )
    DEVICE_ADDED = (
        "device.added",
        "A participant signed in on another device, by a one-time code.",
        (PARTICIPANT,),
    )
    DEVICE_REVOKED = "device.revoked", "A device was signed out.", (PARTICIPANT, STAFF)
    DEVICE_REPLACED = (
        "device.replaced",
        "A phone joined or signed in once more because it never got the answer; `count` sessions of that answer ended.",
        (PARTICIPANT,),
        {"count": COUNT},
    )
    DEVICE_TOKEN_REUSED = (
        "device.token_reused",
        "A device was signed out because a refresh token of it was used again: somebody may have copied it.",
        (ANONYMOUS,),
    )
    DATA_EXPORTED = (
        "data.exported",
        "A participant was given everything that is held about them.",
        (PARTICIPANT, OPERATOR),
    )
    MAILS_STOPPED = (
        "reminders.mails_stopped",
        "A participant stopped the mails by the link in one of them.",
        (PARTICIPANT,),
    )
    CALENDAR_ADDRESS_MADE = (
        "calendar.address_made",
        "A participant made a private address of their calendar; the one before is worth nothing.",
        (PARTICIPANT,),
    )
    CALENDAR_ADDRESS_ENDED = (
        "calendar.address_ended",
        "A participant ended the private address of their calendar.",
        (PARTICIPANT,),
    )
    PUSH_SUBSCRIBED = (
        "push.subscribed",
        "A participant's device said where it receives push messages.",
        (PARTICIPANT,),
    )
    PUSH_ENDED = "push.ended", "A participant's device receives push messages no more.", (PARTICIPANT,)
    KEYS_REWRAPPED = (
        "keys.rewrapped",
        "Data keys of one table were wrapped under the new master key.",
        (OPERATOR,),
        {"table": CODE, "count": COUNT},
    )
    SCHEDULE_CHANGED = (
        "schedule.changed",
        "A schedule was made or changed; `version` is what it is now.",
        (STAFF, OPERATOR),
        {"version": COUNT},
    )
    SCHEDULE_RETIRED = "schedule.retired", "A schedule asks for nothing any more.", (STAFF, OPERATOR)
    SOURCE_CREATED = (
        "source.created",
        "An address was made for a form of a survey tool; `tool` says which.",
        (STAFF, OPERATOR),
        {"tool": CODE},
    )
    SOURCE_CHANGED = "source.changed", "A source's name or settings changed.", (STAFF, OPERATOR)
    SOURCE_OPENED = "source.opened", "What a source takes becomes entries from here on.", (STAFF, OPERATOR)
    SOURCE_PAUSED = "source.paused", "A source asks its tool to try again later.", (STAFF, OPERATOR)
    SOURCE_TESTED = "source.tested", "What a source takes becomes no entries, to try it.", (STAFF, OPERATOR)
    SOURCE_ROTATED = "source.rotated", "A source was given a new secret or address.", (STAFF, OPERATOR)
    SOURCE_RECONCILED = (
        "source.reconciled",
        "A survey tool was asked what it holds; `count` of it had not come here, `fetched` of that is taken in now.",
        (STAFF, OPERATOR),
        {"count": COUNT, "fetched": COUNT},
    )
    FIELD_MAP_CHANGED = (
        "field_map.changed",
        "How a source's answers become entries was changed.",
        (STAFF, OPERATOR),
        {"version": COUNT},
    )
    CODES_MADE = (
        "codes.made",
        "`count` participants were given codes for a source's links.",
        (STAFF, OPERATOR),
        {"count": COUNT},
    )
    DELIVERIES_REPLAYED = (
        "deliveries.replayed",
        "`count` deliveries of survey tools were processed again.",
        (STAFF, OPERATOR),
        {"count": COUNT},
    )
    DELIVERY_DISMISSED = (
        "delivery.dismissed",
        "A delivery that could not become an entry was put aside.",
        (STAFF, OPERATOR),
    )
    DISCLOSURE_CHANGED = (
        "disclosure.changed",
        "What a study's releases of one `tier` tell of people was changed.",
        (STAFF, OPERATOR),
        {"tier": CODE},
    )
    HIERARCHY_REPLACED = (
        "hierarchy.replaced",
        "A study was given its own generalisations of an attribute.",
        (STAFF, OPERATOR),
    )
    HIERARCHY_REMOVED = (
        "hierarchy.removed",
        "A study's own generalisations of an attribute gave way to the questionnaire's.",
        (STAFF, OPERATOR),
    )
    AGREEMENT_RECORDED = (
        "agreement.recorded",
        "An agreement with a recipient of releases was recorded.",
        (STAFF, OPERATOR),
    )
    AGREEMENT_ENDED = "agreement.ended", "An agreement with a recipient was ended at once.", (STAFF, OPERATOR)
    RELEASE_REQUESTED = "release.requested", "A release was asked for.", (STAFF, OPERATOR)
    RELEASE_PUBLISHED = "release.published", "A release was made and published.", (SYSTEM,), {"number": COUNT}
    RELEASE_REFUSED = (
        "release.refused",
        "A release could not be made, or was refused by its own checks.",
        (SYSTEM,),
        {"number": COUNT},
    )
    RELEASE_DOWNLOADED = (
        "release.downloaded",
        "A file of a release was taken, from its first byte; `file` is its name.",
        (STAFF,),
        {"number": COUNT, "file": FILE},
    )
    TEXT_REVIEWED = (
        "text.reviewed",
        "A text was cleared to be exported, with `replaced` pieces replaced.",
        (STAFF,),
        {"replaced": COUNT},
    )
    TEXT_WITHHELD = "text.withheld", "A text was kept out of releases.", (STAFF,)
    TEXT_REOPENED = "text.reopened", "A decision about a text was taken back.", (STAFF,)
    TEXT_SIGNED_OFF = "text.signed_off", "A second person agreed with the review of a text.", (STAFF,)
    REVIEW_TERM_ADDED = (
        "review_term.added",
        "A name was added to those that texts are searched for.",
        (STAFF,),
    )
    REVIEW_TERM_REMOVED = (
        "review_term.removed",
        "A name was removed from those that texts are searched for.",
        (STAFF,),
    )
    BACKUP_MADE = "backup.made", "Everything was written into one encrypted file.", (OPERATOR,)
    BACKUP_RESTORED = (
        "backup.restored",
        "A backup took the place of the database; `count` withdrawals and other revocations were done again.",
        (OPERATOR,),
        {"count": COUNT},
    )
