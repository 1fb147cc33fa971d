"""Action takes time: orders, arrivals, moves, notice and the way out, with answers worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from bluehelm.errors import InfeasibleMissionError
from tests.planning import small
from tests.planning.small import FIRST, area, ceiling, cell, column, covering, deeds, hospital, monthly, pledge, site
from tests.planning.small import unit as unit_of

HALF = {"protection_q": 0.5}
AREAS = [area("a")]


def mission(units, *, months: int = 6, sites=("s",), reaching=("s",), by_month: bool = True, **more) -> small.Mission:
    """Bases of which some reach the one area; nodes of a month each."""
    more.setdefault("nodes", monthly(months) if by_month else ())
    return small.mission(
        areas=AREAS, sites=[*(site(name) if isinstance(name, str) else name for name in sites), hospital()],
        units=units, months=months,
        routes=covering({name if isinstance(name, str) else name.site_id: ["a"] if i < len(reaching) else []
                         for i, name in enumerate(sites)}, AREAS),
        **more,
    )  # fmt: skip


def standing(made: small.Plan) -> list[int]:
    """Count the units of all classes at work in each node."""
    count = dict.fromkeys(column(made, "nodes", "node_id"), 0)
    for name, units in made.tables["deployments"].select("node_id", "units").iter_rows():
        count[name] += units
    return list(count.values())


def test_a_unit_told_to_leave_costs_and_counts_until_it_is_out():
    """From month 4 on at most 100: with two months to get out it stops in month 3, and is told one notice before."""
    made = small.plan(
        mission([unit_of("u", "s"), unit_of("v", "s")], ceilings=[ceiling(100, after=4)]),
        {**HALF, "exit_notice_months": 1, "exit_lag_months": 2},
    )
    assert standing(made) == [2, 2, 2, 1, 1, 1]
    assert deeds(made, "exit_order") == {"m2": 1}
    assert deeds(made, "stop") == {"m3": 1}
    assert column(made, "ceilings", "persons", component="military") == [200, 200, 200, 200, 100, 100]
    assert column(made, "cash", "units_usd") == pytest.approx([200, 200, 200, 100, 100, 100])
    assert column(made, "cash", "leaving_usd") == pytest.approx([0, 0, 0, 100, 100, 0])


def test_without_nodes_of_its_own_a_mission_is_cut_so_that_units_can_leave_at_the_last_moment():
    made = small.plan(
        mission([unit_of("u", "s"), unit_of("v", "s")], ceilings=[ceiling(100, after=4)], by_month=False),
        {**HALF, "exit_notice_months": 1, "exit_lag_months": 2},
    )
    assert column(made, "nodes", "month") == ["2020-01", "2020-02", "2020-04", "2020-06"]
    assert standing(made) == [2, 2, 1, 1]
    assert column(made, "cash", "leaving_usd") == pytest.approx([0, 0, 200, 0])


def test_a_ceiling_that_nobody_can_leave_in_time_for_has_no_plan():
    late = mission([unit_of("u", "s"), unit_of("v", "s")], ceilings=[ceiling(100, after=1)])
    with pytest.raises(InfeasibleMissionError):
        small.plan(late, {"exit_notice_months": 1, "exit_lag_months": 2})


def test_who_may_not_leave_stays_although_it_costs():
    idle = mission([unit_of("u", "t", may_leave=False), unit_of("v", "t")], sites=("s", "t"), reaching=())
    made = small.plan(idle)
    assert standing(made) == [1] * 6


def test_a_pledge_arrives_one_lead_time_after_it_is_ordered_and_costs_from_then():
    made = small.plan(
        mission([], pledges=(pledge("p"),)),
        {**HALF, "lead_months.rapid": 2, "deployment_usd_per_person": "7"},
    )
    assert deeds(made, "order") == {"m0": 1}
    assert deeds(made, "arrive") == {"m2": 1}
    assert standing(made) == [0, 0, 1, 1, 1, 1]
    assert column(made, "cash", "transport_usd") == pytest.approx([0, 0, 700, 0, 0, 0])
    assert column(made, "cash", "units_usd") == pytest.approx([0, 0, 100, 100, 100, 100])
    assert column(made, "protection", "protected_share") == [0, 0, 0.5, 0.5, 0.5, 0.5]


def test_a_pledge_is_ordered_only_once_it_is_available():
    made = small.plan(mission([], pledges=(pledge("p", available_from=FIRST + 2),)), {"lead_months.rapid": 2})
    assert deeds(made, "order") == {"m2": 1} and deeds(made, "arrive") == {"m4": 1}


@pytest.mark.parametrize(("expires", "comes"), [(date(2020, 3, 31), 1), (date(2020, 2, 29), 0)])
def test_a_pledge_that_would_come_too_late_is_not_ordered(expires, comes):
    made = small.plan(mission([], pledges=(pledge("p", expires_on=expires),)), {"lead_months.rapid": 2})
    assert sum(deeds(made, "order").values()) == comes
    assert standing(made)[-1] == comes


def test_a_pledge_that_serves_nothing_is_not_called():
    made = small.plan(mission([], reaching=(), pledges=(pledge("p"),)))
    assert deeds(made, "order") == {}


def test_no_more_are_called_than_were_pledged_and_a_unit_sent_home_does_not_come_back():
    """There is room for one company only in the middle: the one in place leaves and the pledged one comes later."""
    limits = [ceiling(100), ceiling(0, after=2), ceiling(100, after=4)]
    made = small.plan(mission([unit_of("u", "s")], ceilings=limits, pledges=(pledge("p"),)))
    assert standing(made) == [1, 1, 0, 0, 1, 1]
    assert deeds(made, "stop") == {"m2": 1} and deeds(made, "arrive") == {"m4": 1}
    # Without the pledge nobody comes back.
    assert standing(small.plan(mission([unit_of("u", "s")], ceilings=limits))) == [1, 1, 0, 0, 0, 0]


def test_a_unit_on_its_way_arrives_in_its_month():
    made = small.plan(mission([unit_of("u", "s", arrives=FIRST + 3)]))
    assert standing(made) == [0, 0, 0, 1, 1, 1]


def test_a_move_takes_a_unit_from_one_base_to_another_and_costs_its_price():
    made = small.plan(mission([unit_of("u", "t")], sites=("s", "t"), months=2), {"move_usd_per_person": "3"})
    assert small.units_at(made) == {"m0": {"s": 1}, "m1": {"s": 1}}
    assert deeds(made, "move_in") == {"m0": 1} == deeds(made, "move_out")
    assert column(made, "cash", "transport_usd") == pytest.approx([300, 0])


def test_who_may_not_move_stays_where_it_is():
    made = small.plan(mission([unit_of("u", "t", may_move=False, may_leave=False)], sites=("s", "t")))
    assert small.units_at(made)["m5"] == {"t": 1}
    assert small.reached(made) == pytest.approx(0, abs=1e-6)


def test_a_caveat_keeps_a_unit_out_of_a_zone():
    far = site("s", zone="far")
    units = [unit_of("u", "t", only_zones=("z",), may_leave=False), unit_of("v", "t", may_leave=False)]
    made = small.plan(mission(units, sites=(far, "t"), months=1), HALF)
    assert column(made, "deployments", "site_id", class_id="infantry_company.1") == ["t"]
    assert column(made, "deployments", "site_id", class_id="infantry_company.2") == ["s"]


def test_aircraft_are_based_only_where_there_is_an_airfield():
    sites = (site("s", airfield=False), "t")
    given = mission([unit_of("u", "t", kind="utility_helicopter_unit", may_leave=False)], sites=sites, months=1)
    made = small.plan(given, {"air_speed_km_per_hour": 1})
    assert column(made, "deployments", "site_id") == ["t"]


def test_units_of_a_type_that_differ_in_strength_or_caveats_are_classes_of_their_own():
    units = [
        unit_of("u", "s"), unit_of("v", "s"), unit_of("w", "s", persons=50), unit_of("x", "s", not_tasks=("rule",)),
        unit_of("y", "s", may_move=False), unit_of("z", "s", contributor="Elsewhere"),
    ]  # fmt: skip
    made = small.plan(mission(units, months=1))
    classes = made.tables["classes"].select("class_id", "units_at_start").rows()
    assert classes == [(f"infantry_company.{i + 1}", count) for i, count in enumerate((3, 1, 1, 1))]


def test_a_ceiling_counts_only_its_own_component():
    units = [unit_of("u", "s"), unit_of("p", "s", kind="formed_police_unit", persons=140)]
    made = small.plan(mission(units, months=1, ceilings=[ceiling(100), ceiling(140, component="police")]))
    assert cell(made, "ceilings", "persons", component="military") <= 100
    assert column(made, "ceilings", "ceiling_persons")[:2] == [100, 140]


def test_a_unit_that_arrives_before_the_first_month_is_taken_to_be_in_place():
    made = small.plan(mission([unit_of("u", "s", arrives=FIRST + -1)], months=2))
    assert standing(made) == [1, 1]


def test_what_is_decided_within_one_lag_of_the_end_is_indicative():
    made = small.plan(mission([unit_of("u", "s")], pledges=(pledge("p"),)), {"lead_months.rapid": 2})
    assert column(made, "nodes", "indicative") == [False] * 5 + [True]
