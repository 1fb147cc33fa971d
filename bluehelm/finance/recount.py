"""In how many futures of payments does a plan hold? Counted again from the plan's deeds, not from its limits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bluehelm.checks.compare import RELATIVE_TOLERANCE
from bluehelm.checks.evidence import Evidence, read_classes, read_evidence
from bluehelm.checks.futures import FutureNode, holds, read_futures
from bluehelm.checks.money import prices, spending
from bluehelm.finance.behaviour import FloatArray
from bluehelm.mission.plan import Plan
from bluehelm.norms.norms import Norms


@dataclass(frozen=True, slots=True)
class Needed:
    """What a plan needs to have received: by the end of which month (from 0), and how much [USD], node by node.

    tolerance_usd: by which the check of plans lets a limit be passed.
    """

    node_ids: tuple[str, ...]
    month: tuple[int, ...]
    usd: FloatArray
    tolerance_usd: FloatArray


def receipts_needed(plan: Plan, norms: Norms) -> Needed:
    """Work out what must have come in by the end of each node for the plan's spending to be paid.

    Spending on the path so far, and at a last node the way home of what stands, less opening cash and what may be
    borrowed and owed then. Receipts of the plan's own mission are not read.
    """
    futures = read_futures(plan.mission, plan.tables["nodes"])
    e = read_evidence(plan, norms, futures, read_classes(plan.tables["classes"], norms))
    spent, way_home = spending(e)["spent_usd"], prices(e).repatriate @ e.units.sum(axis=1)
    needed, size = np.empty(len(futures)), np.empty(len(futures))
    for n, node in enumerate(futures):
        size[n] = spent[list(node.path)].sum() + (way_home[n] if node.is_leaf else 0.0)
        needed[n] = size[n] - _there_without_receipts(e, node)
    return Needed(
        tuple(node.node_id for node in futures), tuple(node.end - 1 for node in futures), needed,
        RELATIVE_TOLERANCE * np.maximum(1.0, np.abs(size)),
    )  # fmt: skip


def _there_without_receipts(e: Evidence, node: FutureNode) -> float:
    total = 0.0
    for line in e.mission.budget:
        if line.kind == "opening_cash":
            total += float(line.amount_usd)
        elif line.kind in ("borrowing_limit", "owed_limit"):
            month = node.last_month
            in_run = line.first_month <= month <= line.last_month
            total += float(line.amount_usd) if in_run and holds(e.mission, node, line.when, month) else 0.0
    return total


def futures_that_hold(needed: Needed, so_far_usd: FloatArray) -> FloatArray:
    """Say for each future of payments whether the plan is paid at the end of every node, on every path: 1 or 0.

    so_far_usd : (futures, months), receipts up to and with each month.
    """
    there = so_far_usd[:, list(needed.month)]
    return np.asarray((there >= needed.usd - needed.tolerance_usd).all(axis=1), float)
