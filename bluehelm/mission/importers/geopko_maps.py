"""Geo-PKO v2.1: from the maps of one year to the bases of that year.

Each map (its `source`) shows the whole mission, and a month may have several maps. A base counts if at least half of
the year's maps show it; its strength is the median over the maps that show it with a known strength.
"""

from __future__ import annotations

from collections import defaultdict
from statistics import median

import polars as pl

from bluehelm.mission.importers.base import Base
from bluehelm.words import say

KINDS = ("fpu", "eng", "sig", "trans", "riv", "sf", "med", "maint", "recon", "avia", "mp", "demining", "uav")
MAP_NEEDED = ("source", "no.troops", "hq")
CONTRIBUTORS_ON_A_MAP = 17
NAMED = tuple(f"nameoftcc_{i}" for i in range(1, CONTRIBUTORS_ON_A_MAP + 1))
SIZED = tuple(f"notroopspertcc_{i}" for i in range(1, CONTRIBUTORS_ON_A_MAP + 1))
MAP_COLUMNS = ("month", "inf.no", "res.no", "fpu.no", "unpol.dummy", "unmo.dummy", *KINDS, *NAMED, *SIZED)
MAP_NUMBERS = (
    "month", "no.troops", "hq", "inf.no", "res.no", "fpu.no", "unpol.dummy", "unmo.dummy", *KINDS, *SIZED,
)  # fmt: skip


def bases_from_maps(rows: pl.DataFrame) -> tuple[tuple[Base, ...], tuple[str, ...]]:
    """Make bases of the rows of one mission and year (with `place`), and say what was assumed."""
    rows = rows.with_columns(map=pl.concat_str(pl.col("source").fill_null(""), pl.col("month").fill_null(0)))
    maps = rows.get_column("map").n_unique()
    by_map = rows.group_by("map", "place", maintain_order=True).agg(
        pl.col("location", "country", "latitude", "longitude").first(),
        pl.col("month", "hq", "unpol.dummy", "unmo.dummy", *KINDS).max(),
        _known_sum("no.troops"),
        _known_sum("fpu.no"),
        (_known_sum("inf.no").fill_null(0) + _known_sum("res.no").fill_null(0)).alias("infantry"),
    )
    shown = (
        by_map.sort("month", "map")
        .group_by("place", maintain_order=True)
        .agg(
            pl.len().alias("maps"),
            pl.col("location", "country", "latitude", "longitude").last(),
            pl.col("hq").max().fill_null(0),
            pl.col("no.troops", "infantry", "fpu.no").median(),
            *(_on_half_of_its_maps(name) for name in ("unpol.dummy", "unmo.dummy", *KINDS)),
        )
    )
    seldom = shown.filter(pl.col("maps") * 2 < maps)
    kept = shown.filter(pl.col("maps") * 2 >= maps).sort("place")
    supplied = _contributors(rows)
    bases = tuple(_base(row, supplied[row["place"]]) for row in kept.iter_rows(named=True))
    return bases, _notes(maps, seldom)


def _known_sum(name: str) -> pl.Expr:
    """Sum what is known; unknown where nothing is."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)


def _on_half_of_its_maps(name: str) -> pl.Expr:
    return ((pl.col(name).fill_null(0) > 0).mean() >= 0.5).alias(name)


def _base(row: dict[str, object], contributors: dict[str, int | None]) -> Base:
    troops, infantry, police = (_whole(row[name]) for name in ("no.troops", "infantry", "fpu.no"))
    return Base(
        location=str(row["location"]),
        country=str(row["country"]),
        latitude_deg=float(str(row["latitude"])),
        longitude_deg=float(str(row["longitude"])),
        hq_level=_whole(row["hq"]) or 0,
        troops_persons=troops,
        infantry_persons=None if troops is None or infantry is None else min(infantry, troops),
        formed_police_persons=police if row["fpu"] and police else None,
        kinds=frozenset(kind for kind in KINDS if row[kind]),
        police=bool(row["unpol.dummy"]),
        observers=bool(row["unmo.dummy"]),
        contributors=contributors,
    )


def _whole(value: object) -> int | None:
    return None if value is None else round(float(str(value)))


def _contributors(rows: pl.DataFrame) -> dict[int, dict[str, int | None]]:
    """Median persons of each country at each base, over the maps that show it there."""
    seen: dict[int, dict[str, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for place, *cells in rows.select("place", *NAMED, *SIZED).iter_rows():
        for name, size in zip(cells[: len(NAMED)], cells[len(NAMED) :], strict=True):
            if name is not None:
                seen[place][name].append(_whole(size))
    supplied: dict[int, dict[str, int | None]] = defaultdict(dict)
    for place, countries in seen.items():
        for name, sizes in countries.items():
            known = [size for size in sizes if size]
            supplied[place][name] = round(median(known)) if known else None
    return supplied


def _notes(maps: int, seldom: pl.DataFrame) -> tuple[str, ...]:
    notes = [say("Strengths are medians over the {maps} maps of the year, read from unit symbols.", maps=maps)]
    if not seldom.is_empty():
        notes.append(
            say(
                "{count} locations on fewer than half of the maps are left out: {names}.",
                count=seldom.height,
                names=", ".join(seldom.get_column("location").sort()),
            )
        )
    return tuple(notes)
