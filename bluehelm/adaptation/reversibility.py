"""What it would cost, and how long it would take, to return to where the mission stands today, month by month.

A unit that has stopped but is not out yet can turn back; one that is out must be asked for again, or comes from a
reserve kept ready; a base that has closed must be opened again.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from bluehelm.adaptation.transition_file import Reserve, Transition
from bluehelm.adaptation.transition_months import Months
from bluehelm.mission.months import Month
from bluehelm.norms.unit_price import deployment_cost_usd, move_cost_usd

DAYS_PER_MONTH = 30.4375


@dataclass(frozen=True, slots=True)
class Return:
    """A return ordered at the end of a month.

    sites_closed, units_out, units_turning: what is missing beside today; units that turn back are on their way home.
    reopening_usd, transport_usd: paid once. first_months: until the first missing unit is back; all_months: until all
    are. closed: bases that close in this month.
    """

    month: str
    closed: tuple[str, ...]
    sites_closed: tuple[str, ...]
    units_out: int
    persons_out: int
    units_turning: int
    reopening_usd: float
    transport_usd: float
    monthly_usd: float
    first_months: float
    all_months: float

    @property
    def cost_usd(self) -> float:
        """What the return costs once."""
        return self.reopening_usd + self.transport_usd


@dataclass(frozen=True, slots=True)
class Reversibility:
    """The table by month. point_of_no_return: first month from which returning takes longer than at_most_months for
    the rest of the plan; blank where that never comes."""

    rows: tuple[Return, ...]
    at_most_months: float
    point_of_no_return: str


def reversibility(months: Months, transition: Transition) -> Reversibility:
    """Work out the return from every month of the plan of leaving."""
    on = months.mission.setting.first_month.first_day
    stated = transition.head.return_months_at_most
    at_most = months.norms.number("return_months_at_most", on) if stated is None else float(stated)
    rows = tuple(_return(months, transition.reserve, month) for month in months.all)
    late = [row.all_months > at_most for row in rows]
    turning = next((i for i in range(len(rows)) if late[i] and all(late[i:])), None)
    return Reversibility(rows, at_most, "" if turning is None else rows[turning].month)


def _return(months: Months, reserve: tuple[Reserve, ...], month: Month) -> Return:
    norms, on = months.norms, months.mission.setting.first_month.first_day
    missing = _missing(months, month)
    turning = {c: min(count, _on_the_way(months, c, month)) for c, count in missing.items()}
    out = {c: count - turning[c] for c, count in missing.items() if count > turning[c]}
    before = _open_before(months, month)
    closed_now = tuple(sorted(before - months.open_in(month)))
    closed = tuple(sorted(_open_today(months) - months.open_in(month)))
    types = norms.unit_types()
    transport = sum(
        count * float(deployment_cost_usd(types[_kind(months, c)], months.persons_of(c), norms, on))
        for c, count in out.items()
    ) + sum(
        count * float(move_cost_usd(types[_kind(months, c)], months.persons_of(c), norms, on))
        for c, count in turning.items()
    )
    leads = _leads(months, reserve, out, turning)
    opening = [months.site_price("site_open_lead_months", site_id) for site_id in closed]
    return Return(
        month=str(month),
        closed=closed_now,
        sites_closed=closed,
        units_out=sum(out.values()),
        persons_out=sum(count * months.persons_of(c) for c, count in out.items()),
        units_turning=sum(turning.values()),
        reopening_usd=sum(months.site_price("site_open_usd", site_id) for site_id in closed),
        transport_usd=transport,
        monthly_usd=sum(count * months.unit_cost_usd(c) for c, count in missing.items())
        + sum(months.site_price("site_run_usd_per_month", site_id) for site_id in closed),
        first_months=min(leads, default=min(opening, default=0.0)),
        all_months=max([*leads, *opening], default=0.0),
    )


def _missing(months: Months, month: Month) -> dict[str, int]:
    """Units of each class that stood there today and are not at work in a month."""
    there = months.count(month)
    today = {class_id: int(str(row["units_at_start"])) for class_id, row in months.classes.items()}
    return {c: count - there.get(c, 0) for c, count in today.items() if count > there.get(c, 0)}


def _on_the_way(months: Months, class_id: str, month: Month) -> int:
    """Units of a class that have stopped and are not out at the end of a month."""
    lag = months.norms.number("exit_lag_months", months.mission.setting.first_month.first_day)
    nodes = {name: min(m for m, n in months.node_of.items() if n == name) for name in set(months.node_of.values())}
    rows = months.plan.tables["movements"].filter((pl.col("deed") == "stop") & (pl.col("class_id") == class_id))
    return sum(
        int(units)
        for node_id, units in rows.select("node_id", "units").iter_rows()
        if node_id in nodes and nodes[node_id] <= month and (month - nodes[node_id]) + 1 < lag
    )


def _leads(months: Months, reserve: tuple[Reserve, ...], out: dict[str, int], turning: dict[str, int]) -> list[float]:
    """Months until units are back: those that turn round, those of the reserve, and those that are asked for again."""
    norms, on = months.norms, months.mission.setting.first_month.first_day
    leads = [norms.number("move_days", on) / DAYS_PER_MONTH for count in turning.values() if count]
    left = {(one.unit_type, one.readiness_level): 0 for one in reserve}
    for one in reserve:
        left[one.unit_type, one.readiness_level] += one.units
    for class_id, count in out.items():
        for (kind, level), ready in left.items():
            taken = min(count, ready) if kind == _kind(months, class_id) else 0
            if taken:
                left[kind, level] -= taken
                count -= taken
                leads.append(norms.number(f"lead_months.{level}", on))
        if count:
            leads.append(norms.number("return_lead_months", on))
    return leads


def _kind(months: Months, class_id: str) -> str:
    return str(months.classes[class_id]["unit_type"])


def _open_today(months: Months) -> frozenset[str]:
    return frozenset(s.site_id for s in months.mission.sites if s.open_at_start) & months.bases


def _open_before(months: Months, month: Month) -> frozenset[str]:
    return _open_today(months) if month == months.all[0] else months.open_in(month + -1)
