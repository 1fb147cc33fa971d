"""Restrictions: what may not be used protects no one and costs what it costs; worked by hand, then as laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InfeasibleMissionError
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import Drawn, missions
from tests.planning.small import (
    area,
    cell,
    column,
    condition,
    covering,
    deeds,
    hospital,
    monthly,
    node,
    pledge,
    reached,
    restriction,
    site,
    task,
    unit,
    units_at,
)

SLACK = 1e-5
NOW_THEN = (
    node("now", "", 0, 1),
    node("calm", "now", 1, 1, 0.5),
    node("hard", "now", 1, 1, 0.5, conditions=("worse",)),
)


def two_bases(*restrictions, months: int = 3, units=None, **more) -> small.Mission:
    """Bases A and B cover one area each; harm at a is twice that at b; one company stands at A."""
    areas = [area("a", 2.0), area("b", 1.0)]
    given = {"nodes": monthly(months), "months": months, **more}
    return small.mission(
        areas=areas, sites=given.pop("sites", [site("A", may_close=True), site("B", may_close=True), hospital()]),
        units=[unit("u", "A", may_leave=False)] if units is None else units,
        routes=covering({"A": ["a"], "B": ["b"]}, areas), restrictions=restrictions, **given,
    )  # fmt: skip


def test_units_of_a_lost_site_go_elsewhere_while_it_is_lost_and_come_back_for_a_price():
    made = small.plan(two_bases(restriction("site_lost", "A", after=1, until=1)), {"site_open_usd.company_base": "7"})
    assert units_at(made) == {"m0": {"A": 1}, "m1": {"B": 1}, "m2": {"A": 1}}
    assert column(made, "sites", "open", site_id="A") == [True, False, True]
    assert reached(made) == pytest.approx((2 + 1 + 2) / 9)
    assert cell(made, "cash", "sites_usd", node_id="m2") == pytest.approx(7)


def test_headquarters_that_may_not_close_close_when_they_are_lost_in_the_first_month():
    sites = [site("A", "mission_headquarters"), site("B"), hospital()]
    given = two_bases(restriction("site_lost", "A"), sites=sites)
    made = small.plan(given, {"site_close_usd.mission_headquarters": "5"})
    assert units_at(made) == {"m0": {"B": 1}, "m1": {"B": 1}, "m2": {"B": 1}}
    assert column(made, "sites", "open", site_id="A") == [False] * 3
    assert cell(made, "cash", "sites_usd", node_id="m0") == pytest.approx(5)


def test_a_base_that_may_not_close_need_not_open_again_after_its_loss():
    sites = [site("A", "mission_headquarters"), site("B"), hospital()]
    given = two_bases(restriction("site_lost", "A", until=0), sites=sites, units=[unit("u", "B", may_move=False)])
    made = small.plan(given, {"site_run_usd_per_month.mission_headquarters": "50"})
    assert column(made, "sites", "open", site_id="A") == [False] * 3


def test_units_that_may_not_move_leave_a_lost_site_and_no_other():
    areas = [area("a", 2.0), area("b", 1.0), area("c", 9.0)]
    given = small.mission(
        areas=areas, sites=[site("A"), site("B"), site("C"), hospital()],
        units=[unit("u", "A", may_move=False, may_leave=False), unit("v", "B", may_move=False, may_leave=False)],
        routes=covering({"A": ["a"], "B": ["b"], "C": ["c"]}, areas), nodes=monthly(2), months=2,
        restrictions=(restriction("site_lost", "A", after=1),),
    )  # fmt: skip
    made = small.plan(given)
    assert units_at(made) == {"m0": {"A": 1, "B": 1}, "m1": {"B": 1, "C": 1}}


def test_one_that_may_not_move_but_may_leave_goes_home_while_the_lost_sites_unit_moves():
    """The class is one: of two units one stops, and the one whose site is lost may move."""
    areas = [area("a", 2.0), area("b", 1.0), area("c", 9.0)]
    given = small.mission(
        areas=areas, sites=[site("A"), site("B"), site("C"), hospital()],
        units=[unit("u", "A", may_move=False), unit("v", "B", may_move=False)],
        routes=covering({"A": ["a"], "B": ["b"], "C": ["c"]}, areas), nodes=monthly(2), months=2,
        restrictions=(restriction("site_lost", "B", after=1),),
        ceilings=[small.ceiling(200), small.ceiling(100, after=1)],
    )  # fmt: skip
    made = small.plan(given)
    assert units_at(made)["m1"] == {"C": 1}
    assert deeds(made, "stop") == deeds(made, "move_in") == {"m1": 1}


def test_a_unit_on_its_way_to_a_lost_site_lands_elsewhere():
    coming = unit("u", "A", arrives=small.FIRST + 1, may_move=False)
    made = small.plan(two_bases(restriction("site_lost", "A"), units=[coming]))
    assert units_at(made) == {"m0": {}, "m1": {"B": 1}, "m2": {"B": 1}}
    assert deeds(made, "move_in") == {}


def test_a_site_lost_without_a_bed_elsewhere_is_told_as_a_conflict():
    given = two_bases(
        restriction("site_lost", "A", after=1), sites=[site("A", may_close=True), site("B", capacity_persons=99)]
    )
    with pytest.raises(InfeasibleMissionError) as caught:
        small.plan(given)
    assert any("A is lost: it cannot be open in 2020-02 to 2020-03" in text for text in caught.value.conflict)


def test_an_area_without_consent_is_not_protected_and_its_zone_still_is():
    areas = [area("a", 2.0), area("b", 1.0)]
    given = two_bases(restriction("no_consent", "a", after=1, until=1))
    made = small.plan(given, {"move_days": 0})
    assert column(made, "protection", "protected_share", area_id="a") == [1.0, 0.0, 1.0]
    assert units_at(made)["m1"] == {"B": 1}
    assert len(areas) == 2


def effort(*restrictions, **more) -> small.Mission:
    asked = task("escort", "humanitarian_escort", 1, demand_hours_per_zone_month=100.0)
    areas = [area("a"), area("b", zone="y")]
    return small.mission(
        areas=areas, sites=[site("A"), hospital()], units=[unit("u", "A")], tasks=[asked], nodes=monthly(2), months=2,
        routes=covering({"A": ["a", "b"]}, areas), restrictions=restrictions, **more,
    )  # fmt: skip


def test_no_effort_is_given_in_a_zone_without_consent_and_the_demand_stays():
    made = small.plan(effort(restriction("no_consent", "y", after=1)))
    assert column(made, "effort", "unmet_hours", zone="y") == [0.0, 100.0]
    assert column(made, "effort", "unmet_hours", zone="z") == [0.0, 0.0]
    assert column(made, "protection", "presence", area_id="b") == [1.0, 0.0]


def test_an_area_without_consent_leaves_the_effort_in_its_zone():
    made = small.plan(effort(restriction("no_consent", "b")))
    assert column(made, "effort", "unmet_hours", zone="y") == [0.0, 0.0]
    assert column(made, "protection", "presence", area_id="b") == [0.0, 0.0]


def test_grounded_units_give_neither_presence_nor_hours():
    made = small.plan(effort(restriction("grounded", "infantry_company", until=0)))
    assert column(made, "effort", "unmet_hours", zone="z") == [100.0, 0.0]
    assert column(made, "protection", "presence", area_id="a") == [0.0, 1.0]


def test_grounded_aircraft_lift_no_casualties():
    """The clinic lies two hours by road, minutes by air."""
    flown = {"enhanced_care_hours": 1, "surgery_hours": 2, "evacuation_launch_hours": 0.1, "patrol_radius_km": 0}
    places = [site("A"), site("clinic", "partner_hospital", hospital_level=2, place=(14.0, 25.0))]
    units = [unit("u", "A"), unit("h", "A", kind="utility_helicopter_unit")]
    for what in ("air", "utility_helicopter_unit"):
        given = small.mission(
            areas=[area("a")], sites=places, units=units, nodes=monthly(2), months=2,
            restrictions=(restriction("grounded", what, after=1),),
        )  # fmt: skip
        assert column(small.plan(given, flown), "care", "surgery_covered", site_id="A") == [1.0, 0.0]


def test_a_partners_hospital_that_is_lost_takes_no_casualties():
    given = two_bases(restriction("site_lost", "clinic", after=1, until=1), units=[unit("u", "A")])
    assert column(small.plan(given), "care", "surgery_covered", site_id="A")[1] == 0.0


def test_a_restriction_on_a_condition_holds_only_where_it_does():
    given = two_bases(
        restriction("no_consent", "a", when="worse"), nodes=NOW_THEN, months=2, conditions=[condition("worse")]
    )
    made = small.plan(given)
    assert units_at(made) == {"now": {"A": 1}, "calm": {"A": 1}, "hard": {"B": 1}}


def test_nodes_are_cut_where_a_restriction_begins_and_ends():
    given = two_bases(restriction("grounded", "air", after=1, until=3), nodes=(), months=6)
    assert small.plan(given).tables["nodes"]["month"].to_list() == ["2020-01", "2020-02", "2020-05"]


RESTRICTIONS = st.sampled_from(
    [
        lambda j, a, t: restriction("site_lost", f"s{j}", after=t),
        lambda j, a, t: restriction("no_consent", f"a{a}", after=t, until=t + 1),
        lambda j, a, t: restriction("no_consent", "n", after=t),
        lambda j, a, t: restriction("grounded", "infantry_company", after=t, until=t),
        lambda j, a, t: restriction("grounded", "air"),
    ]
)


@st.composite
def restricted(draw: st.DrawFn) -> tuple[Drawn, small.Mission]:
    """A mission whose sites may close, with a place to go to, and the same mission with one restriction more.

    Both have one calendar: where nodes are not given, a restriction cuts it finer, and finer plans may be better.
    """
    mission, changes = draw(missions())
    mission = small.replace(mission, nodes=mission.nodes or monthly(mission.setting.months))
    refuge = site("refuge", may_close=True, capacity_persons=1000, opens_from=small.FIRST)
    sites = (*(small.replace(one, may_close=True) for one in mission.sites), refuge)
    mission = small.replace(mission, sites=sites)
    bases = [one.site_id for one in sites if one.site_id.startswith("s")]
    row = draw(RESTRICTIONS)(
        draw(st.integers(0, len(bases) - 1)), draw(st.integers(0, len(mission.areas) - 1)), draw(st.integers(0, 3))
    )
    return (mission, changes), small.replace(mission, restrictions=(row,))


@examples(4, 500)
@given(restricted())
def test_a_restriction_never_helps_and_taking_it_away_restores_the_value(drawn):
    (mission, changes), tight = drawn
    free = small.plan(mission, changes)
    hard = small.plan(tight, changes)
    assert reached(hard) <= reached(free) + SLACK
    back = small.plan(small.replace(tight, restrictions=()), changes)
    assert [t.objective for t in back.tiers] == [t.objective for t in free.tiers]


@examples(5, 300)
@given(missions())
def test_a_restriction_whose_condition_never_holds_changes_nothing(drawn):
    mission, changes = drawn
    never = (
        restriction("site_lost", "s0", when="never"),
        restriction("no_consent", "n", when="never"),
        restriction("grounded", "infantry_company", when="never"),
    )
    free, same = small.plan(mission, changes), small.plan(small.replace(mission, restrictions=never), changes)
    assert [t.objective for t in same.tiers] == pytest.approx([t.objective for t in free.tiers], abs=SLACK)


def test_pledged_units_that_may_not_move_flee_too():
    """What came by a pledge to a base that is lost later stands elsewhere after."""
    given = two_bases(
        restriction("site_lost", "A", after=1), units=[], pledges=(pledge("p", may_move=False),)
    )  # fmt: skip
    made = small.plan(given)
    assert units_at(made) == {"m0": {"A": 1}, "m1": {"B": 1}, "m2": {"B": 1}}
