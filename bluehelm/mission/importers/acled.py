"""Conflict events from an ACLED export, old or new, told in the words of `bluehelm.mission.events`.

ACLED sorts by what happens, UCDP by who acts against whom. Our crosswalk is an assumption, not ACLED's:

| ACLED | ours |
| --- | --- |
| violence against civilians; any violence with civilian_targeting or civilians (inter code 7) as a side | one_sided |
| battle, explosion, remote violence with state forces (inter code 1, or named "Military Forces of ...") | state_based |
| any other battle, explosion or remote violence; riots with deaths | non_state |
| protests with deaths: those who protest are unarmed | one_sided |
| riots and protests without deaths, strategic developments | left out, and counted |
| geo_precision 1 town, 2 part of a region, 3 region | place_precision 1, 2, 4 |
| time_precision 1 day, 2 week, 3 month | date_precision 1, 3, 4 |
| event_date | the day; with 2 the three days before and after it too; with 3 its whole month |
| fatalities | lowest = best = highest; deaths of civilians where one_sided, else 0 |

Source: codebooks of ACLED for the columns (inter codes 1 state forces, 7 civilians; dates written with the day first).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from bluehelm.errors import ImportFileError
from bluehelm.mission.importers.plain_events import checked_events
from bluehelm.mission.importers.reading import (
    DAY_FORMS,
    demand,
    first_five,
    header_of,
    number,
    read_rows,
    scan_table,
    without_tags,
)
from bluehelm.words import say

# The first of them that a file has names its events.
IDS = ("event_id_cnty", "data_id")
NEEDED = ("event_date", "event_type", "latitude", "longitude", "fatalities")
OPTIONAL = (
    "actor1", "actor2", "inter1", "inter2", "civilian_targeting", "country", "iso", "iso3", "location", "geo_precision",
    "time_precision",
)  # fmt: skip
COUNTRIES = ("country", "iso3", "iso")
COLUMNS = {
    "date": "event_date", "latitude": "latitude", "longitude": "longitude", "fatalities": "fatalities",
    "kind": "event_type", "place": "location", "country": "country", "actor": "actor1", "opponent": "actor2",
    "place_precision": "geo_precision", "date_precision": "time_precision",
}  # fmt: skip
# Beginnings of event types, in small letters: names have changed over the years.
FIGHTS = ("battle", "explosion", "remote violence")
AGAINST_CIVILIANS = ("violence against civilians",)
RIOTS, PROTESTS = ("riot",), ("protest",)
QUIET = ("strategic development", "headquarters or base", "non-violent", "nonviolent")
STATE = ("1", "1.0", "state forces", "state force")
CIVILIANS = ("7", "7.0", "civilians", "civilian")
STATE_NAMES = r"^(?i)(military|police) forces of |^(?i)government of "
PLACE_PRECISION = {1.0: "1", 2.0: "2", 3.0: "4"}
DATE_PRECISION = {1.0: "1", 2.0: "3", 3.0: "4"}
WEEK, MONTH = 3, 4


def read_acled_events(path: Path | str, there: pl.Expr | None = None) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Read the violent events of an ACLED export (.csv or .csv.gz).

    Parameters
    ----------
    there : expression on the text columns country, iso and iso3, optional
        Keep only rows where it holds.

    Returns
    -------
    Polars frame with the columns of `bluehelm.mission.events`, then date_start, country, actor, opponent, ordered by
    date and event_id; notes on what was left out or assumed, as sentences.

    Raises
    ------
    ImportFileError
        If columns are missing, or for events with an unknown type or bad coordinates, dates or deaths, with count and
        first ids.
    """
    held = {name.casefold() for name in header_of(path)}
    key = next((name for name in IDS if name in held), IDS[0])
    frame = without_tags(scan_table(path, (key, *NEEDED), OPTIONAL), key)
    rows = read_rows(path, frame if there is None else frame.filter(there)).rename({key: "id"})
    named = rows.select(pl.col("event_type").unique())
    known = _begins(*FIGHTS, *AGAINST_CIVILIANS, *RIOTS, *PROTESTS, *QUIET)
    demand(
        path, rows, ~known.fill_null(False),
        "{file}: event_type is none of ACLED's in {count} of {rows} events: {first}. The types here are {types}.",
        "id", types=first_five(named.to_series().fill_null("(blank)").sort()),
    )  # fmt: skip
    violent, notes = _violent(path, rows)
    table, mended = checked_events(path, violent, {"id": key, **COLUMNS}, DAY_FORMS)
    assumed = (
        say("ACLED gives one number of deaths: it stands for the lowest, best and highest estimate."),
        say("ACLED does not tell deaths of civilians in fights: only one-sided violence counts as harm to them."),
    )
    return _spread(table), (*notes, *assumed, *mended)


def _begins(*words: str) -> pl.Expr:
    kind = pl.col("event_type").str.to_lowercase()
    return pl.any_horizontal(kind.str.starts_with(word) for word in words)


def _violent(path: Path | str, rows: pl.DataFrame) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Leave out what is no violence, and put the rest under our names."""
    # A riot whose deaths cannot be read stays, so that it is refused and not lost.
    deadly = rows.select(number("fatalities")).to_series().fill_null(1) != 0
    unrest = _begins(*RIOTS, *PROTESTS)
    left_out = rows.filter(_begins(*QUIET) | (unrest & ~deadly))
    violent = rows.filter(~(_begins(*QUIET) | (unrest & ~deadly)))
    if violent.is_empty():
        raise ImportFileError(
            "{file} has {rows} events and none of them is violent. Battles, explosions, violence against civilians, or "
            "riots with deaths were expected.",
            file=Path(path).name,
            rows=rows.height,
        )
    notes: tuple[str, ...] = ()
    if not left_out.is_empty():
        counts = left_out.get_column("event_type").value_counts(sort=True).sort("count", "event_type", descending=True)
        listed = ", ".join(f"{kind} {count}" for kind, count in counts.iter_rows())
        notes = (
            say(
                "{count} of {rows} events are no deadly violence and were left out: {kinds}.",
                count=left_out.height,
                rows=rows.height,
                kinds=listed,
            ),
        )
    texts = {name: pl.col(column) for name, column in COLUMNS.items()}
    ranks = {
        "place_precision": _rank("geo_precision", PLACE_PRECISION),
        "date_precision": _rank("time_precision", DATE_PRECISION),
    }
    return violent.select(**{"id": pl.col("id"), **texts, **ranks, "kind": _kind()}), notes


def _rank(name: str, ours: dict[float, str]) -> pl.Expr:
    return number(name).replace_strict(ours, default=None, return_dtype=pl.String)


def _kind() -> pl.Expr:
    def side(codes: tuple[str, ...]) -> pl.Expr:
        codes_met = [
            pl.col(name).str.to_lowercase().is_in(list(codes)).fill_null(False) for name in ("inter1", "inter2")
        ]
        return codes_met[0] | codes_met[1]

    targeted = pl.col("civilian_targeting").str.to_lowercase().is_in(["0", "false", "no"]).not_().fill_null(False)
    named_state = [pl.col(name).str.contains(STATE_NAMES).fill_null(False) for name in ("actor1", "actor2")]
    one_sided = _begins(*AGAINST_CIVILIANS, *PROTESTS) | targeted | side(CIVILIANS)
    state = side(STATE) | named_state[0] | named_state[1]
    return (
        pl.when(one_sided)
        .then(pl.lit("one_sided"))
        .when(_begins(*FIGHTS) & state)
        .then(pl.lit("state_based"))
        .otherwise(pl.lit("non_state"))
    )


def _spread(table: pl.DataFrame) -> pl.DataFrame:
    """Let an event last as long as its date is open, so that none is used before it was surely over."""
    day, precision = pl.col("date"), pl.col("date_precision")
    first = pl.when(precision == WEEK).then(day.dt.offset_by("-3d")).when(precision == MONTH).then(day.dt.month_start())
    last = pl.when(precision == WEEK).then(day.dt.offset_by("3d")).when(precision == MONTH).then(day.dt.month_end())
    return table.with_columns(date_start=first.otherwise(day), date=last.otherwise(day)).sort("date", "event_id")
