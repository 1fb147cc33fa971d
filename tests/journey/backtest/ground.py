"""A small ground for backtests: four towns on the equator, 111 km apart, and violence that moves from west to east."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from bluehelm.mission.importers.base import Base

TOWNS = ("West", "Middle", "East", "Far")


def base(name: str, longitude: float, hq_level: int = 0, troops: int | None = 100) -> Base:
    return Base(
        location=name, country="Nowhere", latitude_deg=0.1, longitude_deg=longitude, hq_level=hq_level,
        troops_persons=troops, infantry_persons=None, formed_police_persons=None, kinds=frozenset(), police=False,
        observers=False,
    )  # fmt: skip


def places() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "name": TOWNS,
            "kind": ["town"] * 4,
            "latitude_deg": [0.1] * 4,
            "longitude_deg": [20.0, 21.0, 22.0, 23.0],
            "population_persons": [10_000, 20_000, 30_000, 5_000],
        }
    )


def events(rows: list[tuple[date, float, int]], kind: str = "one_sided") -> pl.DataFrame:
    """Events of (day, longitude, deaths)."""
    return pl.DataFrame(
        {
            "event_id": [f"e{i:04d}" for i in range(len(rows))],
            "date": [day for day, _, _ in rows],
            "date_start": [day for day, _, _ in rows],
            "latitude_deg": [0.1] * len(rows),
            "longitude_deg": [longitude for _, longitude, _ in rows],
            "fatalities_best": [deaths for _, _, deaths in rows],
            "fatalities_low": [deaths for _, _, deaths in rows],
            "fatalities_high": [deaths for _, _, deaths in rows],
            "fatalities_civilian": [deaths for _, _, deaths in rows],
            "kind": [kind] * len(rows),
            "place": [""] * len(rows),
            "place_precision": [1] * len(rows),
            "date_precision": [1] * len(rows),
            "country": ["Nowhere"] * len(rows),
            "actor": ["Group A"] * len(rows),
            "opponent": ["Civilians"] * len(rows),
        }
    ).sort("date", "event_id")


def violence() -> pl.DataFrame:
    """Monthly killings in the west in 2014 and 2015 up to May; from June 2015 in the east."""
    west = [(date(year, month, 5), 20.0, 5) for year in (2013, 2014) for month in range(1, 13)]
    west += [(date(2015, month, 5), 20.0, 5) for month in range(1, 6)]
    east = [(date(2015, month, 5), 22.0, 5) for month in range(6, 13)]
    return events(west + east)


def ucdp_file(path: Path, table: pl.DataFrame, country: str) -> Path:
    """Write events in the form of UCDP GED."""
    table.select(
        id=pl.col("event_id").str.slice(1).cast(pl.Int64) + 1,
        type_of_violence=pl.lit(3),
        latitude="latitude_deg",
        longitude="longitude_deg",
        date_start="date_start",
        date_end="date",
        best="fatalities_best",
        low="fatalities_low",
        high="fatalities_high",
        deaths_civilians="fatalities_civilian",
        where_prec=pl.lit(1),
        date_prec=pl.lit(1),
        country=pl.lit(country),
        side_a="actor",
        side_b="opponent",
    ).write_csv(path)
    return path
