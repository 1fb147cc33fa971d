"""What adaptability is worth: the same tree of futures planned rigidly, adaptively, step by step, and clairvoyantly."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from typing import Any

from bluehelm import __version__
from bluehelm.adaptation.decided_once import decided_once
from bluehelm.adaptation.futures import Future, futures_differ, futures_of, possible
from bluehelm.adaptation.value import (
    ADAPTIVE,
    CLAIRVOYANT,
    MAIN,
    ROLLING,
    Arm,
    differences_of,
    expected,
    worst_mean,
)
from bluehelm.checks.mission_check import check_mission
from bluehelm.errors import InfeasibleMissionError, MissionFilesError
from bluehelm.journey.value_arms import (
    Measured,
    arm_of_futures,
    arm_on_tree,
    asks_minimums,
    harm_if_nobody_answered,
    plan_measured,
    protection_first,
    protection_task,
    ways_of,
    works_of,
)
from bluehelm.journey.value_order import ValueOrder
from bluehelm.journey.value_rolling import Rolled, rolling
from bluehelm.journey.value_search import PLANNING_SHARE, all_made, seconds_per_node, starts_of
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.mission import Mission
from bluehelm.norms import Norms, load_norms


def value(mission: Mission, norms: Norms | None = None, **asked: Any) -> dict[str, Any]:
    """Say what adaptability is worth on a mission's tree of futures; return plain values, ready for JSON.

    Parameters
    ----------
    norms : those that the plans rest on; None for the shipped ones with the mission's amendments
    asked : fields of `ValueOrder`, such as alpha=0.8, gap=0.01, seconds=300, work=None, ablation=False

    Raises
    ------
    InvalidRecordError
        If the mission has one future only, its stages are uneven, or no task is one of protection.
    MissionFilesError
        If the mission asks for what cannot be.
    InfeasibleMissionError
        If there is no plan for the tree, or for one of its futures.
    """
    order = ValueOrder(**asked)
    norms = norms or load_norms(mission.amendments)
    errors = tuple(fault for fault in check_mission(mission, norms) if fault.grade == "error")
    if errors:
        raise MissionFilesError("Mission '{name}' has {count} {count:error|errors} and was not planned.", errors,
                                name=mission.setting.name, count=len(errors))  # fmt: skip
    return value_of(mission, norms, order)


def value_of(mission: Mission, norms: Norms, order: ValueOrder) -> dict[str, Any]:
    """Compare the ways to plan a mission without faults."""
    given, mission = mission, protection_first(possible(mission), norms)
    futures = futures_of(mission)
    if not futures_differ(mission):
        record = _nothing_to_learn(mission, norms, order, futures)
    else:
        record = record_of(mission, norms, order, futures, *_arms(mission, norms, order, futures))
    if mission.mandate != given.mandate:
        record["notes"].append({"note": "protection_first"})
    record["provenance"]["input_hash"] = mission_hash(given)
    return record


Notes = list[dict[str, Any]]


def _arms(mission: Mission, norms: Norms, order: ValueOrder, futures: Sequence[Future]) -> tuple[dict[str, Arm], Notes]:
    """Plan in every way; notes say what could not be done, or was taken from another way of planning."""
    ways = ways_of(order.options, order.alpha, ablation=order.ablation, told=order.knows)
    share = seconds_per_node(mission, order, futures, len(ways))
    rolled = rolling(mission, norms, order.options, share, order.engine, order.workers, first_only=not order.rolling)
    once = decided_once(mission)
    works = works_of(mission, norms, futures, ways, share, starts_of(mission, rolled, ways, once), once)
    found = all_made(works, order)
    on_tree = {name: one for (name, _), one in zip(works, found, strict=True) if name != CLAIRVOYANT}
    each = [one for (name, _), one in zip(works, found, strict=True) if name == CLAIRVOYANT]
    for one in each:
        # Where a plan of the whole tree was found, each future has one: its own search ended too soon.
        if one.conflict and on_tree[ADAPTIVE].conflict:
            raise InfeasibleMissionError("No plan was found for {name}.", one.conflict, name=mission.setting.name)
    notes: Notes = [
        {"note": "impossible", "arm": name, "conflict": list(one.conflict)}
        for name, one in on_tree.items() if one.conflict and name != ADAPTIVE
    ]  # fmt: skip
    arms = {name: arm_on_tree(name, one, futures) for name, one in on_tree.items() if not one.conflict}
    if order.rolling:
        arms, more = _with_rolling(arms, rolled, futures)
        notes += more
    tolerance = norms.number("tier_tolerance_share", mission.setting.first_month.first_day)
    spare = tolerance * expected(list(_harm(mission, norms, order, futures)), [f.probability for f in futures])
    # With minimum shares it is not known whether what came of rolling planning meets them.
    unknown = {ROLLING} if asks_minimums(mission) else set()
    followed = [arm for name, arm in arms.items() if arm.fits and name not in unknown]
    if ADAPTIVE not in arms and not followed:
        raise InfeasibleMissionError("No plan was found for {name}.", on_tree[ADAPTIVE].conflict,
                                     name=mission.setting.name)  # fmt: skip
    own = arms[ADAPTIVE] if ADAPTIVE in arms else _stand_in(followed, each, futures)
    arms[ADAPTIVE], taken = _best_known(own, followed, futures, spare)
    if taken or own.name != ADAPTIVE:
        notes.append({"note": "taken_over", "arm": ADAPTIVE, "from": taken or own.name})
        arms[ADAPTIVE] = replace(arms[ADAPTIVE], name=ADAPTIVE)
    arms[CLAIRVOYANT] = arm_of_futures(CLAIRVOYANT, _no_worse(each, arms[ADAPTIVE], futures), futures)
    if asks_minimums(mission):
        unsure = {CLAIRVOYANT, ROLLING} & set(arms)
        arms |= {name: replace(arms[name], least_unanswered=None, fits=False) for name in unsure}
    return arms, notes


def _with_rolling(arms: dict[str, Arm], rolled: Rolled, futures: Sequence[Future]) -> tuple[dict[str, Arm], Notes]:
    if rolled.stuck_at:
        note = {"note": "stuck", "arm": ROLLING, "node": rolled.stuck_at, "conflict": list(rolled.conflict)}
        return arms, [note]
    arm = arm_of_futures(ROLLING, [rolled.measured[future.name] for future in futures], futures)
    chances = [future.probability for future in futures]
    came = replace(arm, least_unanswered=expected(arm.unanswered, chances),
                   least_cost_usd=expected(arm.cost_usd, chances))  # fmt: skip
    return arms | {ROLLING: came}, []


def _best_known(own: Arm, arms: Sequence[Arm], futures: Sequence[Future], spare: float) -> tuple[Arm, str]:
    """Return the adaptive arm; where a plan that knows less came out better, that plan, which it may follow too.

    arms: those that may be followed. spare: deaths that the order of goals may give up for what comes after protection.
    """
    chances = [future.probability for future in futures]
    best = min((own, *arms), key=lambda arm: (expected(arm.unanswered, chances), arm.name))
    if expected(best.unanswered, chances) >= expected(own.unanswered, chances) - spare:
        return own, ""
    followed = replace(own, unanswered=best.unanswered, cost_usd=best.cost_usd, status="stopped")
    return followed, best.name


def _stand_in(arms: Sequence[Arm], each: Sequence[Measured], futures: Sequence[Future]) -> Arm:
    """Take the best plan that knows less where no search for the adaptive one came to an end; futures bound it."""
    chances = [future.probability for future in futures]
    best = min(arms, key=lambda arm: (expected(arm.unanswered, chances), arm.name))
    known = arm_of_futures(CLAIRVOYANT, each, futures)
    return replace(
        best, least_unanswered=known.least_unanswered, least_cost_usd=known.least_cost_usd, gap=1.0, status="stopped"
    )


def _no_worse(each: Sequence[Measured], adaptive: Arm, futures: Sequence[Future]) -> list[Measured]:
    """Let whoever knows the future do at least what the adaptive plan does in it."""
    better = []
    for one, future, deaths, cost in zip(each, futures, adaptive.unanswered, adaptive.cost_usd, strict=True):
        own = one if not one.conflict else Measured({}, {}, gap=1.0, status="stopped")
        worse = own.unanswered.get(future.name, math.inf) > deaths
        better.append(replace(own, unanswered={future.name: deaths}, cost_usd={future.name: cost}) if worse else own)
    return better


def _nothing_to_learn(mission: Mission, norms: Norms, order: ValueOrder, futures: Sequence[Future]) -> dict[str, Any]:
    """Plan once: in futures that do not differ every way of planning is the same."""
    seconds = order.seconds * PLANNING_SHARE
    made = plan_measured(mission, norms, order.options if order.work else replace(order.options, seconds=seconds))
    if made.conflict:
        raise InfeasibleMissionError("No plan was found for {name}.", made.conflict, name=mission.setting.name)
    found = arm_on_tree(ADAPTIVE, made, futures)
    arms = {name: replace(found, name=name) for name in MAIN}
    record = record_of(mission, norms, order, futures, arms, [{"note": "nothing_to_learn"}])
    for one in record["differences"]:
        # The futures are the same: so are the plans, whatever is proven of them.
        one |= {key: 0.0 for key in one if key not in ("name", "more", "less")}
    return record


def _harm(mission: Mission, norms: Norms, order: ValueOrder, futures: Sequence[Future]) -> tuple[float, ...]:
    by_future = harm_if_nobody_answered(mission, norms, order.options)
    return tuple(by_future[future.name] for future in futures)


def record_of(
    mission: Mission, norms: Norms, order: ValueOrder, futures: Sequence[Future], arms: Mapping[str, Arm], notes: Notes
) -> dict[str, Any]:
    """Put everything found into plain values."""
    chances = [future.probability for future in futures]
    m, first_alone = protection_task(mission, norms)
    task, on = mission.mandate.task[m], mission.setting.first_month
    harm = _harm(mission, norms, order, futures)
    total = expected(harm, chances)
    return {
        "mission": mission.setting.name,
        "first_month": str(on),
        "months": mission.setting.months,
        "months_beyond": norms.number("beyond_horizon_months", on.first_day),
        "nodes": len(mission.nodes),
        "futures": [
            {"name": future.name, "probability": future.probability, "deaths": deaths}
            for future, deaths in zip(futures, harm, strict=True)
        ],
        "alpha": order.alpha,
        "task": task.title,
        "priority": task.priority,
        "proven": first_alone and not asks_minimums(mission),
        "unproven_because": "not_first" if not first_alone else "minimum_shares" if asks_minimums(mission) else "",
        "deaths_if_nobody_answered": total,
        "arms": [_arm_told(arms[name], chances, order.alpha, total) for name in _in_order(arms)],
        "differences": [asdict(one) for one in differences_of(arms, chances, order.alpha)],
        "notes": notes,
        "provenance": _provenance(mission, norms, order),
    }


def _in_order(arms: Mapping[str, Arm]) -> list[str]:
    return [*(name for name in MAIN if name in arms), *(name for name in arms if name not in MAIN)]


def _arm_told(arm: Arm, chances: Sequence[float], alpha: float, total: float) -> dict[str, Any]:
    deaths = expected(arm.unanswered, chances)
    return {
        "arm": arm.name,
        "deaths": deaths,
        "protected_share": 1 - deaths / total if total else 1.0,
        "deaths_tail": worst_mean(arm.unanswered, chances, alpha),
        "deaths_worst": max(arm.unanswered),
        "cost_usd": expected(arm.cost_usd, chances),
        "deaths_least": arm.least_unanswered,
        "cost_least_usd": arm.least_cost_usd,
        "gap": arm.gap,
        "status": arm.status,
        "by_future": {"deaths": list(arm.unanswered), "cost_usd": list(arm.cost_usd)},
    }


def _provenance(mission: Mission, norms: Norms, order: ValueOrder) -> dict[str, Any]:
    """Everything that decides the figures, and nothing that does not (no clock, path, or way of sharing work out)."""
    asked = {name: part for name, part in asdict(order).items() if name not in ("engine", "workers")}
    if order.work:
        asked["seconds"] = None
    return {
        "input_hash": mission_hash(mission),
        "norms_hash": norms.digest(),
        "bluehelm": __version__,
        "solver": f"HiGHS {version('highspy')}",
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "asked": asked,
    }
