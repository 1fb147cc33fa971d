"""Events, areas and records made up for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bluehelm.foresight.events import CONFLICT_SCHEMA
from bluehelm.foresight.history import Harm, History
from bluehelm.mission.months import Month

USUAL: dict[str, Any] = {
    "event_id": "e", "date": date(2016, 1, 10), "latitude_deg": 13.0, "longitude_deg": 25.0, "fatalities_best": 1,
    "fatalities_low": 0, "fatalities_high": 99, "fatalities_civilian": 1, "kind": "one_sided", "place": "Somewhere",
    "place_precision": 1, "date_precision": 1, "date_start": None, "country": "Sudan", "actor": "Militia",
    "opponent": "Civilians",
}  # fmt: skip


def event(day: date, deaths: int = 1, civilian: int | None = None, **others: Any) -> dict[str, Any]:
    """Make one event; all deaths are of civilians unless their number is given."""
    row = USUAL | {
        "date": day,
        "fatalities_best": deaths,
        "fatalities_civilian": deaths if civilian is None else civilian,
    }
    row["kind"] = "one_sided" if row["fatalities_civilian"] == deaths else "state_based"
    row |= others
    return row | {"date_start": row["date_start"] or row["date"]}


def events(*rows: dict[str, Any]) -> pl.DataFrame:
    """Make the table of events, in the order in which the reader gives it."""
    named = [row | {"event_id": f"e{i:05d}"} for i, row in enumerate(rows)]
    return pl.DataFrame(named, schema=dict(CONFLICT_SCHEMA)).sort("date", "event_id")


def areas(*rows: tuple[float, float, int]) -> pl.DataFrame:
    """Make areas of latitude, longitude, people."""
    return pl.DataFrame(
        {
            "area_id": [f"a{i}" for i in range(len(rows))],
            "name": [f"Town {i}" for i in range(len(rows))],
            "latitude_deg": [float(row[0]) for row in rows],
            "longitude_deg": [float(row[1]) for row in rows],
            "population_persons": [row[2] for row in rows],
        }
    )


def grid(count: int, step_deg: float = 0.5) -> pl.DataFrame:
    """Make areas on a square grid."""
    side = int(np.ceil(np.sqrt(count)))
    return areas(*((8 + step_deg * (i // side), 20 + step_deg * (i % side), 1000 * (1 + i % 7)) for i in range(count)))


def war(count: int, months: int, seed: int = 0, spots: int = 4) -> pl.DataFrame:
    """Make events in bursts around a few spots, from January 2010 on, exact and not."""
    draw = np.random.default_rng(seed)
    burst = np.sort(draw.integers(0, months, max(1, count // 6)))
    rows = []
    for _ in range(count):
        month = min(months - 1, int(draw.choice(burst)) + int(draw.geometric(0.5)) - 1)
        spot, deaths = int(draw.integers(spots)), int(draw.geometric(0.2))
        day = date(2010 + month // 12, month % 12 + 1, int(draw.integers(1, 28)))
        rows.append(
            event(
                day,
                deaths,
                int(draw.choice([0, deaths, deaths // 2])),
                latitude_deg=float(8 + 0.5 * spot + draw.normal(0, 0.1)),
                longitude_deg=float(20 + draw.normal(0, 0.1)),
                place_precision=int(draw.choice([1, 1, 1, 2, 4])),
                actor=f"Group {spot % 3}",
                opponent=str(draw.choice(["Army", "Civilians", ""])),
            )
        )
    return events(*rows)


def record(
    places: pl.DataFrame, months: int, harm: Sequence[tuple[int, int, int]] = (), fights: Any = None, groups: Any = None
) -> History:
    """Make a record from (area, month, civilian deaths), numbers of fights with one death each, and marks of groups."""
    shape = (places.height, months)
    area, month, deaths = (np.array([row[i] for row in harm], np.int64) for i in range(3))
    total = np.zeros(shape, np.int64)
    np.add.at(total, (area, month), deaths)
    fought = np.zeros(shape, np.int64) if fights is None else np.asarray(fights, np.int64)
    marks = np.zeros((1, *shape)) if groups is None else np.asarray(groups, float)
    return History(
        places, Month(2010, 1), total, Harm(area, month, deaths), fought, fought * np.log(2.0), marks
    )  # fmt: skip


def write_ucdp(table: pl.DataFrame, path: Path) -> Path:
    """Write events as UCDP GED does."""
    numbers = {"state_based": 1, "non_state": 2, "one_sided": 3}
    table.select(
        id="event_id", type_of_violence=pl.col("kind").replace_strict(numbers), side_a="actor", side_b="opponent",
        where_prec="place_precision", date_prec="date_precision", where_coordinates="place", latitude="latitude_deg",
        longitude="longitude_deg", country="country", date_start=pl.col("date_start").cast(pl.String),
        date_end=pl.col("date").cast(pl.String), deaths_civilians="fatalities_civilian", best="fatalities_best",
        low="fatalities_low", high=pl.max_horizontal("fatalities_high", "fatalities_best"),
    ).write_csv(path)  # fmt: skip
    return path


def same(one: History, other: History) -> bool:
    """Say whether two records hold the same numbers, byte for byte."""
    return one.first_month == other.first_month and all(
        a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in zip(arrays(one), arrays(other), strict=True)
    )


def arrays(history: History) -> Iterable[np.ndarray]:
    """List the arrays of a record."""
    harm = history.harm
    return (
        history.deaths, harm.area, harm.month, harm.deaths, history.fights, history.fight_marks, history.group_marks,
    )  # fmt: skip
