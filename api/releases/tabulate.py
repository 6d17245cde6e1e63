"""Fills the tables of a release from staged entries and reviewed texts, a part at a time."""

from collections.abc import Iterator

import polars as pl

from api.releases.layout import Layout
from api.releases.slots import ITEM_KEY, Slot
from api.releases.tables import Table

TEXTS = {
    "entry": pl.String(), "slot": pl.String(), "item": pl.Int64(), "part": pl.String(), "text": pl.String(),
}  # fmt: skip
"""Reviewed texts as staged: `item` counts from 1 in a repeat and is 0 outside, where `part` is empty."""
_LONG = {
    "entry": pl.String(), "question": pl.String(), "item": pl.Int64(), "part": pl.String(), "value": pl.String(),
}  # fmt: skip


def tabulated(
    layout: Layout, entries: pl.DataFrame, texts: pl.DataFrame
) -> Iterator[tuple[Table, pl.DataFrame]]:
    """Yield the rows that some staged entries add to each table; a table that gets none may be left out."""
    whole = wide(layout, entries, texts)
    long = [_long(whole, layout.slots, entries, ["entry"])]
    for slot, table in layout.repeats:
        items = _items(slot, entries, texts)
        if not items.height:
            continue
        yield table, items
        answers = _long(items, slot.children, items, list(ITEM_KEY))
        long.append(answers.rename({"question": "part"}).with_columns(question=pl.lit(slot.name)))
    yield layout.entries, whole
    yield layout.followups, entries.filter(pl.col("follows").is_not_null())
    yield (
        layout.answers_long,
        pl.concat([pl.DataFrame(schema=_LONG), *long], how="diagonal").sort("entry", maintain_order=True),
    )


def wide(layout: Layout, entries: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Return staged entries with every column of the wide table."""
    frame = entries.with_columns(layout.cells)
    mine = texts.filter(pl.col("item") == 0)
    if not mine.height:
        return frame
    return frame.join(_one_column_each(mine, ["entry"], "slot"), on="entry", how="left")


def _items(slot: Slot, entries: pl.DataFrame, texts: pl.DataFrame) -> pl.DataFrame:
    """Return one row per item of a repeat."""
    count = pl.col(slot.name).list.len()
    items = (
        entries.select("entry", "instrument_version", slot.name)
        .filter(count > 0)
        .with_columns(item=pl.int_ranges(1, count + 1))
        .explode(slot.name, "item")
        .unnest(slot.name)
    )
    if not items.height:
        return items
    cells = [cell for child in slot.children if child.is_staged for cell in child.cells()]
    mine = texts.filter(pl.col("item") > 0, pl.col("slot") == slot.name)
    named = {child.key: child.name for child in slot.children}
    mine = mine.with_columns(pl.col("part").replace(named))
    return items.with_columns(cells).join(
        _one_column_each(mine, list(ITEM_KEY), "part"), on=list(ITEM_KEY), how="left"
    )


def _one_column_each(texts: pl.DataFrame, index: list[str], on: str) -> pl.DataFrame:
    if not texts.height:
        return texts.select(index)
    return texts.pivot(on=on, index=index, values="text")


def _long(
    frame: pl.DataFrame, slots: tuple[Slot, ...], staged: pl.DataFrame, index: list[str]
) -> pl.DataFrame:
    """Return one row per answer and per option chosen, in the order of the questions."""
    lists = {slot.name for slot in slots if slot.is_staged and slot.staged_type == pl.List(pl.String())}
    single = [s.name for s in slots if not s.children and s.name not in lists and s.name in frame.columns]
    found = [_given(frame, index, single), _given(staged, index, sorted(lists))]
    parts = [one.explode("value") if one.schema["value"] == pl.List else one for one in found if one.height]
    if not parts:
        return pl.DataFrame(schema={name: dtype for name, dtype in _LONG.items() if name != "part"})
    return pl.concat(parts, how="diagonal").sort(index, maintain_order=True)


def _given(frame: pl.DataFrame, index: list[str], names: list[str]) -> pl.DataFrame:
    """Return the answers to some questions, one question after another, as text; lists as they are."""
    empty, schema = frame.select(names).null_count().row(0, named=True) if names else {}, frame.schema
    given = [name for name in names if empty[name] < frame.height]
    if not given:
        return pl.DataFrame()
    cells = [pl.col(name) if schema[name] == pl.List else pl.col(name).cast(pl.String) for name in given]
    answers = frame.select(*index, *cells).unpivot(
        given, index=index, variable_name="question", value_name="value"
    )
    return answers.drop_nulls("value")
