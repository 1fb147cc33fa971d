"""What an arm reached: deaths, events and people within reach, moves and their price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bluehelm.foresight.nearest import FloatArray
from bluehelm.geo.reach import Movement, reach
from bluehelm.journey.backtest.arms import MONTHS, Track
from bluehelm.journey.backtest.theatre import Theatre
from bluehelm.norms import Norms


@dataclass(frozen=True, slots=True)
class Measured:
    """One arm in one year. deaths, within, unit_within: of each one-sided event of the scored year, its deaths and the
    chance that it lay within reach (of the radius; of a company by road)."""

    arm: str
    year: int
    bases: int
    deaths: FloatArray
    within: FloatArray
    unit_within: FloatArray
    moves: float
    move_cost_usd: float
    population_reached_persons: float


def scored_events(theatre: Theatre) -> NDArray[np.int64]:
    """Rows of the one-sided events of the scored year."""
    return np.flatnonzero(theatre.events.of_year(theatre.year + 1) & theatre.events.one_sided)


def company_reach(theatre: Theatre, norms: Norms) -> NDArray[np.float32]:
    """Return the share of each point's harm that a company at each spot can answer by road in the dry season."""
    on = date(theatre.year, 12, 31)
    company = Movement(
        "road",
        norms.number("road_speed_dry_km_per_hour", on),
        norms.number("road_detour_ratio", on),
        norms.number("road_reaction_hours", on),
        norms.number("road_full_reach_hours", on),
        norms.number("road_zero_reach_hours", on),
    )
    shares: NDArray[np.float32] = reach(theatre.distance_km, [company])[0]
    return shares


def best_reach(theatre: Theatre, track: Track, table: NDArray[np.float32]) -> FloatArray:
    """Largest reach of any base that acted on the day of each scored event, shape (scored events,)."""
    events, rows = theatre.events, scored_events(theatre)
    found = np.zeros(len(rows))
    for step in range(MONTHS):
        here = np.flatnonzero(events.month[rows] == (theatre.year + 1) * 12 + step)
        acts = track.ready_day[step][:, None] <= events.day[rows[here]][None, :]
        shares = table[track.spot[step]][:, events.point[rows[here]]] * acts
        found[here] = shares.max(axis=0, initial=0.0)
    return found


def measure(arm: str, theatre: Theatre, track: Track, norms: Norms, company: NDArray[np.float32]) -> Measured:
    """Measure a track: every figure by the same code for every arm."""
    persons = track.persons_moved
    price = norms.number("move_usd_per_person", date(theatre.year, 12, 31))
    people = theatre.points.get_column("people").to_numpy().astype(float)
    covered = [theatre.reach[track.spot[step]].any(axis=0) @ people for step in range(MONTHS)]
    rows = scored_events(theatre)
    return Measured(
        arm=arm,
        year=theatre.year,
        bases=track.spot.shape[1],
        deaths=theatre.events.deaths[rows],
        within=best_reach(theatre, track, theatre.reach),
        unit_within=best_reach(theatre, track, company),
        moves=track.moves,
        move_cost_usd=persons * price,
        population_reached_persons=float(np.mean(covered)),
    )


def measure_random(theatre: Theatre, norms: Norms, company: NDArray[np.float32], draws: int, seed: int) -> Measured:
    """Measure bases at random towns: means over many draws."""
    towns = np.arange(theatre.bases, theatre.spots.height)
    rng = np.random.default_rng([seed, theatre.year])
    points = theatre.events.point[scored_events(theatre)]
    people = theatre.points.get_column("people").to_numpy().astype(float)
    within, unit_within, reached = np.zeros(len(points)), np.zeros(len(points)), 0.0
    for _ in range(draws):
        spots = rng.choice(towns, min(theatre.bases, len(towns)), replace=False)
        within += theatre.reach[spots][:, points].max(axis=0, initial=0.0)
        unit_within += company[spots][:, points].max(axis=0, initial=0.0)
        reached += float(theatre.reach[spots].any(axis=0) @ people)
    return Measured(
        "random_towns", theatre.year, theatre.bases, theatre.events.deaths[scored_events(theatre)],
        within / draws, unit_within / draws, 0.0, 0.0, reached / draws,
    )  # fmt: skip
