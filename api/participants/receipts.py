"""Words a withdrawal's receipt as a letter that somebody busy reads once and can keep."""

from schemas.participant import WithdrawalReceipt, WithdrawalScope

_STANDING = {
    WithdrawalScope.STOP_PROMPTS: (
        "You will get no more reminders. Nothing else has changed: you are still part of the study and can write "
        "in your diary whenever you like."
    ),
    WithdrawalScope.OUT_OF_RELEASES: (
        "You have left the study. Nothing new is stored, and none of your entries will be in any later release. "
        "What you had written is still kept: you can read it on your phone, delete entries, or ask for everything "
        "to be erased."
    ),
    WithdrawalScope.ERASE: (
        "You have left the study, and what you gave us has been erased. Nobody can bring it back, and that "
        "includes us. Your devices are signed out."
    ),
}
_KEPT = (
    "What we keep: this receipt; what you had agreed to and when; a record of what was done and when, without your "
    "words or your contact details; and the numbers of the erased entries, so that a phone that was offline "
    "cannot send them again. Backups made before today still hold your data until they are deleted in their turn; "
    "if one has to be used, your withdrawal is carried out again."
)
_NAMES = {
    "entries": ("diary entry", "diary entries"),
    "prompts": ("reminder", "reminders"),
    "profile_values": ("profile answer", "profile answers"),
    "contact_records": ("contact record", "contact records"),
    "survey_posts": ("answer from a survey tool", "answers from survey tools"),
    "devices": ("signed-in device", "signed-in devices"),
}
_NOT_ERASED = {"reminders", "consents"}  # stopped and ended: `_STANDING` says so


def letter(receipt: WithdrawalReceipt, study_title: str) -> str:
    """Return a receipt as plain text."""
    by = "The study team recorded this at your request." if receipt.by_study_team else ""
    parts = [
        f"Withdrawal from the study: {study_title}",
        f"{receipt.at:%d %B %Y, %H:%M} UTC. Receipt {receipt.id}.".removeprefix("0"),
        f"{_STANDING[receipt.scope]} {by}".strip(),
    ]
    if receipt.scope == WithdrawalScope.ERASE:
        parts.append(_erased(receipt))
    if receipt.scope != WithdrawalScope.STOP_PROMPTS:
        parts.append(_releases(receipt.releases_not_recalled))
    if receipt.scope == WithdrawalScope.ERASE:
        parts.append(_KEPT)
    parts.append(
        "You need do nothing more. Keep this receipt; its number is all we need if you have a question."
    )
    return "\n\n".join(parts) + "\n"


def _erased(receipt: WithdrawalReceipt) -> str:
    counted = [
        _count(key, number) for key, number in receipt.done.items() if key not in _NOT_ERASED and number
    ]
    return f"What was erased: {_and(counted)}." if counted else "There was nothing of yours to erase."


def _count(key: str, number: int) -> str:
    plain = key.replace("_", " ")
    one, many = _NAMES.get(key, (plain, plain))
    return f"{number} {one if number == 1 else many}"


def _releases(numbers: list[int]) -> str:
    if not numbers:
        return "No release made so far holds anything of yours, so there is nothing to recall."
    many = len(numbers) > 1
    return (
        f"What cannot be recalled: release{'s' if many else ''} {_and([str(number) for number in numbers])}, made "
        f"before, {'hold' if many else 'holds'} de-identified data of yours. Researchers already have "
        f"{'them' if many else 'it'}. Your name and contact details are in none of our releases."
    )


def _and(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
