"""What a plan costs, line by line: each unit, site and journey in each month of each future, by the norms of the month.

The planner prices everything by the norms of its first month; a budget goes by those in force in each month. Both are
worked out for every line from the same formula (`bluehelm.norms.unit_price`), so that a budget can be reconciled with
the plan's own table of cash and what changes of rates add can be told.

Months: a unit at work in a node is paid in each of its months; one that stops work, until its lag of exit is over.
Journeys, openings and closings are paid in the first month of the node in which they fall.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bluehelm.finance.cost_line import CostLine, cents, worst_status
from bluehelm.finance.parts import CIVILIAN, OPERATIONAL, group_of
from bluehelm.finance.price_book import Price, PriceBook
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.mission.unit_type import UnitType
from bluehelm.norms.norms import Norms

JOURNEY_OF_DEED = {"arrive": "deployment", "stop": "repatriation", "move_in": "move"}


@dataclass(frozen=True, slots=True)
class NodeSpan:
    """A node with its months and the nodes on its path, itself last."""

    node_id: str
    probability: float
    months: tuple[Month, ...]
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Paid:
    """A number of equal units paid for at a site in a month."""

    node: NodeSpan
    month: Month
    cash_part: str
    site_id: str
    unit_type: UnitType
    persons: int
    units: int


def spans_of(plan: Plan) -> dict[str, NodeSpan]:
    """Lay out the nodes of a plan, parents before children."""
    spans: dict[str, NodeSpan] = {}
    for row in plan.tables["nodes"].iter_rows(named=True):
        first = Month.parse(row["month"])
        before = spans[row["parent_id"]].path if row["parent_id"] else ()
        months = tuple(first + i for i in range(row["months"]))
        spans[row["node_id"]] = NodeSpan(row["node_id"], row["probability"], months, (*before, row["node_id"]))
    return spans


def leaves_of(spans: Mapping[str, NodeSpan]) -> list[NodeSpan]:
    """List the nodes in which a future ends."""
    parents = {name for span in spans.values() for name in span.path[:-1]}
    return [span for name, span in spans.items() if name not in parents]


def cost_lines(plan: Plan, in_force: PriceBook, planned: PriceBook) -> list[CostLine]:
    """Price a plan.

    in_force: prices by the norms of each month, what-if included. planned: prices as the planner had them.
    """
    spans = spans_of(plan)
    first_day = plan.mission.setting.first_month.first_day
    lines: list[CostLine] = []
    for paid in _months_paid(plan, spans, planned.norms):
        place = (paid.unit_type, paid.persons, paid.site_id)
        now, then = in_force.unit_month(*place, paid.month.first_day), planned.unit_month(*place, first_day)
        lines += _of_units(paid, now, then)
    for part, paid in _journeys(plan, spans, planned.norms):
        asked = (part, paid.unit_type, paid.persons)
        lines += _of_units(paid, in_force.journey(*asked, paid.month.first_day), planned.journey(*asked, first_day))
    lines += _of_sites(plan, spans, in_force, planned)
    lines += _fixed(plan, spans, in_force)
    return _together(lines)


def _unit_types(plan: Plan, norms: Norms) -> dict[str, tuple[UnitType, int]]:
    """Return the type and the persons of each class of the plan."""
    types = norms.unit_types()
    return {
        row["class_id"]: (types[row["unit_type"]], row["persons"])
        for row in plan.tables["classes"].iter_rows(named=True)
    }


def _months_paid(plan: Plan, spans: Mapping[str, NodeSpan], norms: Norms) -> Iterator[_Paid]:
    """Give each month of units at work, then those of units on their way home."""
    types = _unit_types(plan, norms)
    for row in plan.tables["deployments"].iter_rows(named=True):
        span, kind = spans[row["node_id"]], types[row["class_id"]]
        for month in span.months:
            yield _Paid(span, month, "units", row["site_id"], *kind, row["units"])
    stops = plan.tables["movements"].filter(plan.tables["movements"]["deed"] == "stop")
    by_node = defaultdict(list)
    for row in stops.iter_rows(named=True):
        by_node[row["node_id"]].append(row)
    lag = int(norms.number("exit_lag_months", plan.mission.setting.first_month.first_day))
    for span in spans.values():
        for stopped_in in span.path:
            out = spans[stopped_in].months[0] + lag
            for row in by_node[stopped_in]:
                for month in span.months:
                    if month < out:
                        yield _Paid(span, month, "leaving", row["site_id"], *types[row["class_id"]], row["units"])


def _journeys(plan: Plan, spans: Mapping[str, NodeSpan], norms: Norms) -> Iterator[tuple[str, _Paid]]:
    types = _unit_types(plan, norms)
    for row in plan.tables["movements"].iter_rows(named=True):
        part, span = JOURNEY_OF_DEED.get(row["deed"]), spans[row["node_id"]]
        if part is not None:
            paid = _Paid(span, span.months[0], "transport", row["site_id"], *types[row["class_id"]], row["units"])
            yield part, paid


def _of_units(paid: _Paid, now: tuple[Price, ...], then: tuple[Price, ...]) -> Iterator[CostLine]:
    """Make a line for each part that costs something now, or cost something in the plan."""
    prices = {price.part: price for price in (*then, *now)}
    amounts, planned = ({price.part: price.usd for price in found} for found in (now, then))
    component = paid.unit_type.component
    for part, price in prices.items():
        yield CostLine(
            month=paid.month,
            node_id=paid.node.node_id,
            probability=paid.node.probability,
            cash_part=paid.cash_part,
            site_id=paid.site_id,
            unit_type=paid.unit_type.unit_type,
            component=component,
            group=group_of(part, component),
            part=part,
            units=paid.units,
            persons=paid.units * paid.persons,
            norms=price.uses,
            status=worst_status(use.entry.status for use in price.uses),
            amount_usd=paid.units * amounts.get(part, Decimal(0)),
            planned_usd=paid.units * planned.get(part, Decimal(0)),
        )


def _of_sites(plan: Plan, spans: Mapping[str, NodeSpan], in_force: PriceBook, planned: PriceBook) -> Iterator[CostLine]:
    ours = {site.site_id: site for site in plan.mission.sites if site.kind != "partner_hospital"}
    first_day = plan.mission.setting.first_month.first_day
    for row in plan.tables["sites"].iter_rows(named=True):
        site, span = ours.get(row["site_id"]), spans[row["node_id"]]
        if site is None:
            continue
        deeds = (("site_opening", row["opens"]), ("site_closing", row["closes"]))
        paid = [("site_running", month) for month in span.months if row["open"]]
        paid += [(part, span.months[0]) for part, done in deeds if done]
        for part, month in paid:
            now, then = in_force.site(part, site, month.first_day), planned.site(part, site, first_day)
            yield from _whole(span, month, "sites", site.site_id, part, now, then)


def _fixed(plan: Plan, spans: Mapping[str, NodeSpan], in_force: PriceBook) -> Iterator[CostLine]:
    """Sort the fixed cost of the mission into civilians and the rest; it is a figure of the mission, not a norm."""
    setting = plan.mission.setting
    whole = cents(setting.fixed_cost_usd_per_month)
    for span in spans.values():
        for month in span.months:
            use = in_force.use("fixed_cost_civilian_share", month.first_day)
            civilian = cents(whole * Decimal(str(use.entry.value)))
            status = worst_status((setting.fixed_cost_status, use.entry.status))
            for part, usd in (("fixed_civilian", civilian), ("fixed_operational", whole - civilian)):
                price = (Price(part, usd, (use,)),)
                for line in _whole(span, month, "fixed", "", part, price, price):
                    yield replace(line, status=status)


def _whole(
    span: NodeSpan, month: Month, cash_part: str, site_id: str, part: str, now: tuple[Price, ...],
    then: tuple[Price, ...],
) -> Iterator[CostLine]:  # fmt: skip
    """Make the line of something that is not paid for units; none where it costs nothing."""
    uses = (now or then)[0].uses if now or then else ()
    if now or then:
        yield CostLine(
            month=month,
            node_id=span.node_id,
            probability=span.probability,
            cash_part=cash_part,
            site_id=site_id,
            unit_type="",
            component="",
            group=CIVILIAN if part == "fixed_civilian" else OPERATIONAL,
            part=part,
            units=0,
            persons=0,
            norms=uses,
            status=worst_status(use.entry.status for use in uses),
            amount_usd=sum((price.usd for price in now), Decimal(0)),
            planned_usd=sum((price.usd for price in then), Decimal(0)),
        )


def _together(lines: list[CostLine]) -> list[CostLine]:
    """Add up lines that differ only in the class of their units, and round to the cent once."""
    found: dict[tuple[object, ...], CostLine] = {}
    for line in lines:
        key = (line.node_id, line.month, line.cash_part, line.site_id, line.unit_type, line.part)
        before = found.get(key)
        if before is not None:
            line = replace(
                line,
                units=before.units + line.units,
                persons=before.persons + line.persons,
                amount_usd=before.amount_usd + line.amount_usd,
                planned_usd=before.planned_usd + line.planned_usd,
            )
        found[key] = line
    return [
        replace(line, amount_usd=cents(line.amount_usd), planned_usd=cents(line.planned_usd)) for line in found.values()
    ]
