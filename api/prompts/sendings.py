"""The rows of what goes out, each written before its sending: a worker that dies sends nothing twice.

A sending is `claimed`, then `handing` from right before the other side could deliver it, then what became of it. One
that a dead worker left `claimed` is taken over; one that it left `handing` may have arrived and is never sent again.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from api.core import clock, db
from api.core.ids import new_id
from api.prompts.channels.base import Fate, Outcome
from api.prompts.models import Prompt, PromptSending
from schemas.reminders import ChannelName

CLAIMED, HANDING = "claimed", "handing"
SETTLED = {Fate.SENT.value, Fate.REFUSED.value, Fate.UNKNOWN.value}


def of_prompts(
    session: Session, prompt_ids: Collection[UUID]
) -> tuple[dict[UUID, list[PromptSending]], set[UUID]]:
    """Return the sendings of some prompts, and the prompts of which a dead worker left one that it was handing over.

    What became of such a sending is unknown, and stays so.
    """
    mine = select(PromptSending).where(col(PromptSending.prompt_id).in_(prompt_ids))
    # Locked: what is read as not handed over yet must not be handed over before it is taken over.
    rows = session.execute(mine.with_for_update()).scalars()
    found: dict[UUID, list[PromptSending]] = {}
    left: set[UUID] = set()
    for row in rows:
        if row.state == HANDING:
            row.state, row.settled_at = Fate.UNKNOWN.value, clock.now()
            left.add(row.prompt_id)
        found.setdefault(row.prompt_id, []).append(row)
    return found, left


def claim(
    session: Session, prompt: Prompt, channel: ChannelName, earlier: Collection[PromptSending]
) -> PromptSending | None:
    """Claim the sending of a prompt's step on a channel, new or taken over; None if it is settled."""
    now = clock.now()
    row = next((one for one in earlier if one.channel is channel and one.step == prompt.step), None)
    if row is None:
        row = PromptSending(
            prompt_id=prompt.id,
            participant_id=prompt.participant_id,
            channel=channel,
            step=prompt.step,
            state=CLAIMED,
            claim=new_id(),
            claimed_at=now,
        )
        session.add(row)
        return row
    if row.state in SETTLED:
        return None
    row.state, row.claim, row.claimed_at, row.attempts = CLAIMED, new_id(), now, row.attempts + 1
    return row


def hand_over(engine: Engine, sending_id: UUID, claim_id: UUID) -> bool:
    """Note that what comes next cannot be taken back; False if another worker has taken the sending over."""
    with db.transaction(engine) as session:
        noted = session.execute(
            update(PromptSending)
            .where(
                col(PromptSending.id) == sending_id,
                col(PromptSending.claim) == claim_id,
                col(PromptSending.state) == CLAIMED,
            )
            .values(state=HANDING)
        )
        return bool(noted.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


def settle(session: Session, sending_id: UUID, claim_id: UUID, outcome: Outcome, now: datetime) -> bool:
    """Note what became of a sending; False if somebody else has taken it over meanwhile."""
    noted = session.execute(
        update(PromptSending)
        .where(col(PromptSending.id) == sending_id, col(PromptSending.claim) == claim_id)
        .values(state=outcome.fate.value, code=outcome.code, settled_at=now)
    )
    return bool(noted.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows
