"""What was known of violence at the end of a month, counted by area and month: all that a model may learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.first_risk import known_events
from bluehelm.foresight.nearest import FloatArray, IntArray
from bluehelm.foresight.placing import Placement, place_events
from bluehelm.mission.months import Month

LONGEST_RECORD_MONTHS = 240
MOST_GROUPS = 12
CIVILIANS = "Civilians"


@dataclass(frozen=True, slots=True)
class Harm:
    """Events that killed civilians, one entry each: area row, month (0 = first of the record), civilian deaths."""

    area: IntArray
    month: IntArray
    deaths: IntArray


@dataclass(frozen=True, slots=True)
class History:
    """A record of violence up to and with its last month.

    areas: area_id, name, latitude_deg, longitude_deg, population_persons. deaths: civilian deaths, shape (areas,
    months). harm: the events that killed civilians. fights, fight_marks: events with other deaths and their sum of
    ln(1 + deaths), shape (areas, months). group_marks: sums of ln(1 + deaths) by armed group, for the most active
    ones, shape (groups, areas, months).
    """

    areas: pl.DataFrame
    first_month: Month
    deaths: IntArray
    harm: Harm
    fights: IntArray
    fight_marks: FloatArray
    group_marks: FloatArray

    @property
    def months(self) -> int:
        """Length of the record [month]."""
        return int(self.deaths.shape[1])

    def before(self, months: int) -> History:
        """Return the record without its last months; at least one month is left.

        An event over many days that ended later is kept if its draw of a day fell earlier, and groups are those of the
        whole record: good enough to weigh models by, not to score them.
        """
        kept = max(1, self.months - months)
        early = self.harm.month < kept
        return History(
            areas=self.areas,
            first_month=self.first_month,
            deaths=self.deaths[:, :kept],
            harm=Harm(self.harm.area[early], self.harm.month[early], self.harm.deaths[early]),
            fights=self.fights[:, :kept],
            fight_marks=self.fight_marks[:, :kept],
            group_marks=self.group_marks[:, :, :kept],
        )

    @property
    def last_month(self) -> Month:
        """Last month of the record."""
        return self.first_month + (self.months - 1)


def history_at(
    events: pl.DataFrame, areas: pl.DataFrame, origin: Month, *, lag_months: int = 0, seed: int = 0
) -> History:
    """Count what was known at the end of `origin`: events over by the end of the month `lag_months` earlier.

    Parameters
    ----------
    events : of `bluehelm.foresight.events`, ordered by date; later ones are left out before anything is drawn
    areas : of `spaced_areas` or a file

    Returns
    -------
    History, from the month of the first known event, or 20 years before, to the month `lag_months` before the origin

    Raises
    ------
    InvalidRecordError
        If no event was known.
    """
    known = known_events(events, origin + 1, lag_months)
    if known.is_empty():
        raise InvalidRecordError(
            "No event is known at the end of {origin} with a lag of {lag} months. Give a later origin, or events of "
            "earlier years.",
            origin=str(origin),
            lag=lag_months,
        )
    last = origin + -lag_months
    placement = place_events(known, areas, seed)
    first = max(int(placement.month.min()), _number(last) - LONGEST_RECORD_MONTHS + 1)
    return _counted(known, areas, placement, _month(first), _number(last) - first + 1)


def observed_deaths(events: pl.DataFrame, areas: pl.DataFrame, first: Month, months: int, *, seed: int = 0) -> IntArray:
    """Count the civilian deaths that came, shape (areas, months), with the same draw of places as `history_at`."""
    placement = place_events(events, areas, seed)
    month = placement.month - _number(first)
    deaths = events.get_column("fatalities_civilian").to_numpy()
    inside = (month >= 0) & (month < months)
    return _table(placement.area[inside], month[inside], deaths[inside], (areas.height, months)).astype(np.int64)


def _counted(known: pl.DataFrame, areas: pl.DataFrame, placement: Placement, first: Month, months: int) -> History:
    area, month = placement.area, placement.month - _number(first)
    shape = (areas.height, months)
    civilian = known.get_column("fatalities_civilian").to_numpy().astype(np.int64)
    others = np.maximum(known.get_column("fatalities_best").to_numpy().astype(np.int64) - civilian, 0)
    inside = month >= 0
    harmful, fighting = inside & (civilian > 0), inside & (others > 0)
    marks = np.log1p(others)
    return History(
        areas=areas,
        first_month=first,
        deaths=_table(area[harmful], month[harmful], civilian[harmful], shape).astype(np.int64),
        harm=Harm(area[harmful], month[harmful], civilian[harmful]),
        fights=_table(area[fighting], month[fighting], None, shape).astype(np.int64),
        fight_marks=_table(area[fighting], month[fighting], marks[fighting], shape),
        group_marks=_group_marks(known.filter(pl.Series(inside)), area[inside], month[inside], shape),
    )


def _group_marks(known: pl.DataFrame, area: IntArray, month: IntArray, shape: tuple[int, int]) -> FloatArray:
    """Marks of the most active armed groups, shape (groups, areas, months); one empty group where none is named."""
    cell = pl.Series(area * shape[1] + month)
    marks = pl.Series(np.log1p(known.get_column("fatalities_best").to_numpy().astype(float)))
    sides = pl.concat([known.select(name=side, cell=cell, mark=marks) for side in ("actor", "opponent")])
    sides = sides.filter((pl.col("name") != "") & ~pl.col("name").str.starts_with(CIVILIANS))
    totals = sides.group_by("name").agg(pl.col("mark").sum()).sort(["mark", "name"], descending=[True, False])
    names = totals.head(MOST_GROUPS).get_column("name").to_list()
    counted = np.zeros((max(1, len(names)), *shape))
    for row, name in enumerate(names):
        own = sides.filter(pl.col("name") == name)
        counted[row] = np.bincount(own["cell"].to_numpy(), own["mark"].to_numpy(), shape[0] * shape[1]).reshape(shape)
    return counted


def _table(area: IntArray, month: IntArray, weight: FloatArray | IntArray | None, shape: tuple[int, int]) -> FloatArray:
    cells = np.bincount(area * shape[1] + month, weight, shape[0] * shape[1])
    return np.asarray(cells, float).reshape(shape)


def _number(month: Month) -> int:
    return month.year * 12 + month.month - 1


def _month(number: int) -> Month:
    return Month(number // 12, number % 12 + 1)
