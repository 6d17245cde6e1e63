"""Prints what a release would cost."""

from rich.table import Table

from schemas.preview import Cost, ReleasePreview
from scripts.cli.operating import out


def show(preview: ReleasePreview) -> None:
    """Print a preview, and in a table its alternatives."""
    out.print(
        f"{preview.participants} people share their entries; tier {preview.tier.value}, k = {preview.k}",
        highlight=False,
    )
    _show_cost(preview.cost)
    if preview.alternatives:
        table = Table("left out", "k reached", "people hidden", "cells hidden", "mean loss of the rest")
        for one in preview.alternatives:
            table.add_row(one.left_out, *_short(one.cost))
        out.print(table)
    for note in preview.notes:
        out.print(note, highlight=False)


def _show_cost(cost: Cost) -> None:
    if cost.refusal:
        out.print(f"It would be refused: {cost.refusal}", markup=False, highlight=False)
        return
    if not cost.quasi_identifiers_shown:
        out.print("Nothing would be told of the people themselves.")
    table = Table("attribute", "shown", "as", "loss")
    for one in cost.attributes:
        shown = ", ".join(one.labels) if one.level_name != "hidden" else ""
        table.add_row(one.key, one.level_name, shown, f"{one.loss:.2f}")
    out.print(table)
    out.print(f"k reached {cost.k_reached}; class sizes {_sizes(cost.class_sizes)}", highlight=False)
    for sensitive in cost.sensitive:
        out.print(
            f"{sensitive.key}: l reached {sensitive.l_reached} (asked {sensitive.l}), "
            f"t reached {sensitive.t_reached:.2f} (asked {sensitive.t or 'nothing'})",
            highlight=False,
        )
    if cost.people_left_out:
        out.print(f"{cost.people_left_out} people left out, for a later release", highlight=False)
    out.print(
        f"{cost.people_suppressed} people hidden, {cost.people_recoded} shown more coarsely, "
        f"{cost.cells_suppressed} cells hidden",
        highlight=False,
    )


def _short(cost: Cost) -> tuple[str, str, str, str]:
    if cost.refusal:
        return "refused", "", "", ""
    losses = [one.loss for one in cost.attributes]
    mean = f"{sum(losses) / len(losses):.2f}" if losses else ""
    return str(cost.k_reached), str(cost.people_suppressed), str(cost.cells_suppressed), mean


def _sizes(sizes: list[int]) -> str:
    return ", ".join(map(str, sizes[:20])) + (", ..." if len(sizes) > 20 else "")
