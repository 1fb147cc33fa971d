"""The liquidity episode of 2025: what its published figures say of each other, and what they leave open.

Nothing is tuned: published figures go in, an identity of cash holds them together, and what is left over is named.

    shortfall · B = (what one payer does not pay) + (what all others do not pay)
    cut · B = shortfall · B - (what cash, debt to contributors and borrowing take up)          B: the year's budget
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bluehelm.errors import InvalidRecordError
from bluehelm.norms.norms import Norms

ON = date(2025, 10, 8)
MONTHS_A_YEAR, MONTHS_LEFT = 12, 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What the published figures say; amounts in USD, shares of the year's budget.

    unpaid_*_months: unpaid assessments as months of spending. not_paid: of the largest payer's expected share, with
    and without what its payment holds for another office. others: what is left of the shortfall for all other payers
    to explain. cash_falls: by the end of the year without a cut. taken_up: what the cut leaves to cash and debt.
    cut_of_rest_share: the cut as a share of spending in the months that were left. expected_over_budget_share: what
    the largest payer was expected to pay, over the budget.
    """

    monthly_usd: float
    unpaid_may_months: float
    unpaid_july_months: float
    shortfall_usd: float
    not_paid_usd: tuple[float, float]
    not_paid_share: tuple[float, float]
    others_usd: tuple[float, float]
    others_share: tuple[float, float]
    cut_usd: float
    cash_falls_months: float
    taken_up_usd: float
    cut_of_rest_share: float
    expected_over_budget_share: float


def episode_of(norms: Norms) -> Episode:
    """Work the episode out from its published inputs.

    Examples
    --------
    >>> from bluehelm.norms import load_norms
    >>> e = episode_of(load_norms())
    >>> round(e.shortfall_usd / 1e6), round(e.cut_usd / 1e6), round(e.taken_up_usd / 1e6)
    (891, 810, 81)
    >>> [round(usd / 1e6) for usd in e.not_paid_usd], [round(usd / 1e6) for usd in e.others_usd]
    ([618, 703], [273, 188])
    """

    def amount(key: str) -> float:
        return norms.number(f"episode_2025.{key}", ON)

    budget = amount("budget_usd")
    monthly = budget / MONTHS_A_YEAR
    expected, announced = amount("expected_usd.USA"), amount("announced_usd.USA")
    shortfall, cut = amount("shortfall_share") * budget, amount("cut_share") * budget
    not_paid = (expected - announced, expected - (announced - amount("haiti_usd")))
    others = (shortfall - not_paid[0], shortfall - not_paid[1])
    return Episode(
        monthly_usd=monthly,
        unpaid_may_months=amount("unpaid_may_usd") / monthly,
        unpaid_july_months=amount("unpaid_july_usd") / monthly,
        shortfall_usd=shortfall,
        not_paid_usd=not_paid,
        not_paid_share=(not_paid[0] / budget, not_paid[1] / budget),
        others_usd=others,
        others_share=(others[0] / budget, others[1] / budget),
        cut_usd=cut,
        cash_falls_months=shortfall / monthly,
        taken_up_usd=shortfall - cut,
        cut_of_rest_share=cut / (MONTHS_LEFT * monthly),
        expected_over_budget_share=expected / budget,
    )


def month_exhausted(opening_months: float, received_share: float, cut_share: float, cut_from_month: int = 3) -> int:
    """Say in which month of the year (1–12) cash runs out if receipts come evenly; 13: not within the year.

    opening_months : cash at the start and what may be owed and borrowed, in months of uncut spending
    received_share : of the year's budget that comes in. cut_share : of it that is cut, evenly from a month on.

    Examples
    --------
    >>> month_exhausted(1.0, 1 - 0.165, 0.0), month_exhausted(2.0, 1 - 0.165, 0.0), month_exhausted(1.0, 0.835, 0.15)
    (7, 13, 13)
    """
    if not (0 <= received_share <= 1 and 0 <= cut_share <= 1 and opening_months >= 0 and 0 <= cut_from_month < 12):
        raise InvalidRecordError(
            "{opening} months of cash, {received} received, {cut} cut from month {start}: cash of 0 or more, shares "
            "from 0 to 1 and a month from 0 to 11 were expected.",
            opening=opening_months, received=received_share, cut=cut_share, start=cut_from_month,
        )  # fmt: skip
    cash = opening_months
    saved = cut_share * MONTHS_A_YEAR / (MONTHS_A_YEAR - cut_from_month)
    for month in range(MONTHS_A_YEAR):
        cash += received_share - (1 - (saved if month >= cut_from_month else 0.0))
        if cash < -1e-9:
            return month + 1
    return MONTHS_A_YEAR + 1


def cap_arrears_usd(spending_usd: Mapping[int, float], rate_share: Mapping[int, float], cap_share: float) -> float:
    """Arrears that a cap by law makes: what lies above the cap, summed over fiscal years.

    spending_usd, rate_share : by calendar year in which the fiscal year begins; the rate of half a year before and
    half a year after where it changes in January.

    Examples
    --------
    >>> round(cap_arrears_usd({2022: 6e9}, {2022: 0.269493}, 0.25) / 1e6, 1)
    117.0
    """
    missing = sorted(spending_usd.keys() - rate_share.keys())
    if missing:
        raise InvalidRecordError("No rate is given for {years}; one for each year of spending was expected.",
                                 years=", ".join(map(str, missing)))  # fmt: skip
    return sum(usd * max(rate_share[year] - cap_share, 0.0) for year, usd in spending_usd.items())
