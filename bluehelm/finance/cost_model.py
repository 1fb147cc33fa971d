"""A small model of what missions spend: so much whatever they do, and so much for each person, site and aircraft.

    spending of mission i in year t ≈ β₀ + β₁ uniformed persons + β₂ civilians + β₃ sites + β₄ aircraft,   all β ≥ 0

Missions spend from 40 million to 1,700 million USD a year, and an error matters by its share of what was spent. So the
fit makes the mean of |model / spent - 1| as small as it can be: a linear program, solved exactly. Absolute and not
squared shares, because missions differ in kind (one of observers beside one of brigades), and squares would let the few
that fit the form least draw the line for all. Each mission counts once, however many of its years are known: its years
share its weight. No cost is negative.

Its worth is judged on missions it has not seen: each mission in turn is left out with all its years, the rest is
fitted, and the years left out are told from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bluehelm.errors import InvalidRecordError, SolverError

FloatArray = NDArray[np.float64]
Fit = Literal["absolute", "squares"]
FIXED = "fixed"
LEAST_MISSIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MissionYear:
    """One mission in one fiscal year: what it spent [USD], and its strength by term (persons, sites, aircraft)."""

    mission: str
    fiscal_year: str
    spent_usd: float
    strength: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostModel:
    """Prices by term [USD a year]: `fixed` once for each mission, the others for each person, site or aircraft."""

    prices_usd: dict[str, float]

    def spending_usd(self, year: MissionYear) -> float:
        """Tell what a mission of this strength spends in a year."""
        return sum(usd * (1.0 if term == FIXED else year.strength[term]) for term, usd in self.prices_usd.items())

    def error_share(self, year: MissionYear) -> float:
        """Tell by which share the model is above (or below 0) what was spent."""
        return self.spending_usd(year) / year.spent_usd - 1.0


def fit(years: Sequence[MissionYear], terms: Sequence[str], how: Fit = "absolute") -> CostModel:
    """Fit the model to mission-years.

    terms: of the strength; the fixed term comes on top. how: "absolute" shares as told above, or "squares" of shares
    (non-negative least squares), to see what the choice does.

    Raises
    ------
    InvalidRecordError
        If nothing was spent in a year, whose share of error would be infinite, or there are fewer than three missions.
    """
    for year in years:
        if year.spent_usd <= 0:
            raise InvalidRecordError(
                "{mission} spent nothing in {year}; an error cannot be a share of that. Leave the year out.",
                mission=year.mission,
                year=year.fiscal_year,
            )
    missions = [year.mission for year in years]
    if len(set(missions)) < LEAST_MISSIONS:
        raise InvalidRecordError(
            "Spending and strength are both known of {count} {count:mission|missions} only; at least {least} are "
            "needed to fit a model of cost. Add missions, or mend their names.",
            count=len(set(missions)),
            least=LEAST_MISSIONS,
        )
    spent = np.array([year.spent_usd for year in years])
    strength = [[1.0, *(year.strength[term] for term in terms)] for year in years]
    shares = np.array(strength) / spent[:, None]
    weight = np.array([1.0 / missions.count(mission) for mission in missions])
    # Columns of one size keep the solver's tolerances meaningful; a column of zeros has no size.
    size = np.where(shares.max(axis=0) > 0, shares.max(axis=0), 1.0)
    solve = _absolute if how == "absolute" else _squares
    prices = solve(shares / size, weight) / size
    return CostModel(prices_usd=dict(zip((FIXED, *terms), prices.tolist(), strict=True)))


def _absolute(shares: FloatArray, weight: FloatArray) -> FloatArray:
    """Minimise Σ w |shares · β - 1| over β ≥ 0, as a linear program with the parts above and below 1."""
    from scipy.optimize import linprog

    rows, columns = shares.shape
    eye = np.eye(rows)
    found = linprog(
        np.concatenate([np.zeros(columns), weight, weight]),
        A_eq=np.hstack([shares, -eye, eye]), b_eq=np.ones(rows), bounds=(0, None), method="highs",
    )  # fmt: skip
    if found.x is None:
        raise SolverError("The fit of the model of cost failed: {reason}.", reason=found.message)
    return np.asarray(found.x[:columns])


def _squares(shares: FloatArray, weight: FloatArray) -> FloatArray:
    """Minimise Σ w (shares · β - 1)² over β ≥ 0."""
    from scipy.optimize import nnls

    root = np.sqrt(weight)
    return np.asarray(nnls(shares * root[:, None], root)[0])


def varying(years: Sequence[MissionYear], terms: Sequence[str]) -> list[str]:
    """Keep the terms that are not the same in all years: the fixed term stands for those that are."""
    return [term for term in terms if len({year.strength[term] for year in years}) > 1]


def left_out(years: Sequence[MissionYear], terms: Sequence[str], how: Fit = "absolute") -> list[float]:
    """Tell each mission-year from a model fitted without any year of its mission [USD].

    Raises
    ------
    InvalidRecordError
        If fewer than four missions are there, so that three remain.
    """
    told: dict[str, CostModel] = {}
    for mission in dict.fromkeys(year.mission for year in years):
        rest = [year for year in years if year.mission != mission]
        told[mission] = fit(rest, varying(rest, terms), how)
    return [told[year.mission].spending_usd(year) for year in years]
