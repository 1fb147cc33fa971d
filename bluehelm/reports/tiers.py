"""Tiers of a plan in words: what each is, how good it is proven to be, and whether it reached the asked gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from bluehelm.mission.plan import Plan, Tier
from bluehelm.reports.numbers import listing, measure, percent
from bluehelm.words import say

# A gap written with two decimals that reads as the asked gap has reached it.
ROUNDING = 5e-5


def tier_title(tier: Tier) -> str:
    """Name a tier; a priority is named by its tasks, which the plan joins by '; '."""
    known = {"floors": say("Floors on protection held"), "care": say("Care of casualties in time"),
             "moves": say("Time of units not lost on the move"), "cost": say("Expected cost")}  # fmt: skip
    return known.get(tier.name) or say("; ").join(say(part) for part in tier.title.split("; "))


def tier_short(tier: Tier) -> str:
    """Name a tier in a list: a priority by its number, any other by its title."""
    start, _, number = tier.name.rpartition("_")
    return say("Priority {number}", number=number) if start == "priority" else tier_title(tier)


def tier_sentence(tier: Tier) -> str:
    """Say how good one tier is proven to be."""
    values = {"tier": tier_title(tier), "objective": measure(tier.objective, tier.unit),
              "bound": measure(tier.bound, tier.unit), "gap": percent(tier.gap, 2)}  # fmt: skip
    if tier.sense == "min":
        return say("{tier}: {objective}; no plan in this model can do with less than {bound} (gap {gap}).", **values)
    return say(
        "{tier}: a score of {objective}; no plan in this model can do better than {bound} (gap {gap}).", **values
    )


def asked_gap(plan: Plan) -> float:
    """Largest gap that was asked for; NaN where the plan does not say."""
    options = plan.provenance.get("options")
    asked = options.get("gap") if isinstance(options, Mapping) else None
    asked = plan.provenance.get("gap_asked") if asked is None else asked
    return float(str(asked)) if isinstance(asked, (int, float)) else float("nan")


def missed(plan: Plan) -> tuple[Tier, ...]:
    """List the tiers whose gap is larger than asked."""
    asked = asked_gap(plan)
    return tuple(tier for tier in plan.tiers if tier.gap > asked + ROUNDING) if isfinite(asked) else ()


def gaps_sentence(plan: Plan) -> str:
    """Say the gap of each tier, those that reached the asked gap first; blank where no gap is known."""
    asked, late = asked_gap(plan), missed(plan)
    if not plan.tiers or not isfinite(asked):
        return say("Gap of each tier: {tiers}.", tiers=_gaps(plan.tiers)) if plan.tiers else ""
    reached = [tier for tier in plan.tiers if tier not in late]
    values = {"asked": percent(asked, 2), "reached": _gaps(reached), "missed": _gaps(late)}
    if not late:
        return say("Every tier reached the asked gap of {asked}: {reached}.", **values)
    if not reached:
        return say("No tier reached the asked gap of {asked}: {missed}.", **values)
    return say("The asked gap of {asked} was reached by {reached}. It was missed by {missed}.", **values)


def _gaps(tiers: Iterable[Tier]) -> str:
    return listing(say("{name} ({size})", name=tier_short(t), size=percent(t.gap, 2)) for t in tiers)
