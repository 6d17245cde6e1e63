"""Steps 5 and 6: entries as columns, with coarse times, coarse answers and pseudonyms, and nothing else."""

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

import polars as pl

from api.releases.coarsening import study_phase, study_week, time_of_day
from api.releases.controls import may_quote
from api.releases.layout import Layout
from api.releases.policy import Policy
from api.releases.pseudonyms import Scope
from api.releases.review.reviewed import reviewed
from api.releases.snapshot import Frozen

AT_ONCE = 1_000
_REVIEWED = {
    "id": pl.String, "version": pl.Int64, "question": pl.String, "item": pl.Int64, "part": pl.String,
    "text": pl.String, "paraphrase": pl.Boolean,
}  # fmt: skip


@dataclass(frozen=True)
class Deidentifier:
    """Turns what the database holds into what a release may show."""

    view: Frozen
    layout: Layout
    scope: Scope

    def entries(self, page: pl.DataFrame) -> pl.DataFrame:
        """Return a page's entries of people who share, answers as staged, in no order."""
        known = page.join(self._people, on="participant_id").join(self._versions, on="version_id")
        parts = [self._answers(part) for part in known.partition_by("instrument")]
        return self._staged(pl.concat(parts, how="diagonal") if parts else known.drop("content"))

    def texts(self, page: pl.DataFrame) -> pl.DataFrame:
        """Return the texts of a page's entries that a person has reviewed and the leader lets out."""
        ids = [UUID(one) for one in page["id"]]
        found = [
            (one.entry_id.hex, one.version, one.question, one.item + 1, one.part, one.text, one.paraphrase)
            for first in range(0, len(ids), AT_ONCE)
            for one in reviewed(self.view.session, self.view.study_id, ids[first : first + AT_ONCE])
        ]
        entries = page.join(self._people, on="participant_id").join(self._versions, on="version_id")
        texts = pl.DataFrame(found, schema=_REVIEWED, orient="row").join(entries, on=["id", "version"])
        return (
            texts.filter(may_quote(pl.col("quotable"), pl.col("paraphrase")))
            .join(self._slots, on=["instrument", "question"])
            .select(self._pseudonyms("id").alias("entry"), "slot", "item", "part", "text")
            .sort("entry")
        )

    def prompts(self, page: pl.DataFrame) -> pl.DataFrame:
        """Return a page's prompts to people who share."""
        policy, starts_on = self.layout.policy, self.view.starts_on
        local = on_own_clock(page.join(self._people, on="participant_id"), "planned_at")
        return local.with_columns(
            self._pseudonyms("id").alias("prompt"),
            self._pseudonyms("entry_id").alias("entry"),
            *when(policy, pl.col("local").dt.date(), pl.col("local").dt.hour(), starts_on, "planned_"),
        )

    def _answers(self, part: pl.DataFrame) -> pl.DataFrame:
        slots = [s for s in self.layout.slots if s.instrument == part["instrument"][0] and s.is_staged]
        answers = pl.Struct({slot.key: slot.read_type for slot in slots})
        if not slots:
            return part.drop("content")
        content = part["content"].str.json_decode(pl.Struct({"answers": answers}))
        read = content.struct.field("answers").struct.unnest()
        staged = read.select(slot.staged(pl.col(slot.key), self.view.starts_on) for slot in slots)
        return pl.concat([part.drop("content"), staged], how="horizontal")

    def _staged(self, known: pl.DataFrame) -> pl.DataFrame:
        policy, starts_on = self.layout.policy, self.view.starts_on
        local, here = on_own_clock(known, "happened_at"), set(known.columns)
        weeks = study_week(pl.col("local_date"), starts_on) - study_week(pl.col("follows_date"), starts_on)
        return local.select(
            self._pseudonyms("id").alias("entry"),
            pl.col("participant", "instrument", "instrument_version", "kind", "entered_by"),
            *when(policy, pl.col("local_date"), pl.col("local").dt.hour(), starts_on),
            self._pseudonyms("follows"),
            weeks.alias("weeks_after"),
            *(
                (pl.col(slot.name) if slot.name in here else pl.lit(None))
                .cast(slot.staged_type)
                .alias(slot.name)
                for slot in self.layout.slots
                if slot.is_staged
            ),
        )

    def _pseudonyms(self, column: str) -> pl.Expr:
        return pl.col(column).map_batches(self.scope.entries, return_dtype=pl.String)

    @cached_property
    def _people(self) -> pl.DataFrame:
        named = self.scope.participants(self.view.attributes)
        return pl.DataFrame(
            {"participant_id": [one.hex for one in named], "participant": list(named.values())},
            schema={"participant_id": pl.String, "participant": pl.String},
        )

    @cached_property
    def _slots(self) -> pl.DataFrame:
        rows = [(s.instrument, s.key, s.name) for s in self.layout.slots if s.is_text or s.children]
        schema = {"instrument": pl.String, "question": pl.String, "slot": pl.String}
        return pl.DataFrame(rows, schema=schema, orient="row")

    @cached_property
    def _versions(self) -> pl.DataFrame:
        rows = [(v.id.hex, v.definition.key, v.definition.version) for v in self.view.versions]
        schema = {"version_id": pl.String, "instrument": pl.String, "instrument_version": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def when(policy: Policy, day: pl.Expr, hour: pl.Expr, starts_on: date, prefix: str = "") -> list[pl.Expr]:
    """Return the columns that tell when something was, as coarse as the policy wants."""
    if policy.dates == "phase":
        return [study_phase(day, starts_on, policy.phase_weeks).alias(f"{prefix}study_phase")]
    found = [
        study_week(day, starts_on).alias(f"{prefix}study_week"),
        time_of_day(hour).alias(f"{prefix}time_of_day"),
    ]
    if policy.dates == "week_and_weekday":
        found.append(day.dt.weekday().alias(f"{prefix}weekday"))
    return found


def on_own_clock(frame: pl.DataFrame, instant: str) -> pl.DataFrame:
    """Add `local`: an instant as the clock of the row's `time_zone` showed it."""
    local: pl.Expr = pl.lit(None, dtype=pl.Datetime("us"))
    for zone in frame["time_zone"].unique().to_list():
        local = pl.when(pl.col("time_zone") == zone).then(_local(pl.col(instant), zone)).otherwise(local)
    return frame.with_columns(local=local)


def _local(instant: pl.Expr, zone: str) -> pl.Expr:
    if _is_compiled_in(zone):
        return instant.dt.convert_time_zone(zone).dt.replace_time_zone(None)
    rules = ZoneInfo(zone)
    return instant.map_elements(lambda at: at.astimezone(rules).replace(tzinfo=None), pl.Datetime("us"))


@cache
def _is_compiled_in(zone: str) -> bool:
    """Say whether polars knows a zone; its own list may be older than ours."""
    try:
        pl.Series([], dtype=pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    except pl.exceptions.ComputeError:
        return False
    return True
