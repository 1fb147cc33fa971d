"""What the report of an adapted plan tells: worked out by the journey, said in either language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bluehelm.mission.plan import Plan
from bluehelm.reports.extras import NormUse, Text

# Unit-months below this are rounding.
ROUNDING = 0.05
BEFORE, HELD, PROPORTIONAL, ADAPTED = "before", "held", "proportional", "adapted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that is done in a month: units of a type at a site, or a site.

    deed: order, exit_order, move_in, move_out, opens, closes. units: 1 for a site. before: units of the same in the
    plan that was adapted. decide_by: last month in which it can be decided.
    """

    month: str
    deed: str
    unit_type: str
    site_id: str
    units: int
    before: int
    decide_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A way to answer the shocks, measured from the month on in which the first is known.

    name: before (the plan without the shocks), held, proportional, adapted. tiers: value of each goal over the whole
    plan. broken: limits that it breaks, each in a sentence. stands: whether it breaks none and can be done.
    """

    name: str
    deaths: float
    protected_deaths: float
    cost_usd: float
    total_cost_usd: float
    moves: float
    unmet_hours: float
    tiers: Mapping[str, float]
    stands: bool
    broken: tuple[Text, ...] = ()

    @property
    def share(self) -> float:
        """Share of the expected deaths that is protected."""
        return self.protected_deaths / self.deaths if self.deaths else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaLoss:
    """Expected deaths of an area from the month on, and the share protected, by arm; deaths_before without shocks."""

    area_id: str
    name: str
    deaths: float
    deaths_before: float
    shares: Mapping[str, float]

    def unanswered(self, arm: str) -> float:
        """Deaths expected that nobody answers."""
        return (self.deaths_before if arm == BEFORE else self.deaths) * (1 - self.shares[arm])


@dataclass(frozen=True, slots=True, kw_only=True)
class Adaptation:
    """A plan adapted to shocks.

    from_month: month in which the first shock is known. kept: whether the plan came back as it was. now, later: what is
    done in that month, and after it. dropped: what the plan would have done in that month and no longer does.
    changed_unit_months: by how much it differs from the plan, changed_bound: the least that is proven possible at what
    it reaches. missing: arms that could not be worked out, each with its reason. norms_used: what it
    rests on.
    """

    plan: Plan
    incumbent_hash: str
    from_month: str
    shocks: tuple[Text, ...]
    kept: bool
    now: tuple[Deed, ...]
    dropped: tuple[Deed, ...]
    later: tuple[Deed, ...]
    arms: tuple[Arm, ...]
    areas: tuple[AreaLoss, ...]
    changed_unit_months: float
    changed_bound: float
    missing: tuple[Text, ...] = ()
    norms_used: tuple[NormUse, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether every decision stays as planned, though the mission may not be what it was."""
        alike = all(deed.units == deed.before for deed in (*self.now, *self.dropped, *self.later))
        return self.kept or (alike and self.changed_unit_months < ROUNDING)

    def arm(self, name: str) -> Arm | None:
        """Return an arm by name."""
        return next((arm for arm in self.arms if arm.name == name), None)
