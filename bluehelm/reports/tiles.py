"""The key figures at the head of a report."""

from __future__ import annotations

from math import isfinite

import polars as pl

from bluehelm.reports.numbers import NOTHING, millions, percent, whole
from bluehelm.reports.reading import Reading
from bluehelm.reports.section import Tile
from bluehelm.reports.shortfalls import ranked_shortfalls
from bluehelm.reports.tiers import asked_gap, missed
from bluehelm.words import say


def tiles_of(reading: Reading) -> tuple[Tile, ...]:
    """List the key figures, in the language in use."""
    start, end = len(reading.sites_at_start), len(reading.sites_open(reading.path[-1]))
    first, last = uniformed(reading, reading.months[0]), uniformed(reading, reading.months[-1])
    top = reading.plan.tiers[0] if reading.plan.tiers else None
    return (
        Tile(percent(reading.protected_share), say("of expected harm protected"),
             say("{protected} of {deaths} deaths expected", protected=whole(reading.protected_deaths),
                 deaths=whole(reading.deaths))),
        Tile(percent(top.gap, 2) if top else NOTHING, say("most that is left to gain in the first priority"),
             _gap_tile(reading)),
        Tile(f"{start} → {end}", say("sites open"),
             say("{closed} closing, {opened} opening", closed=len(reading.sites_left),
                 opened=len({change.site_id for change in reading.openings}))),
        Tile(f"{whole(first)} → {whole(last)}", say("military and police"),
             say("in theatre, first and last month")),
        Tile(millions(reading.cost_usd), say("million USD spent"), _budget_tile(reading)),
        Tile(percent(_work_done(reading)), say("of the work asked is done"),
             say("shortfalls, ranked below: {count}", count=len(ranked_shortfalls(reading)))),
    )  # fmt: skip


def uniformed(reading: Reading, month: str) -> float:
    """Count military and police in theatre in a month."""
    persons = reading.persons_by_month[month]
    return persons.get("military", 0.0) + persons.get("police", 0.0)


def _work_done(reading: Reading) -> float:
    asked = reading.expected("effort", pl.col("demand_hours"))
    return 1 - reading.expected("effort", pl.col("unmet_hours")) / asked if asked else float("nan")


def _gap_tile(reading: Reading) -> str:
    asked, tiers = asked_gap(reading.plan), reading.plan.tiers
    if not isfinite(asked):
        return say("largest gap of all tiers: {gap}", gap=percent(reading.plan.gap, 2)) if tiers else ""
    return say("gap asked: {asked}; missed by {count} of {total} tiers", asked=percent(asked, 2),
               count=len(missed(reading.plan)), total=len(tiers))  # fmt: skip


def _budget_tile(reading: Reading) -> str:
    years = [year for year in reading.years_of_money if isfinite(year.approved_usd)]
    if not years:
        return say("no budget is given")
    approved, spent = sum(y.approved_usd for y in years), sum(y.spent_usd for y in years)
    told = {"spent": millions(spent), "approved": millions(approved)}
    if len(years) < len(reading.years_of_money):
        return say("{spent} of {approved} in the years with a budget", **told)
    return say("{spent} of {approved} approved", **told)
