"""Money: what each node spends, cash along each path with the way home kept back, amounts approved."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bluehelm.checks.balance import leaving_months
from bluehelm.checks.compare import Key, compare, exceeds, number, stated_numbers
from bluehelm.checks.evidence import Evidence, FloatArray
from bluehelm.checks.futures import FutureNode, holds
from bluehelm.checks.sites import is_ours, open_before
from bluehelm.mission.months import Month
from bluehelm.norms.unit_price import (
    deployment_cost_usd,
    monthly_unit_cost_usd,
    move_cost_usd,
    repatriation_cost_usd,
)
from bluehelm.words import say


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of one unit of each class [USD]."""

    month: FloatArray
    move: FloatArray
    deploy: FloatArray
    repatriate: FloatArray


def prices(e: Evidence) -> Prices:
    """Price each class by the norms of the first month."""
    on = e.mission.setting.first_month.first_day
    rules = (monthly_unit_cost_usd, move_cost_usd, deployment_cost_usd, repatriation_cost_usd)
    return Prices(*(np.array([float(rule(c.unit_type, c.persons, e.norms, on)) for c in e.classes]) for rule in rules))


def spending(e: Evidence) -> dict[str, FloatArray]:
    """What each node spends, by part [USD]."""
    price = prices(e)
    months = np.array([node.months for node in e.futures])
    deeds = {deed: block.sum(axis=1) for deed, block in e.deeds.items()}
    parts = {
        "units_usd": price.month @ e.units.sum(axis=1) * months,
        "leaving_usd": price.month @ leaving_months(e),
        "transport_usd": price.move @ deeds["move_in"] + price.deploy @ deeds["arrive"]
        + price.repatriate @ deeds["stop"],
        "sites_usd": _site_spending(e),
        "fixed_usd": float(e.mission.setting.fixed_cost_usd_per_month) * months,
    }  # fmt: skip
    return {**parts, "spent_usd": np.sum(list(parts.values()), axis=0)}


def _site_spending(e: Evidence) -> FloatArray:
    spent = np.zeros(len(e.futures))
    for j, site in enumerate(e.mission.sites):
        if not is_ours(site):
            continue
        run, opening, closing = (
            e.norm(f"{key}.{site.kind}") for key in ("site_run_usd_per_month", "site_open_usd", "site_close_usd")
        )
        for n, node in enumerate(e.futures):
            was_open, is_open = open_before(e, node)[j], e.is_open[j, n]
            spent[n] += run * node.months * is_open
            spent[n] += opening * (is_open and not was_open) + closing * (was_open and not is_open)
    return spent


def cash(e: Evidence) -> Iterator[str]:
    """Spending so far, and at the end the way home, stay within the cash of the path."""
    parts = spending(e)
    so_far = np.array([parts["spent_usd"][list(node.path)].sum() for node in e.futures])
    limit = np.array([_cash_limit(e, node) for node in e.futures])
    way_home = prices(e).repatriate @ e.units.sum(axis=1)
    for n, node in enumerate(e.futures):
        needed = so_far[n] + (way_home[n] if node.is_leaf else 0.0)
        if exceeds(float(needed), math.inf if math.isnan(limit[n]) else float(limit[n])):
            yield say(
                "Cash at the end of {node}: {needed} USD are spent or kept for the way home, {limit} USD are there; "
                "{over} USD too much.",
                node=node.node_id, needed=number(needed), limit=number(limit[n]), over=number(needed - limit[n]),
            )  # fmt: skip
    for column, block in {**parts, "cumulative_usd": so_far, "cash_limit_usd": limit}.items():
        found: dict[Key, float] = {(node.node_id,): float(block[n]) for n, node in enumerate(e.futures)}
        yield from compare("cash", column, stated_numbers(e.tables["cash"], ("node_id",), column), found)


def _cash_limit(e: Evidence, node: FutureNode) -> float:
    lines = [
        line
        for line in e.mission.budget
        if line.kind != "appropriation"
        # A line whose condition never holds is as if it were not there.
        and any(holds(e.mission, at, line.when, month) for at in e.futures for month in at.all_months)
    ]
    if not lines:
        return math.nan

    def amount(kind: str, at: FutureNode, month: Month) -> float:
        return sum(
            float(x.amount_usd)
            for x in lines
            if x.kind == kind and x.first_month <= month <= x.last_month and holds(e.mission, at, x.when, month)
        )

    opening = sum(float(line.amount_usd) for line in lines if line.kind == "opening_cash")
    received = sum(
        at.receipts_scale * amount("receipt", at, month)
        for at in (e.futures[m] for m in node.path)
        for month in at.all_months
    )
    buffers = (amount(kind, node, node.last_month) for kind in ("borrowing_limit", "owed_limit"))
    return opening + received + sum(buffers)


def appropriations(e: Evidence) -> Iterator[str]:
    """On each path no more is spent from an approved amount than was approved, where its condition holds."""
    spent = spending(e)["spent_usd"]
    found_spent: dict[Key, float] = {}
    found_approved: dict[Key, float] = {(node.node_id,): math.nan for node in e.futures}
    for line in e.mission.budget:
        if line.kind != "appropriation":
            continue
        held = [line.first_month <= node.first_month <= line.last_month for node in e.futures]
        for n, node in enumerate(e.futures):
            if not (held[n] and holds(e.mission, node, line.when, node.first_month)):
                continue
            from_run = float(sum(spent[m] for m in node.path if held[m]))
            approved = float(line.amount_usd)
            if exceeds(from_run, approved):
                yield say(
                    "{spent} USD are spent up to {node} of {approved} USD approved for {first} to {last}; "
                    "{over} USD too much.",
                    spent=number(from_run), node=node.node_id, approved=number(approved), first=line.first_month,
                    last=line.last_month, over=number(from_run - approved),
                )  # fmt: skip
            found_spent[node.node_id,], found_approved[node.node_id,] = from_run, approved
    stated = stated_numbers(e.tables["cash"], ("node_id",), "approved_usd")
    yield from compare("cash", "approved_usd", stated, found_approved)
    # Where nothing is approved, there is no run to add up.
    column = stated_numbers(e.tables["cash"], ("node_id",), "fiscal_year_spent_usd")
    column = {where: value for where, value in column.items() if where in found_spent}
    yield from compare("cash", "fiscal_year_spent_usd", column, found_spent)


def fiscal_years(e: Evidence) -> Iterator[str]:
    """The fiscal year named beside a node is the one in which it begins."""
    year = {node.node_id: node.first_month.fiscal_year for node in e.futures}
    for node_id, stated in e.tables["cash"].select("node_id", "fiscal_year").iter_rows():
        right = f"{year[node_id]}/{(year[node_id] + 1) % 100:02d}"
        if stated != right:
            yield say(
                "Table cash, {node}: fiscal year {stated} is stated; {right} is right.",
                node=node_id, stated=stated, right=right,
            )  # fmt: skip
