"""A plan with its price: lines, nodes held against the plan's own cash, budget, variance, and the norms behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.finance.budget import Budget, budget_of
from bluehelm.finance.cost_line import CostLine
from bluehelm.finance.plan_cost import cost_lines
from bluehelm.finance.price_book import PriceBook
from bluehelm.finance.reconcile import NodeCost, reconcile
from bluehelm.finance.supply_road import road_km_to_sites
from bluehelm.finance.variance import Variance, Yardstick, of_file, of_mission, of_plan, variances
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import is_plan_folder, read_plan
from bluehelm.norms.norms import load_norms
from bluehelm.norms.rules import Use
from bluehelm.norms.strict import read_toml


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceOrder:
    """How to price. what_if: amendments laid over the norms of the mission. fuel_by_route: price fuel by the road from
    supply_from (site ids; none = the mission's headquarters) instead of flat, which the planner never does."""

    what_if: Mapping[str, object] | None = None
    fuel_by_route: bool = False
    supply_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPlan:
    """A plan and what it costs. against: what it is held against; None where nothing is known to hold it against."""

    plan: Plan
    order: PriceOrder
    lines: tuple[CostLine, ...]
    nodes: tuple[NodeCost, ...]
    budget: Budget
    uses: tuple[Use, ...]
    against: Yardstick | None
    variances: tuple[Variance, ...]

    @property
    def provenance(self) -> dict[str, object]:
        """What the figures were made from."""
        from bluehelm import __version__

        return {
            "input_hash": self.plan.input_hash,
            "norms_hash": load_norms(self.plan.mission.amendments).digest(),
            "what_if": sorted(_flat(self.order.what_if or {})),
            "fuel_by_route": self.order.fuel_by_route,
            "supply_from": list(self.order.supply_from),
            "bluehelm": __version__,
        }


def price_plan(plan: Plan, order: PriceOrder | None = None, against: Yardstick | None = None) -> PricedPlan:
    """Price a plan, and hold it against its own cash and, if given, a yardstick; else against its own appropriations.

    Raises
    ------
    PlanCheckError
        If the lines do not reconcile with the plan's own table of cash.
    UnknownNormError, InvalidRecordError
        If a what-if names a norm that is unknown or prices nothing in this plan, or a hub of supply is unknown.
    """
    order = order or PriceOrder()
    norms = load_norms(plan.mission.amendments)
    changed = norms.with_amendments(order.what_if) if order.what_if else norms
    road_km = road_km_to_sites(plan.mission, norms, order.supply_from) if order.fuel_by_route else None
    in_force, planned = PriceBook(changed, road_km), PriceBook(norms)
    lines = cost_lines(plan, in_force, planned)
    _all_used(order.what_if or {}, in_force.uses())
    budget = budget_of(plan, lines)
    against = against or of_mission(plan.mission)
    norms_changed = plan.provenance.get("norms_hash") != norms.digest()
    return PricedPlan(
        plan=plan,
        order=order,
        lines=tuple(lines),
        nodes=tuple(reconcile(plan, lines, norms_changed)),
        budget=budget,
        uses=in_force.uses(),
        against=against,
        variances=variances(budget, against) if against else (),
    )


def yardstick_at(path: Path, operation: str) -> Yardstick:
    """Read what to hold a budget against: a plan folder, or a CSV file of published money."""
    if is_plan_folder(path):
        return of_plan(price_plan(read_plan(path)).budget, path.name)
    return of_file(path, operation)


def read_what_if(path: Path) -> Mapping[str, object]:
    """Read amendments from TOML: `key = value`, money in quotes."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise InvalidRecordError(
            "'{file}' cannot be read: {reason}. Name a TOML file of norms, such as fuel_usd_per_person_month = '220'.",
            file=str(path),
            reason=getattr(trouble, "strerror", None) or str(trouble),
        ) from trouble
    return read_toml(text, path.name)


def _all_used(what_if: Mapping[str, object], uses: Sequence[Use]) -> None:
    """Refuse a what-if that would silently do nothing."""
    known = {use.key for use in uses}
    for key in _flat(what_if):
        if key not in known:
            raise InvalidRecordError(
                "What-if: norm '{key}' prices nothing in this plan, so that it would change nothing. Nearest of those "
                "that do: '{near}'. What changes the plan itself is asked by planning again.",
                key=key,
                near=nearest(key, known) or min(known),
            )


def _flat(table: Mapping[str, object], prefix: str = "") -> list[str]:
    found: list[str] = []
    for name, raw in table.items():
        if isinstance(raw, Mapping) and raw and "value" not in raw:
            found += _flat(raw, f"{prefix}{name}.")
        else:
            found.append(prefix + name)
    return found
