"""A first, simple expectation of civilian deaths: decayed history of each area plus a prior on its population.

Stand at the start of the first month planned. With a publication lag of L months, events are known up to the end of
month T, which is L + 1 months before the first month. For the event i in month m(i) with c(i) civilian deaths, the
age is k(i) = T - m(i) months, and with half-life H and K months of record (from the first known event to T):

    h(a) = sum over i in a of c(i) 2^(-k(i)/H)  /  sum over k = 0..K-1 of 2^(-k/H)      decayed mean, deaths per month
    p(a) = prior * population(a) / 1,000,000                                             where nothing was recorded
    r(a) = h(a) + p(a)

Without events r(a) = p(a). Civilian deaths are the deaths of one-sided violence and `deaths_civilians` of the rest.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.months import Month
from bluehelm.norms import Norms

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
PER_MILLION = 1e6


def known_events(events: pl.DataFrame, first_month: Month, publication_lag_months: int) -> pl.DataFrame:
    """Return the events that someone who plans from `first_month` can know; nothing later is ever used."""
    if publication_lag_months < 0:
        raise InvalidRecordError(
            "publication_lag_months is {lag}; 0 or more was expected: events are not known before they happen.",
            lag=publication_lag_months,
        )
    return events.filter(pl.col("date") < (first_month + -publication_lag_months).first_day)


def deaths_per_month(
    known: pl.DataFrame, first_month: Month, publication_lag_months: int, half_life_months: float
) -> FloatArray:
    """Say what each known event adds to the monthly rate of its area: c(i) 2^(-k(i)/H) over the sum of weights.

    Parameters
    ----------
    known : events of `known_events`, n rows
    half_life_months : float
        Age at which an event counts half [month].

    Returns
    -------
    float array, shape (n,)
        Civilian deaths per month.
    """
    if half_life_months <= 0:
        raise InvalidRecordError(
            "half_life_months is {half_life}; a positive number was expected.", half_life=half_life_months
        )
    if known.is_empty():
        return np.zeros(0)
    last = first_month + -(publication_lag_months + 1)
    month_number = known.get_column("date").dt.year().cast(pl.Int64) * 12 + known.get_column("date").dt.month() - 1
    age = (last.year * 12 + last.month - 1 - month_number).to_numpy().astype(float)
    record = np.arange(age.max() + 1)
    civilian = known.get_column("fatalities_civilian").to_numpy().astype(float)
    rate: FloatArray = civilian * 0.5 ** (age / half_life_months) / np.sum(0.5 ** (record / half_life_months))
    return rate


def first_risk(
    event_rate: FloatArray, event_area: IntArray, population_persons: FloatArray, norms: Norms, first_month: Month
) -> FloatArray:
    """Expect civilian deaths per month in each area: r(a) = h(a) + p(a).

    Parameters
    ----------
    event_rate : float array, shape (n,)
        What each event adds to the rate of its area [death/month], from `deaths_per_month`.
    event_area : int array, shape (n,)
        Row of the area of each event; -1 where it lies in none.
    population_persons : float array, shape (areas,)

    Returns
    -------
    float array, shape (areas,)
        Expected civilian deaths per month.
    """
    inside = event_area >= 0
    areas = len(population_persons)
    history = np.bincount(event_area[inside], weights=event_rate[inside], minlength=areas)
    prior = norms.number("risk_prior_deaths_per_million_month", first_month.first_day)
    risk: FloatArray = history + prior * population_persons / PER_MILLION
    return risk
