"""Events of violence from whatever file people have: UCDP GED, ACLED, or a plain CSV with a mapping.

The form is told from the header. All three end in one table, in which every number is known: what a file does not say
is stated in a note, and what cannot be mended without guessing is an error. To stand at a day in the past, give the
table to `first_risk.known_events`, with the publication lag.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.geo import extracts
from bluehelm.geo.countries import countries as all_countries
from bluehelm.geo.countries import countries_named, country_numbered
from bluehelm.mission.events import EVENT_SCHEMA
from bluehelm.mission.importers import acled, plain_events, ucdp
from bluehelm.mission.importers.plain_events import plain_columns, read_plain_events
from bluehelm.mission.importers.reading import first_five, header_of, hint, read_rows, scan_table
from bluehelm.words import say

CONFLICT_SCHEMA: Mapping[str, pl.DataType] = {
    **EVENT_SCHEMA, "date_start": pl.Date(), "country": pl.String(), "actor": pl.String(), "opponent": pl.String(),
}  # fmt: skip
"""Columns of the table: those of `bluehelm.mission.events`, then first day, country and the two sides."""

ALIKE_DEG = 0.01
# Bundled borders are coarse, and events at sea lie outside them.
MARGIN_DEG = 1.0
# A box around a sixth of the Earth or more tells nothing.
WIDEST_DEG = 60.0
MOST_NAMES = 500
MOST_SHARE_SWAPPED = 0.5
GLEDITSCH_WARD, ISO_NUMERIC = "country_id", "iso"


@dataclass(frozen=True, slots=True)
class EventsRead:
    """Events read.

    table: columns of `CONFLICT_SCHEMA`, ordered by date and event_id. form: "ucdp", "acled" or "plain". notes: what was
    mended, left out or assumed, as sentences.
    """

    table: pl.DataFrame
    form: str
    notes: tuple[str, ...]


def read_conflict_events(
    path: Path | str, *, countries: Iterable[str] | None = None, mapping: Mapping[str, str] | None = None
) -> EventsRead:
    """Read conflict events from a UCDP GED file (yearly or candidate), an ACLED export, or a plain CSV file.

    Parameters
    ----------
    path : Path
        The file (.csv or .csv.gz).
    countries : names or ISO alpha-3 codes, optional
        Keep only events there, whatever the file calls these countries; None keeps all.
    mapping : our column -> column of the file, optional
        Given, the file is read as a plain one; our columns are listed in `mission.importers.plain_events`.

    Returns
    -------
    EventsRead
        `date` is the last day of an event, so that none is used before it was over.

    Raises
    ------
    ImportFileError
        If the file is in none of the forms, has events that cannot be read for certain, or none in a country asked for.
    """
    form = "plain" if mapping is not None else form_of(path)
    asked = (countries,) if isinstance(countries, str) else tuple(countries or ())
    if form == "ucdp":
        there = _there(path, asked, dict(zip(ucdp.COUNTRIES, ucdp.COUNTRIES, strict=True)))
        table, notes = ucdp.read_ucdp_with_notes(path, there)
    elif form == "acled":
        there = _there(path, asked, dict(zip(acled.COUNTRIES, acled.COUNTRIES, strict=True)))
        table, notes = acled.read_acled_events(path, there)
    else:
        columns = plain_columns(path, mapping)
        there = _there(path, asked, {name: column for name, column in columns.items() if name == "country"})
        table, notes = read_plain_events(path, mapping, there)
    return EventsRead(table, form, (*notes, *_misplaced(path, table, strict=form != "ucdp"), *_alike(table)))


def form_of(path: Path | str) -> str:
    """Tell the form of a file of events by its header: "ucdp", "acled" or "plain".

    Raises
    ------
    ImportFileError
        If it has none of them; what each form lacks is told, with the nearest columns.
    """
    header = header_of(path)
    held = {name.casefold() for name in header}
    needed: dict[str, list[tuple[str, ...]]] = {
        "ucdp": [(name,) for name in ucdp.NEEDED],
        "acled": [acled.IDS, *((name,) for name in acled.NEEDED)],
        "plain": [(name, plain_events.OTHER_NAMES.get(name, name)) for name in plain_events.NEEDED],
    }
    lacking = {form: [names[0] for names in each if not held & {*names}] for form, each in needed.items()}
    for form, missing in lacking.items():
        if not missing:
            return form
    raise ImportFileError(
        "{file} is no file of events that can be read: its {columns} {columns:column|columns} {columns:is|are} "
        "neither those of UCDP GED (missing: "
        "{ucdp}), nor of ACLED (missing: {acled}), nor of a plain file (missing: {plain}). Give the file as its "
        "publisher issues it, or name its columns with a mapping.",
        file=Path(path).name,
        columns=len(header),
        **{form: _with_nearest(missing, header) for form, missing in lacking.items()},
    )


def _with_nearest(missing: Iterable[str], header: Collection[str]) -> str:
    return ", ".join(f"'{name}' {hint(name, header)}".strip() for name in missing)


def _alike(table: pl.DataFrame) -> tuple[str, ...]:
    """Count events that may be one event under two names; two killings on a day can also be two."""
    place = [(pl.col(name) / ALIKE_DEG).round().cast(pl.Int32) for name in ("latitude_deg", "longitude_deg")]
    numbers = table.select("date", *place, "fatalities_best")
    # Few events share day, place and deaths; only those are compared in words.
    same = numbers.is_duplicated()
    near = numbers.filter(same).hstack(table.filter(same).select("kind", "actor", "opponent"))
    more = near.height - near.n_unique()
    if not more:
        return ()
    return (
        say(
            "{count} of {rows} events have the day, place, kind, sides and deaths of another; all are kept, since two "
            "killings on one day can be two.",
            count=more,
            rows=table.height,
        ),
    )


def _there(path: Path | str, names: tuple[str, ...], columns: Mapping[str, str]) -> pl.Expr | None:
    """Return where a row lies in one of the countries asked for, as an expression on text columns; None for all.

    columns: column of the importer -> column of the file, of those that name countries.
    """
    if not names:
        return None
    seen = _ways_to_name(path, names, columns)
    codes = [_codes_of_row(row) for row in seen.iter_rows(named=True)]
    found = {name: [i for i, here in enumerate(codes) if here & codes_of(name)] for name in names}
    missing = [name for name, rows in found.items() if not rows]
    if missing:
        known = sorted({next((text for text in row if text), "") for row in seen.iter_rows()} - {""})
        raise ImportFileError(
            "{file} has no event in {asked}; it has events in {known}. {hint}Ask for one of these.",
            file=Path(path).name,
            asked=", ".join(missing),
            known=first_five(known) or "(no country named)",
            hint=hint(missing[0], known),
        )
    key = pl.concat_str([pl.col(name).fill_null("") for name in seen.columns], separator="\n")
    kept = sorted({row for rows in found.values() for row in rows})
    return key.is_in(seen[kept].select(key).to_series().to_list())


def _ways_to_name(path: Path | str, names: tuple[str, ...], columns: Mapping[str, str]) -> pl.DataFrame:
    """Return each way in which the file names a country by name and codes, once."""
    seen = pl.DataFrame()
    if columns:
        frame = scan_table(path, (), tuple(columns.values()))
        frame = frame.select(pl.col(column).alias(name) for name, column in columns.items())
        tagged = pl.any_horizontal(pl.all().str.starts_with("#").fill_null(False))
        seen = read_rows(path, frame.filter(~tagged).unique()).sort(pl.all())
    if not columns or seen.select(pl.all_horizontal(pl.all().is_null().all())).item():
        raise ImportFileError(
            "{file} does not say in which country its events lie, so {asked} cannot be picked out. Give the column "
            "of countries, or ask for no country.",
            file=Path(path).name,
            asked=", ".join(names),
        )
    if seen.height > MOST_NAMES:
        raise ImportFileError(
            "{file} names {count} {count:country|countries} in {columns}, more than there are on Earth. Give the "
            "column of countries.",
            file=Path(path).name,
            count=seen.height,
            columns=", ".join(columns.values()),
        )
    return seen


def _codes_of_row(row: Mapping[str, str | None]) -> frozenset[str]:
    """Say which countries a row means by its name and codes: ISO codes, and the name itself in small letters."""
    return frozenset().union(*(_codes_in(column, text) for column, text in row.items() if text))


def _codes_in(column: str, text: str) -> frozenset[str]:
    if not text.isdecimal():
        return codes_of(text)
    number = int(text)
    if column == ISO_NUMERIC:
        return frozenset(known.iso3 for known in all_countries() if known.iso_numeric == number)
    try:
        return frozenset({country_numbered(number).iso3}) if column == GLEDITSCH_WARD else frozenset()
    except InvalidRecordError:
        return frozenset()


@cache
def codes_of(name: str) -> frozenset[str]:
    """Say which countries a name or code means: ISO codes, and the name itself in small letters.

    Examples
    --------
    >>> sorted(codes_of("Sri Lanka (Ceylon)"))
    ['LKA', 'sri lanka (ceylon)']
    >>> "COD" in codes_of("Democratic Republic of Congo")
    True
    """
    name = name.strip()
    outside, _, inside = name.partition("(")
    tried = (name, name.replace(" of ", " of the ", 1), outside.strip(), inside.strip(" )"))
    found: set[str] = {name.casefold()}
    for text in filter(None, tried):
        try:
            return frozenset(found | {known.iso3 for known in countries_named(text)})
        except InvalidRecordError:
            continue
    return frozenset(found)


def _misplaced(path: Path | str, table: pl.DataFrame, strict: bool) -> tuple[str, ...]:
    """Find events that lie in their country only after latitude and longitude are swapped.

    Parameters
    ----------
    table : event_id, country, latitude_deg, longitude_deg
    strict : bool
        Stop at the first one. Otherwise stop where they are more than half of a country's events, and note the others:
        UCDP counts events to states as they were, such as the Soviet Union.

    Raises
    ------
    ImportFileError
        With the count and the first ids.
    """
    boxes = _boxes(table.get_column("country").unique().to_list())
    inside, swapped_inside = (
        pl.col(lat).is_between("low_lat", "high_lat") & pl.col(lon).is_between("low_lon", "high_lon")
        for lat, lon in (("latitude_deg", "longitude_deg"), ("longitude_deg", "latitude_deg"))
    )
    known = table.select("event_id", "country", "latitude_deg", "longitude_deg").join(boxes, on="country")
    found = known.filter(~inside & swapped_inside)
    if found.is_empty():
        return ()
    shares = known.group_by("country").agg((~inside & swapped_inside).mean().alias("share"))
    values = {"count": found.height, "rows": table.height, "first": first_five(found.get_column("event_id"))}
    if strict or (shares["share"] > MOST_SHARE_SWAPPED).any():
        raise ImportFileError(
            "{file}: latitude and longitude look swapped in {count} of {rows} events, which lie far outside their "
            "country: {first}. Swap them.",
            file=Path(path).name,
            **values,
        )
    return (
        say(
            "{count} of {rows} events lie far outside their country, and inside it once latitude and longitude are "
            "swapped: {first}. They are kept as given.",
            **values,
        ),
    )


def _boxes(names: Iterable[str]) -> pl.DataFrame:
    """Return the box around each country that is known by name, with a margin: low_lat, high_lat, low_lon, high_lon."""
    grounds = {border.iso3: border for border in extracts.borders() if border.iso3}
    boxes: dict[str, list[float | str]] = {
        name: [] for name in ("country", "low_lat", "high_lat", "low_lon", "high_lon")
    }
    for name in list(names)[:MOST_NAMES]:
        rings = [ring for code in codes_of(name) & grounds.keys() for ring in grounds[code].rings]
        if not rings:
            continue
        points = np.concatenate(rings)
        (low_lon, low_lat), (high_lon, high_lat) = points.min(axis=0) - MARGIN_DEG, points.max(axis=0) + MARGIN_DEG
        if high_lon - low_lon < WIDEST_DEG:
            for column, value in zip(boxes, (name, low_lat, high_lat, low_lon, high_lon), strict=True):
                boxes[column].append(value)
    return pl.DataFrame(boxes, schema={name: pl.String if name == "country" else pl.Float64 for name in boxes})
