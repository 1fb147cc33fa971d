"""Prices by part, unit and day, each with the norms it was made from; worked out once for each day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bluehelm.mission.records import Site
from bluehelm.mission.unit_type import UnitType
from bluehelm.norms.norms import Norms
from bluehelm.norms.rules import Step, Use, rule, trace
from bluehelm.norms.unit_price import (
    deployment_cost_usd,
    monthly_delivered_fuel_usd,
    monthly_parts_usd,
    move_cost_usd,
    repatriation_cost_usd,
)

UnitRule = Callable[[UnitType, int, Norms, date], Decimal]
JOURNEYS: dict[str, UnitRule] = {
    "deployment": deployment_cost_usd,
    "repatriation": repatriation_cost_usd,
    "move": move_cost_usd,
}
SITE_PARTS = {
    "site_running": "site_run_usd_per_month",
    "site_opening": "site_open_usd",
    "site_closing": "site_close_usd",
}


@dataclass(frozen=True, slots=True)
class Price:
    """What one unit or one site costs in a part, and the norms that say so."""

    part: str
    usd: Decimal
    uses: tuple[Use, ...]


@rule(unit="USD", uses=("site_run_usd_per_month.*", "site_open_usd.*", "site_close_usd.*"))
def site_part_usd(part: str, kind: str, norms: Norms, on: date) -> Decimal:
    """Run a site of a kind for a month, open it, or close it."""
    return norms.amount(f"{SITE_PARTS[part]}.{kind}", on)


class PriceBook:
    """Prices by the norms given. road_km: where given, fuel is priced by the road to each site [km] instead of flat."""

    def __init__(self, norms: Norms, road_km: dict[str, Decimal] | None = None) -> None:
        self.norms = norms
        self.road_km = road_km
        self._known: dict[tuple[object, ...], tuple[Price, ...]] = {}
        self._uses: dict[tuple[str, date], Use] = {}

    def unit_month(self, unit_type: UnitType, persons: int, site_id: str, on: date) -> tuple[Price, ...]:
        """Price a month of one unit at a site, by the norms in force on a day."""
        km = None if self.road_km is None else self.road_km[site_id]
        return self._once(
            ("month", unit_type.unit_type, persons, km, on), lambda: self._month(unit_type, persons, km, on)
        )

    def journey(self, part: str, unit_type: UnitType, persons: int, on: date) -> tuple[Price, ...]:
        """Price a journey of one unit: deployment, repatriation or move."""
        return self._once(
            (part, unit_type.unit_type, persons, on),
            lambda: {part: JOURNEYS[part](unit_type, persons, self.norms, on)},
        )

    def site(self, part: str, site: Site, on: date) -> tuple[Price, ...]:
        """Price what a site of the mission costs; a partner's hospital costs it nothing, and is not asked for."""
        return self._once((part, site.kind, on), lambda: {part: site_part_usd(part, site.kind, self.norms, on)})

    def use(self, key: str, on: date) -> Use:
        """Read one norm by itself, and count it among those used."""
        with trace() as step:
            self.norms.entry(key, on)
        (use,) = step.uses
        self._uses[key, use.entry.since] = use
        return use

    def uses(self) -> tuple[Use, ...]:
        """List every norm used so far, each value once, in order of key and day since when it holds."""
        return tuple(self._uses[key] for key in sorted(self._uses))

    def _month(self, unit_type: UnitType, persons: int, km: Decimal | None, on: date) -> dict[str, Decimal]:
        parts = monthly_parts_usd(unit_type, persons, self.norms, on)
        if km is not None and "fuel" in parts:
            parts["fuel"] = monthly_delivered_fuel_usd(persons, km, self.norms, on)
        return parts

    def _once(self, key: tuple[object, ...], make: Callable[[], dict[str, Decimal]]) -> tuple[Price, ...]:
        if key not in self._known:
            with trace() as step:
                parts = make()
            # The last answer counts: where fuel is priced by route, the flat price is worked out before it.
            of_part = {_part_of(below): below.all_uses() for below in step.steps}
            prices = [
                Price(part, usd, of_part.get(part) or tuple(step.all_uses() if len(parts) == 1 else ()))
                for part, usd in parts.items()
            ]
            used = (*step.uses, *(use for price in prices for use in price.uses))
            self._uses |= {(use.key, use.entry.since): use for use in used}
            self._known[key] = tuple(price for price in prices if price.usd)
        return self._known[key]


def _part_of(step: Step) -> str:
    """Tell the part that a rule answers from its name, such as monthly_rations_usd."""
    return step.rule.removeprefix("monthly_").removesuffix("_usd").removeprefix("delivered_")
