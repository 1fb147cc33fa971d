"""A plan: what is done at each node, with its proof. A new frozen object; nothing writes into it or its mission."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bluehelm.mission.mission import Mission

if TYPE_CHECKING:
    import polars as pl

TABLES: Mapping[str, Mapping[str, str]] = {
    "nodes": {
        "node_id": "text", "parent_id": "text", "month": "month", "months": "month", "probability": "share",
        "indicative": "yes/no",
    },
    "classes": {
        "class_id": "text", "unit_type": "text", "component": "text", "persons": "person", "only_zones": "list",
        "not_tasks": "list", "may_move": "yes/no", "may_leave": "yes/no", "units_at_start": "unit",
        "monthly_cost_usd": "USD/unit/month",
    },
    "deployments": {
        "node_id": "text", "month": "month", "class_id": "text", "unit_type": "text", "component": "text",
        "site_id": "text", "units": "unit", "persons": "person",
    },
    "movements": {
        "node_id": "text", "month": "month", "class_id": "text", "unit_type": "text", "deed": "text", "site_id": "text",
        "pledge_class": "text", "units": "unit",
    },
    "sites": {
        "node_id": "text", "month": "month", "site_id": "text", "open": "yes/no", "opens": "yes/no", "closes": "yes/no",
        "persons": "person", "capacity_persons": "person",
    },
    "protection": {
        "node_id": "text", "month": "month", "area_id": "text", "fatalities": "person", "presence": "unit",
        "protected_share": "share", "curve_share": "share", "floor_share": "share", "floor_shortfall": "share",
    },
    "effort": {
        "node_id": "text", "month": "month", "task_id": "text", "zone": "text", "demand_hours": "hour",
        "given_hours": "hour", "unmet_hours": "hour",
    },
    "effort_given": {
        "node_id": "text", "class_id": "text", "site_id": "text", "task_id": "text", "zone": "text", "hours": "hour",
    },
    "care": {
        "node_id": "text", "month": "month", "site_id": "text", "enhanced_care_covered": "share",
        "surgery_covered": "share",
    },
    "ceilings": {
        "node_id": "text", "month": "month", "component": "text", "persons": "person", "ceiling_persons": "person",
    },
    "cash": {
        "node_id": "text", "month": "month", "fiscal_year": "text", "units_usd": "USD", "leaving_usd": "USD",
        "transport_usd": "USD", "sites_usd": "USD", "fixed_usd": "USD", "spent_usd": "USD", "cumulative_usd": "USD",
        "cash_limit_usd": "USD", "fiscal_year_spent_usd": "USD", "approved_usd": "USD",
    },
    "shortfalls": {
        "kind": "text", "node_id": "text", "month": "month", "what": "text", "where": "text", "amount": "number",
        "unit": "text", "share_unmet": "share", "priority": "rank",
    },
    "binding": {
        "family": "text", "row": "text", "node_id": "text", "sentence": "text", "slack": "number",
    },
    "names": {
        "node_id": "text", "month": "month", "unit_id": "text", "contributor": "text", "unit_type": "text",
        "class_id": "text", "site_id": "text", "state": "text",
    },
}  # fmt: skip
"""Columns of every table of a plan, each with its unit. Money is in USD, harm in expected civilian deaths.

movements.deed: order (of a pledge class, at no site), arrive, move_in, move_out, exit_order (at no site), stop (a unit
ends its work at a site and starts home). names.state: at_site, or leaving (told to leave, not yet out).
cash.*: NaN where no limit is given. protection.presence: s = Σ σ·x; protected_share: value of the steps (what is
optimised); curve_share: 1-(1-q)^s, what is true of the model's curve. floor_share NaN where there is no floor.
deployments, effort_given and movements list only what is not zero.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """How one tier of the Council's order was solved.

    objective, bound: in `unit`; the bound is proven, no plan can pass it given the tiers above.
    gap: |bound - objective| / max(|objective|, 1e-9). held_at: value at which later tiers keep it.
    """

    name: str
    title: str
    sense: Literal["max", "min"]
    unit: str
    objective: float
    bound: float
    gap: float
    held_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done at each node of a mission's futures, and how good that is proven to be.

    status: "within_gap" (every tier reached the asked gap), "stopped" (time or work limit, or Ctrl-C: best so far).
    tables: one Polars frame per name in `TABLES`. provenance: input hash, norms, versions, seed, options.
    """

    mission: Mission
    status: str
    tiers: tuple[Tier, ...]
    checked: bool
    input_hash: str
    provenance: Mapping[str, object]
    tables: Mapping[str, pl.DataFrame]
    run: Mapping[str, object] = field(default_factory=dict, compare=False)

    @property
    def gap(self) -> float:
        """Largest gap of all tiers."""
        return max(tier.gap for tier in self.tiers)

    @property
    def deployments(self) -> pl.DataFrame:
        """Units of each class at each site and node."""
        return self.tables["deployments"]
