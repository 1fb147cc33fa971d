"""What a cut of a year's budget means in people, when it falls in the months that are left.

Someone who leaves saves only what they would have cost from then to the end of the year, and the way home is paid
first. So the share of people x that must leave is larger than the cut, and grows with every week of delay:

    x · (p · m / 12 - w · o) = c · (1 - u)

    c  cut, as a share of the year's budget              p  share of the budget that falls with people
    u  share of the cut that is saved elsewhere          w  way home of everybody, as a share of the year's budget
    m  months of cost saved for each who leaves          o  share of those who leave that is out before the year ends

People leave evenly from s to s + d months after the decision, with T months of the year left:

    m = 1/d ∫ (T - t)⁺ dt over [s, s + d]     o = (T - s)⁺ / d, at most 1

so that m = T - s - d/2 where all are out in time. With s = d = 0, T = 12 and w = u = 0 it is x = c / p, the cut of a
whole year at once. Money in, prices and strength are taken to be even over the year; the rest of the budget does not
fall by itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bluehelm.errors import InvalidRecordError

MONTHS_A_YEAR = 12.0
WEEKS_A_MONTH = 365.25 / 7 / 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCut:
    """A cut and how people leave.

    cut_share: of the year's budget. months_left: of the year, when the decision falls. starts_months: until the first
    leave. takes_months: from the first to the last. cost_share: of the budget, falls with people. way_home_share: of
    the year's budget, if everybody went home. saved_elsewhere_share: of the cut.
    """

    cut_share: float
    months_left: float
    starts_months: float
    takes_months: float
    cost_share: float
    way_home_share: float = 0.0
    saved_elsewhere_share: float = 0.0

    def __post_init__(self) -> None:
        shares = (self.cut_share, self.cost_share, self.way_home_share, self.saved_elsewhere_share)
        spans = (self.starts_months, self.takes_months)
        if not (all(0 <= share <= 1 for share in shares) and all(0 <= span < math.inf for span in spans)
                and 0 < self.months_left <= MONTHS_A_YEAR):  # fmt: skip
            raise InvalidRecordError(
                "A cut of {cut} with {left} {left:month|months} left, start {start}, {take} {take:month|months} to "
                "finish, cost share {cost}, "
                "way home {home}, saved elsewhere {elsewhere}: shares from 0 to 1, delays of 0 or more and up to 12 "
                "months left were expected.",
                cut=self.cut_share,
                left=self.months_left,
                start=self.starts_months,
                take=self.takes_months,
                cost=self.cost_share,
                home=self.way_home_share,
                elsewhere=self.saved_elsewhere_share,
            )


def months_saved(cut: BudgetCut) -> float:
    """Months of cost saved for each person who leaves, on average: m.

    Examples
    --------
    >>> months_saved(BudgetCut(cut_share=0.15, months_left=9, starts_months=1, takes_months=4, cost_share=1))
    6.0
    >>> months_saved(BudgetCut(cut_share=0.15, months_left=9, starts_months=7, takes_months=4, cost_share=1))
    0.5
    """
    after_start = max(0.0, cut.months_left - cut.starts_months)
    if cut.takes_months <= after_start:
        return after_start - cut.takes_months / 2
    return after_start**2 / (2 * cut.takes_months)


def out_in_time_share(cut: BudgetCut) -> float:
    """Share of those who leave that is out before the year ends: o; only their way home is paid in it."""
    after_start = max(0.0, cut.months_left - cut.starts_months)
    return 1.0 if cut.takes_months <= after_start else after_start / cut.takes_months


def saved_for_everybody(cut: BudgetCut) -> float:
    """Share of the year's budget that would be saved if everybody left: p m / 12 - w o."""
    gross = cut.cost_share * months_saved(cut) / MONTHS_A_YEAR
    return gross - cut.way_home_share * out_in_time_share(cut)


def leaving_share(cut: BudgetCut) -> float:
    """Share of people who must leave; above 1 (or inf) where even all of them would not save enough.

    Examples
    --------
    Nine months left, first out after one month, last after five, all costs falling with people: 0.15 · 12 / 6.

    >>> leaving_share(BudgetCut(cut_share=0.15, months_left=9, starts_months=1, takes_months=4, cost_share=1))
    0.3
    """
    asked = cut.cut_share * (1 - cut.saved_elsewhere_share)
    if asked == 0:
        return 0.0
    saved = saved_for_everybody(cut)
    return asked / saved if saved > 0 else math.inf


def cost_share_for(cut: BudgetCut, leaving: float) -> float:
    """Share of the budget that must fall with people for the cut to be met by so many leaving; above 1: it cannot be.

    Examples
    --------
    >>> cut = BudgetCut(cut_share=0.15, months_left=9, starts_months=1, takes_months=4, cost_share=1)
    >>> cost_share_for(cut, 0.3)
    1.0
    """
    months = months_saved(cut)
    if leaving <= 0 or months <= 0:
        return math.inf
    asked = cut.cut_share * (1 - cut.saved_elsewhere_share)
    return MONTHS_A_YEAR * (asked / leaving + cut.way_home_share * out_in_time_share(cut)) / months


def saved_elsewhere_for(cut: BudgetCut, leaving: float) -> float:
    """Share of the cut that must be saved elsewhere if so many leave and no more; below 0: they save more than asked.

    Examples
    --------
    >>> cut = BudgetCut(cut_share=0.15, months_left=9, starts_months=1, takes_months=4, cost_share=0.5)
    >>> saved_elsewhere_for(cut, 0.3)
    0.5
    """
    return 1 - leaving * saved_for_everybody(cut) / cut.cut_share if cut.cut_share else 0.0


def spending_by_month(cut: BudgetCut, leaving: float) -> list[float]:
    """Spending in each month that is left (the last may be a part), as shares of the year's budget.

    In the month from a to b people cost p/12 · ∫ (1 - x · F(t)) dt, F(t) the share of leavers that is out by t, and
    those who leave in it are sent home; what does not fall with people stays.
    """
    ends = [min(float(month), cut.months_left) for month in range(1, math.ceil(cut.months_left) + 1)]
    listed, before = [], 0.0
    for end in ends:
        stays = end - before
        gone = _out_months(cut, end) - _out_months(cut, before)
        home = _out_share(cut, end) - _out_share(cut, before) + (_out_share(cut, 0.0) if before == 0 else 0.0)
        people = cut.cost_share / MONTHS_A_YEAR * (stays - leaving * gone)
        listed.append((1 - cut.cost_share) / MONTHS_A_YEAR * stays + people + leaving * cut.way_home_share * home)
        before = end
    return listed


def _out_share(cut: BudgetCut, at: float) -> float:
    """Share of those who leave that is out at a time: F."""
    if cut.takes_months == 0:
        return 1.0 if at >= cut.starts_months else 0.0
    return min(1.0, max(0.0, (at - cut.starts_months) / cut.takes_months))


def _out_months(cut: BudgetCut, until: float) -> float:
    """∫ F over [0, until]: months in which a leaver is out, on average."""
    after_start = max(0.0, until - cut.starts_months)
    if cut.takes_months <= after_start:
        return after_start - cut.takes_months / 2
    return after_start**2 / (2 * cut.takes_months)


def leaving_table(
    cut: BudgetCut, delays_weeks: Sequence[tuple[float, float]], cost_shares: Sequence[float]
) -> list[list[float]]:
    """Share of people leaving, a row for each delay (weeks until the first leave, weeks from first to last) and a
    column for each cost share."""
    return [
        [
            leaving_share(
                replace(cut, starts_months=start / WEEKS_A_MONTH, takes_months=take / WEEKS_A_MONTH, cost_share=share)
            )
            for share in cost_shares
        ]
        for start, take in delays_weeks
    ]
