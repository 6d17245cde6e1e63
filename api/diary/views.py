"""Entries as their authors see them."""

from schemas.entry import EntryPut, EntryReceipt, EntryView


def stored_view(receipt: EntryReceipt, content: bytes) -> EntryView:
    """Show a stored version as it was sent."""
    return EntryView(receipt=receipt, entry=EntryPut.model_validate_json(content))
