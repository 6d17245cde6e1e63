"""The limit under which somebody who is signed in proves something: per account, which nobody else can use up."""

from contextlib import AbstractContextManager
from typing import Annotated

from fastapi import Depends

from api.auth.dependencies import AppTools, CurrentSession
from api.auth.problems import InvitationNotValid, OneTimeCodeWrong, SignInRefused
from api.core import limits
from api.core.dependencies import ClientAddress, DbSession

_PROOF = limits.Limit(
    "staff-proof", minutes=5, per_account=10, per_address=100, overall=2_000, under_attack=20
)
_REFUSED = (SignInRefused, OneTimeCodeWrong, InvitationNotValid)


def proof(
    principal: CurrentSession, address: ClientAddress, session: DbSession, tools: AppTools
) -> AbstractContextManager[None]:
    """Give the limit, to be entered before the work."""
    who = str(principal.staff_id)
    return limits.attempt(session, tools.settings, _PROOF, address=address, account=who, failures=_REFUSED)


Proof = Annotated[AbstractContextManager[None], Depends(proof)]
