"""From one form of operation to another: what must come and go, what it costs, and how long it takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bluehelm.adaptation.forms import SHOWN, Kind, Structure, form_named, structure_of, today_of
from bluehelm.mission.mission import Mission
from bluehelm.norms.norms import Norms
from bluehelm.norms.unit_price import deployment_cost_usd, monthly_unit_cost_usd, repatriation_cost_usd

READINESS = "2"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of form. once_usd: journeys, and bases opened and closed. before_usd, after_usd: units and bases for a
    month, without the fixed part. months: until all that comes is there and all that goes is out."""

    before: str
    after: str
    come: Mapping[Kind, int]
    go: Mapping[Kind, int]
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    once_usd: float
    before_usd: float
    after_usd: float
    months: float
    guards_lacking: int

    @property
    def persons_come(self) -> int:
        """Persons who come."""
        return sum(count * persons for (_, persons), count in self.come.items())

    @property
    def persons_go(self) -> int:
        """Persons who go."""
        return sum(count * persons for (_, persons), count in self.go.items())


def all_changes(mission: Mission, norms: Norms, also: Sequence[str] = ()) -> tuple[Change, ...]:
    """Work out every change between the forms shown, and from today to each; also: further forms."""
    keys = list(dict.fromkeys((*SHOWN, *also)))
    found = [structure_of(form_named(key, norms), mission, norms) for key in keys]
    return tuple(
        change(before, after, mission, norms)
        for before in (today_of(mission), *found)
        for after in found
        if before.form != after.form
    )


def change(before: Structure, after: Structure, mission: Mission, norms: Norms) -> Change:
    """Work out one change between two structures of the same mission.

    A unit that both have stays; one that comes is asked for as a pledge at level 2; notice and way home are the norms'.
    """
    on = mission.setting.first_month.first_day
    come = Counter(after.units) - Counter(before.units)
    go = Counter(before.units) - Counter(after.units)
    opens, closes = sorted(after.sites - before.sites), sorted(before.sites - after.sites)
    types, kind_of = norms.unit_types(), {site.site_id: site.kind for site in mission.sites}

    def price(key: str, sites: Sequence[str]) -> float:
        return sum(norms.number(f"{key}.{kind_of[site_id]}", on) for site_id in sites)

    def monthly(one: Structure) -> float:
        units = sum(n * float(monthly_unit_cost_usd(types[k], p, norms, on)) for (k, p), n in one.units.items())
        return units + price("site_run_usd_per_month", sorted(one.sites))

    journeys = sum(n * float(deployment_cost_usd(types[k], p, norms, on)) for (k, p), n in come.items())
    journeys += sum(n * float(repatriation_cost_usd(types[k], p, norms, on)) for (k, p), n in go.items())
    leads = [norms.number(f"site_open_lead_months.{kind_of[site_id]}", on) for site_id in opens]
    leads += [norms.number(f"lead_months.{READINESS}", on)] if come else []
    leads += [norms.number("exit_notice_months", on) + norms.number("exit_lag_months", on)] if go else []
    return Change(
        before=before.form,
        after=after.form,
        come=dict(come),
        go=dict(go),
        opens=tuple(opens),
        closes=tuple(closes),
        once_usd=journeys + price("site_open_usd", opens) + price("site_close_usd", closes),
        before_usd=monthly(before),
        after_usd=monthly(after),
        months=max(leads, default=0.0),
        guards_lacking=after.guards_lacking,
    )
