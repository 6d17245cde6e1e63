"""Refusals of access."""

from uuid import UUID

from api.core.problems import Conflict, Forbidden, Invalid, Unauthenticated, Unavailable


class SessionEnded(Unauthenticated):
    """The device was signed out or its token has expired."""

    slug, title = "session-ended", "This device is signed out. Please sign in again."


class WrongCredential(Unauthenticated):
    """A valid credential of another kind: a researcher's on a leader's address, or the reverse."""

    slug, title = "wrong-credential", "This address needs another kind of sign-in."


class CrossSite(Forbidden):
    """A cookie came with a request that our own page did not make."""

    slug, title = "cross-site", "This request did not come from our own page."


class SignInRefused(Unauthenticated):
    """A sign-in with anything wrong: one answer, whether or not the account exists."""

    slug, title = "sign-in-refused", "The e-mail address, the password or the code is not right."


class ProviderSignInRefused(Unauthenticated):
    """A sign-in through the organisation with anything wrong: one answer; `why` is for the audit alone."""

    slug, title = (
        "provider-sign-in-refused",
        "You could not be signed in through your organisation. Sign in with your password, or ask who runs this site.",
    )

    def __init__(self, why: str = "provider", staff_id: UUID | None = None) -> None:
        super().__init__()
        self.why, self.staff_id = why, staff_id


class ProviderAway(Unavailable):
    """The organisation's sign-in service does not answer, or not as its own description says."""

    slug, title = (
        "provider-away",
        "Your organisation's sign-in does not answer. Please try again in a moment, or sign in with your password.",
    )


class StepUpNeeded(Forbidden):
    """A session did something weighty without having shown a second factor in the last ten minutes."""

    slug, title = "step-up-needed", "Please confirm with a code from your authenticator first."


class InvitationNotValid(Invalid):
    """A code for staff that is unknown, used or expired: one answer for all three."""

    slug, title = (
        "invitation-not-valid",
        "This invitation is not valid. Check the code, or ask for a new one.",
    )


class OneTimeCodeWrong(Invalid):
    """The authenticator's code does not fit, or was used before."""

    slug, title = "one-time-code-wrong", "This code is not right. Wait for the next one and try again."


class OfferNotValid(Invalid):
    """An authenticator that was offered too long ago, or to somebody else."""

    slug, title = "offer-not-valid", "This took too long. Please begin again with a new authenticator."


class SignInFirst(Conflict):
    """The invited person has an account already."""

    slug, title = "sign-in-first", "You have an account already. Sign in, then accept the invitation."


class PasswordTooWeak(Invalid):
    """A password that is easily guessed."""

    slug, title = "password-too-weak", "This password is easily guessed. Please choose another one."


class LastOwner(Conflict):
    """A study keeps at least one owner."""

    slug, title = "last-owner", "A study needs an owner: give somebody else that role first."


class LastAdministrator(Conflict):
    """The site keeps at least one administrator."""

    slug, title = (
        "last-administrator",
        "The site needs an administrator: give somebody else that right first.",
    )
