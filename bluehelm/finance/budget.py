"""A budget by fiscal year, group and part: the expectation over the futures of a plan, and the span between them.

A year of which not all twelve months are planned is partial and marked so; it is never scaled up. Amounts are rounded
to the cent once for each part of each year, so that parts add up to groups, groups to years and years to the total.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from bluehelm.finance.cost_line import CostLine, cents, worst_status
from bluehelm.finance.fiscal_year import MONTHS_A_YEAR, months_planned
from bluehelm.finance.parts import GROUPS, PARTS
from bluehelm.finance.plan_cost import leaves_of, spans_of
from bluehelm.mission.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow:
    """Expected cost of one part in one fiscal year. unverified_usd: what of it rests on norms that are not verified."""

    fiscal_year: str
    group: str
    part: str
    amount_usd: Decimal
    unverified_usd: Decimal
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfBudget:
    """A fiscal year: how many of its months are planned, and what the cheapest and the dearest future cost in it."""

    fiscal_year: str
    months: int
    least_usd: Decimal
    most_usd: Decimal

    @property
    def partial(self) -> bool:
        """Whether the horizon of the plan cuts the year."""
        return self.months < MONTHS_A_YEAR


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """What the money buys: harm expected over the months planned, and the share of it that presence answers.

    cost_per_point_usd: cost for each percentage point of harm answered; cost_per_death_usd: for each expected death
    answered. An average over all that is spent, not the price of one point more; None where nothing is answered.
    """

    deaths: float
    answered_deaths: float
    share: float
    cost_per_point_usd: Decimal | None
    cost_per_death_usd: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A plan's money by fiscal year, in the three groups of a mission's budget."""

    operation: str
    rows: tuple[BudgetRow, ...]
    years: tuple[YearOfBudget, ...]
    futures: int
    protected: Protected

    def amount(self, fiscal_year: str = "", group: str = "", part: str = "") -> Decimal:
        """Add up expected cost; a name left out stands for all."""
        return sum(
            (
                row.amount_usd
                for row in self.rows
                if fiscal_year in ("", row.fiscal_year) and group in ("", row.group) and part in ("", row.part)
            ),
            Decimal(0),
        )

    @property
    def unverified_usd(self) -> Decimal:
        """What of the total rests on norms that are not verified."""
        return sum((row.unverified_usd for row in self.rows), Decimal(0))


def budget_of(plan: Plan, lines: Sequence[CostLine]) -> Budget:
    """Add up the lines of a plan's cost."""
    expected: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    unverified: defaultdict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    statuses: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for line in lines:
        key = (line.fiscal_year, line.group, line.part)
        expected[key] += line.expected_usd
        unverified[key] += line.expected_usd if line.status != "verified" else 0
        statuses[key].add(line.status)
    rows = tuple(
        BudgetRow(
            fiscal_year=key[0],
            group=key[1],
            part=key[2],
            amount_usd=cents(expected[key]),
            unverified_usd=cents(unverified[key]),
            status=worst_status(statuses[key]),
        )
        for key in sorted(expected, key=lambda k: (k[0], GROUPS.index(k[1]), PARTS.index(k[2])))
    )
    spans = spans_of(plan)
    total = sum((row.amount_usd for row in rows), Decimal(0))
    return Budget(
        operation=plan.mission.setting.operation,
        rows=rows,
        years=_years(plan, lines),
        futures=len(leaves_of(spans)),
        protected=protected_of(plan, total),
    )


def _years(plan: Plan, lines: Sequence[CostLine]) -> tuple[YearOfBudget, ...]:
    of_node: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for line in lines:
        of_node[line.node_id, line.fiscal_year] += line.amount_usd
    ends = leaves_of(spans_of(plan))
    listed = []
    for year, months in months_planned(plan.mission.months).items():
        costs = [sum((of_node[node, year] for node in leaf.path), Decimal(0)) for leaf in ends]
        listed.append(YearOfBudget(fiscal_year=year, months=months, least_usd=min(costs), most_usd=max(costs)))
    return tuple(listed)


def protected_of(plan: Plan, cost_usd: Decimal) -> Protected:
    """Set a cost beside the harm that the plan's presence answers, in expectation over its futures."""
    chance = plan.tables["nodes"].select("node_id", "probability")
    harm = plan.tables["protection"].join(chance, on="node_id", how="left")
    weighted = pl.col("fatalities") * pl.col("probability")
    answered_there = weighted * pl.col("protected_share")
    deaths, answered = harm.select(deaths=weighted.sum(), answered=answered_there.sum()).row(0)
    share = answered / deaths if deaths > 0 else 0.0

    def each(count: float) -> Decimal | None:
        return cents(cost_usd / Decimal(repr(count))) if count > 0 else None

    return Protected(
        deaths=deaths,
        answered_deaths=answered,
        share=share,
        cost_per_point_usd=each(100 * share),
        cost_per_death_usd=each(answered),
    )
