"""Run every arm over a mission's years, pool them, and say how sure the differences are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from bluehelm import __version__
from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.foresight.events import EventsRead, read_conflict_events
from bluehelm.journey.backtest.arms import MoveRules, Track, adaptive, deaths_of_year, fixed_at, recipe, rigid, standing
from bluehelm.journey.backtest.measure import Measured, company_reach, measure, measure_random
from bluehelm.journey.backtest.pool import backtest_record
from bluehelm.journey.backtest.risk import Foresight, FutureRules
from bluehelm.journey.backtest.theatre import Theatre, theatre_of
from bluehelm.journey.countries_of_bases import countries_of
from bluehelm.journey.parallel import run_all
from bluehelm.mission.importers.base import Base
from bluehelm.mission.importers.geopko import read_bases
from bluehelm.mission.importers.places import read_places
from bluehelm.norms import load_norms
from bluehelm.words import say

LEAST_DRAWS = 200
EVERYWHERE_KM = 40_000.0
ABLATION_MOVES = 2


@dataclass(frozen=True, slots=True)
class BacktestOrder:
    """What is asked for.

    years: planning years; each is scored on the year after. moves: allowed a month, None for any number. theatre_km:
    how far from a base of the planning year the mission's ground goes. draws: of random towns. ablation: also run the
    adaptive plan without each of its parts.
    """

    bases: Path
    events: Path
    places: Path
    mission: str
    years: tuple[int, ...]
    radius_km: float = 50.0
    moves: tuple[int | None, ...] = (0, 1, 2, 4, None)
    theatre_km: float = 300.0
    draws: int = LEAST_DRAWS
    futures: FutureRules = field(default_factory=FutureRules)
    ablation: bool = False
    engine: str = "processes"
    workers: int | None = None

    def __post_init__(self) -> None:
        if not (1 <= self.radius_km <= 100 and self.theatre_km >= self.radius_km and self.draws >= 1):
            raise InvalidRecordError(
                "radius_km is {radius}, theatre_km {theatre}, draws {draws}; a radius from 1 to 100 km, a theatre no "
                "smaller, and at least 1 draw were expected.",
                radius=self.radius_km,
                theatre=self.theatre_km,
                draws=self.draws,
            )


@dataclass(frozen=True, slots=True)
class YearOfBases:
    """Bases of a planning year, and of the scored year where the file has them."""

    year: int
    bases: tuple[Base, ...]
    scored_bases: tuple[Base, ...]


def backtest_siting(order: BacktestOrder) -> dict[str, Any]:
    """Run the backtest; return plain values, ready for JSON (see `backtest_record`).

    Raises
    ------
    ImportFileError, InvalidRecordError
        If a file cannot be used, or no year can be scored.
    """
    years, notes = _years(order)
    hosts = countries_of([base for year in years for base in year.bases]).hosts
    read, told = _events_of(order.events, hosts)
    notes += told
    last = read.table["date"].max()
    assert isinstance(last, date)
    for year in [year for year in years if year.year + 1 > last.year]:
        notes.append(
            say(
                "Planning year {year} is left out: the events end on {last}, before the year that it is scored on.",
                year=year.year,
                last=str(last),
            )
        )
    kept = [year for year in years if year.year + 1 <= last.year]
    if not kept:
        raise InvalidRecordError(
            "No planning year can be scored: the events of {file} end on {last}. Give later events or earlier years.",
            file=order.events.name,
            last=str(last),
        )
    places = read_places(order.places)
    work = [(order, year, read.table, places) for year in kept]
    measured = [arm for arms in run_all(run_year, work, engine=order.engine, workers=order.workers) for arm in arms]
    facts = {
        "hosts": list(hosts),
        "events_hash": hashlib.sha256(order.events.read_bytes()).hexdigest(),
        "bases_hash": hashlib.sha256(order.bases.read_bytes()).hexdigest(),
        "version": __version__,
    }
    notes.append(
        say(
            "One run is one draw of vague places and of futures: another seed moves a share by several points. Compare "
            "several seeds before reading a small difference."
        )
    )
    return backtest_record(order.mission, measured, _settings(order) | facts, [*read.notes, *notes])


def _events_of(path: Path, hosts: Sequence[str]) -> tuple[EventsRead, list[str]]:
    """Read the events of the hosts; those of a state founded later may stand under the name of the one before.

    Raises
    ------
    ImportFileError
        If no host has an event.
    """
    with_events, notes = [], []
    for host in hosts:
        try:
            read_conflict_events(path, countries=(host,))
        except ImportFileError as trouble:
            if len(hosts) == 1 or "{asked}" not in trouble.message:
                raise
            notes.append(str(trouble))
        else:
            with_events.append(host)
    return read_conflict_events(path, countries=with_events or hosts), notes


def run_year(order: BacktestOrder, year: YearOfBases, events: pl.DataFrame, places: pl.DataFrame) -> list[Measured]:
    """Run every arm on one planning year."""
    norms = load_norms()
    theatre = _theatre(order, year.year, year.bases, events, places)
    company = company_reach(theatre, norms)
    tracks = arms_of(theatre, events, places, order, norms.number("move_days", date(year.year, 12, 31)))
    found = [measure(name, theatre, track, norms, company) for name, track in tracks.items()]
    if year.scored_bases:
        # On the events of the planning year's theatre, so that all arms are scored on the same deaths.
        later = _theatre(replace(order, theatre_km=EVERYWHERE_KM), year.year, year.scored_bases, theatre.table, places)
        found.insert(1, measure("own_scored_year", later, standing(later), norms, company_reach(later, norms)))
    found.insert(2, measure_random(theatre, norms, company, order.draws, order.futures.seed))
    return found


def arms_of(
    theatre: Theatre, events: pl.DataFrame, places: pl.DataFrame, order: BacktestOrder, away_days: float
) -> dict[str, Track]:
    """Decide every arm but those that are measured on other bases or at random."""
    foresight = Foresight(theatre, events, places, order.futures)
    lag = order.futures.lag_months
    tracks = {
        "own_planning_year": standing(theatre),
        "most_violent_last_year": fixed_at(theatre, deaths_of_year(theatre, theatre.year, one_sided=False)),
        "rigid": rigid(theatre, foresight, MoveRules(None, away_days)),
    }
    for most in order.moves:
        tracks[f"recipe_{_named(most)}"] = recipe(theatre, most, lag)
    for most in order.moves:
        if most != 0:
            tracks[f"recipe_paid_{_named(most)}"] = recipe(theatre, most, lag, away_days)
    for most in order.moves:
        rules = MoveRules(most, away_days, months_ahead=order.futures.months)
        tracks[f"adaptive_{_named(most)}"] = adaptive(theatre, foresight, rules)
    if order.ablation:
        tracks |= ablation(theatre, events, places, order.futures, away_days)
    tracks["oracle"] = fixed_at(theatre, deaths_of_year(theatre, theatre.year + 1, one_sided=True))
    return tracks


def ablation(
    theatre: Theatre, events: pl.DataFrame, places: pl.DataFrame, futures: FutureRules, away_days: float
) -> dict[str, Track]:
    """Run the adaptive plan with two moves a month, each time without one of its parts or with one more."""
    whole = MoveRules(ABLATION_MOVES, away_days, months_ahead=futures.months)
    seen = Foresight(theatre, events, places, futures)
    without_prior = Foresight(theatre, events, places, replace(futures, prior=False))
    by_deaths = Foresight(theatre, events, places, replace(futures, share=False))
    return {
        "ablation_no_prior": adaptive(theatre, without_prior, whole),
        "ablation_by_deaths": adaptive(theatre, by_deaths, whole),
        "ablation_headquarters_move": adaptive(theatre, seen, replace(whole, permanent=False)),
        "ablation_moves_free": adaptive(theatre, seen, replace(whole, away_days=0.0)),
        "ablation_tail": adaptive(theatre, seen, replace(whole, tail_weight=0.5)),
    }


def _named(most: int | None) -> str:
    return "all" if most is None else str(most)


def _theatre(
    order: BacktestOrder, year: int, bases: Sequence[Base], events: pl.DataFrame, places: pl.DataFrame
) -> Theatre:
    return theatre_of(
        order.mission, year, bases, events, places, radius_km=order.radius_km, theatre_km=order.theatre_km
    )


def _years(order: BacktestOrder) -> tuple[list[YearOfBases], list[str]]:
    found, notes = [], []
    for year in order.years:
        try:
            bases = read_bases(order.bases, order.mission, year).bases
        except ImportFileError as trouble:
            if len(order.years) == 1 or "{year}" not in trouble.message:
                raise
            notes.append(str(trouble))
            continue
        try:
            scored = read_bases(order.bases, order.mission, year + 1).bases
        except ImportFileError as trouble:
            if "{year}" not in trouble.message:
                raise
            scored = ()
        found.append(YearOfBases(year, bases, scored))
    if not found:
        raise ImportFileError(
            "{file} has no map of {mission} in any of the years {years}. Give other years.",
            file=order.bases.name,
            mission=order.mission,
            years=", ".join(map(str, order.years)),
        )
    return found, notes


def _settings(order: BacktestOrder) -> dict[str, Any]:
    return {
        "radius_km": order.radius_km,
        "theatre_km": order.theatre_km,
        "draws": order.draws,
        "lag_months": order.futures.lag_months,
        "seed": order.futures.seed,
        "futures": order.futures.paths,
        "months_ahead": order.futures.months,
    }
