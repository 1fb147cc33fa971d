"""A plan under late payments: made for receipts that hold in most futures, counted again, and priced in protection."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from bluehelm.adaptation.futures import path_to
from bluehelm.errors import BluehelmError, InfeasibleMissionError, InvalidRecordError, MissionFilesError
from bluehelm.finance.behaviour import FloatArray
from bluehelm.finance.liquidity import largest, payers_hash
from bluehelm.finance.mission_money import money_of
from bluehelm.finance.payers import Payer
from bluehelm.finance.payment_futures import PaymentFutures, payment_futures
from bluehelm.finance.receipts_path import filled, holds_share, receipt_lines, receipts_path
from bluehelm.finance.recount import futures_that_hold, receipts_needed
from bluehelm.journey.parallel import run_all
from bluehelm.journey.plan_mission import plan as plan_checked
from bluehelm.journey.value_arms import Measured, measure, plan_measured, protection_task
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import Plan
from bluehelm.norms import Norms
from bluehelm.planning.gather import gather
from bluehelm.planning.make import Options
from bluehelm.words import say

SOURCE = "payment_futures"
# The plan that is kept gets this share of the searches' time, the comparisons the rest. A search that begins at a plan
# takes up to half its time again for its start; gathering, checking and writing take what is left (measured on Darfur
# 2017: with 0.6 the whole took 1.3 times what was asked, on a busy machine).
FIRST_SHARE, PLANNING_SHARE = 0.3, 0.45
WORTH_A_PLAN_USD = 1.0
SHOWN = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOrder:
    """What is asked for. hold: share of the futures of payments in which the plan has to be paid. payers: how many of
    the largest are asked what a month earlier would buy. seconds: for all plans; work: rounds for each instead."""

    hold: float = 0.9
    futures: int = 10_000
    seed: int = 0
    payers: int = 10
    gap: float = 0.01
    seconds: float = 300.0
    work: int | None = None
    engine: str = "processes"

    @property
    def options(self) -> Options:
        """How each plan is made, but for its seconds."""
        return Options(gap=self.gap, seconds=math.inf, work=self.work, seed=self.seed, threads=1)


def plan_under_payments(
    mission: Mission, payers: Sequence[Payer], norms: Norms, order: HoldOrder
) -> tuple[Plan, dict[str, Any]]:
    """Plan a mission under receipts that hold in a share of the futures of payments; return the plan and the record.

    Raises
    ------
    InvalidRecordError
        If the mission has no money or no task of protection, or numbers cannot be.
    InfeasibleMissionError
        If no plan can be paid in that share of the futures.
    """
    given = mission
    mission, scales = without_scales(mission)
    protection_task(mission, norms)
    money = money_of(mission, norms)
    futures = payment_futures(
        payers, money.letters_usd, money.first_month, norms, futures=order.futures, seed=order.seed
    )
    so_far = _so_far(futures.receipts_usd[:, 0])
    ends = _node_ends(mission, norms)
    held_path = receipts_path(so_far[:, ends], order.hold)
    path = filled(held_path, ends, so_far.mean(axis=0))
    asked = with_receipts(mission, path)
    base = _first_plan(asked, norms, order)
    found = measure(base, norms)
    needed = receipts_needed(base, norms)
    held = futures_that_hold(needed, so_far)
    largest_payers = largest(futures.payers, order.payers)
    paths = {"": money.letters_usd.cumsum()} | {
        one.payer: _path_if_earlier(futures, one.payer, so_far, held_path, order.hold, ends) for one in largest_payers
    }
    others = _others(mission, norms, order, base, found, paths, path, ends)
    record = {
        "mission": mission.setting.name,
        "first_month": str(money.first_month),
        "months": money.months,
        "futures": order.futures,
        "hold": order.hold,
        "payers_count": len(futures.payers),
        "assessed_usd": float(money.letters_usd.sum()),
        "path_usd": path.tolist(),
        "receipts_so_far_usd": [
            {f"q{round(100 * q)}": float(value) for q, value in zip(SHOWN, column, strict=True)}
            for column in np.quantile(so_far, SHOWN, axis=0).T
        ],
        "judged_months": [str(money.first_month + month) for month in ends],
        "path_holds_share": holds_share(so_far[:, ends], held_path),
        "each_month_alone_holds_share": holds_share(
            so_far[:, ends], np.quantile(so_far[:, ends], 1 - order.hold, axis=0)
        ),
        "plan_holds_share": float(held.mean()),
        "plan_holds_futures": int(held.sum()),
        "needed": [
            {"node": name, "month": str(money.first_month + month), "receipts_usd": float(usd)}
            for name, month, usd in zip(needed.node_ids, needed.month, needed.usd, strict=True)
        ],
        "scales_set_aside": scales,
        "plan": _told(mission, base, found),
        "punctual": _compared(mission, base, found, others[""]),
        "earlier": [
            {"payer": one.payer, "rate_pct": float(one.rate_pct), "behaviour": one.behaviour,
             "receipts_worst_usd": float((paths[one.payer] - path)[ends].max()),
             **_compared(mission, base, found, others[one.payer])}
            for one in largest_payers
        ],
        "provenance": {
            "input_hash": mission_hash(given), "planned_hash": base.input_hash,
            "payers_hash": payers_hash(futures.payers), **_made(base, norms, order),
        },
    }  # fmt: skip
    return base, record


def without_scales(mission: Mission) -> tuple[Mission, int]:
    """Set aside what a tree says of receipts (receipts_scale), in whose place the futures of payments stand; return
    how many nodes said so."""
    nodes = tuple(replace(node, receipts_scale=1.0) for node in mission.nodes)
    return replace(mission, nodes=nodes), sum(node.receipts_scale != 1 for node in mission.nodes)


def with_receipts(mission: Mission, path_usd: FloatArray) -> Mission:
    """Return the mission with a path of receipts so far in place of its own receipts."""
    note = "Receipts so far that hold in a share of the futures of payments"
    lines = receipt_lines(path_usd, mission.setting.first_month, note, SOURCE)
    kept = tuple(line for line in mission.budget if line.kind != "receipt")
    sources = {**mission.sources, SOURCE: "Futures of payments drawn by bluehelm finance; see docs/liquidity.md"}
    if not lines and not any(line.kind != "appropriation" for line in kept):
        # Without any line of cash the planner would take cash to be without limit.
        raise InvalidRecordError("In too many futures of payments nothing comes in at all, and budget.csv has no cash: "
                                 "no plan can be paid. Ask for a lower share (--hold).")  # fmt: skip
    return replace(mission, budget=(*kept, *lines), sources=sources)


def _first_plan(asked: Mission, norms: Norms, order: HoldOrder) -> Plan:
    seconds = PLANNING_SHARE * FIRST_SHARE * order.seconds
    reason: BluehelmError
    try:
        return plan_checked(asked, gap=order.gap, seconds=seconds, seed=order.seed, work=order.work)
    except InfeasibleMissionError as impossible:
        conflict, reason = impossible.conflict, impossible
    except MissionFilesError as faulty:
        # The receipts are ours: what they cannot pay is no fault of the mission's files.
        if any(fault.grade == "error" and fault.file != "budget.csv" for fault in faulty.faults):
            raise
        conflict, reason = tuple(say(fault.message, **fault.values) for fault in faulty.faults), faulty
    raise InfeasibleMissionError(
        "No plan of {name} was found that is paid in {hold} of the futures of payments. Ask for a lower share "
        "(--hold), raise what may be owed or borrowed in budget.csv, or give more seconds.",
        conflict,
        name=asked.setting.name,
        hold=f"{order.hold:.0%}",
    ) from reason


def _node_ends(mission: Mission, norms: Norms) -> list[int]:
    """Months (from 0) at whose end the planner judges cash: the last of each node."""
    timeline = gather(mission, norms).timeline
    first = mission.setting.first_month
    return sorted({timeline.months_of(n)[-1] - first for n in range(len(timeline))})


def _so_far(receipts_usd: FloatArray) -> FloatArray:
    return np.asarray(receipts_usd.cumsum(axis=1))


def _path_if_earlier(
    futures: PaymentFutures, payer: str, so_far: FloatArray, held_path: FloatArray, hold: float, ends: list[int]
) -> FloatArray:
    """Find the path if one payer pays each letter a month earlier; it is nowhere below the path without."""
    more = futures.payments_of(payer, 1)[:, 0] - futures.payments_of(payer)[:, 0]
    # Sums of payments taken apart may fall below what they were by fractions of a cent.
    sooner = np.maximum.accumulate(np.maximum(so_far + more.cumsum(axis=1), so_far), axis=1)
    found = receipts_path(sooner[:, ends], hold, at_least=held_path)
    return filled(found, ends, sooner.mean(axis=0))


def _others(
    mission: Mission, norms: Norms, order: HoldOrder, base: Plan, found: Measured, paths: dict[str, FloatArray],
    path: FloatArray, ends: list[int],
) -> dict[str, Measured]:  # fmt: skip
    """Plan again where more comes in than by the path; the plan that is kept may be followed there too."""
    asked = [name for name, other in paths.items() if (other - path)[ends].max() > WORTH_A_PLAN_USD]
    at_once = 1 if order.engine == "here" else os.cpu_count() or 1
    each = PLANNING_SHARE * (1 - FIRST_SHARE) * order.seconds * min(at_once, max(1, len(asked))) / max(1, len(asked))
    options = order.options if order.work else replace(order.options, seconds=max(each, 0.5))
    works = [(with_receipts(mission, paths[name]), norms, options, base, None) for name in asked]
    made = dict(zip(asked, run_all(plan_measured, works, engine=order.engine), strict=True))
    return {name: _no_worse(made.get(name, found), found, base) for name in paths}


def _no_worse(one: Measured, base: Measured, plan: Plan) -> Measured:
    """More money never protects less: where the search ended lower, the plan for less money is followed."""
    if one.conflict or deaths_of(one, plan.mission) > deaths_of(base, plan.mission):
        return replace(base, expected_least=one.expected_least if not one.conflict else None)
    return one


def deaths_of(found: Measured, mission: Mission) -> float:
    """Deaths not answered, on average over the mission's own futures."""
    named = {node.node_id for node in mission.nodes}
    return sum(
        deaths * (math.prod(node.probability for node in path_to(mission, last)) if last in named else 1.0)
        for last, deaths in found.unanswered.items()
    )


def _told(mission: Mission, plan: Plan, found: Measured) -> dict[str, Any]:
    return {
        "deaths": deaths_of(found, mission),
        "deaths_least": found.expected_least,
        "gap": found.gap,
        "status": found.status,
        "cost_usd": max(plan.tables["cash"]["cumulative_usd"].to_list()),
    }


def _compared(mission: Mission, base: Plan, found: Measured, other: Measured) -> dict[str, Any]:
    """Say what other receipts would avert. averted_most: proven, by the bound of that plan; None where nothing is."""
    less, more = deaths_of(found, mission), deaths_of(other, mission)
    return {
        "deaths": more,
        "averted": less - more,
        "averted_most": None if other.expected_least is None else max(less - other.expected_least, less - more),
        "status": other.status,
    }


def _made(base: Plan, norms: Norms, order: HoldOrder) -> dict[str, Any]:
    asked = {name: part for name, part in asdict(order).items() if name != "engine"}
    if order.work:
        asked["seconds"] = None
    made = {name: base.provenance[name] for name in ("bluehelm", "solver", "python") if name in base.provenance}
    return {"norms_hash": norms.digest(), **made, "asked": asked}
