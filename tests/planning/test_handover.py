"""Handover: what a named actor takes over is no longer asked of the mission; worked by hand, then as laws."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.handovers import Growth, with_handover_at
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import missions
from tests.planning.small import (
    area,
    cell,
    column,
    condition,
    covering,
    floor,
    handover,
    hospital,
    monthly,
    node,
    reached,
    site,
    task,
    unit,
    units_at,
)

SLACK = 1e-5
ESCORT: dict[str, Any] = {"kind": "humanitarian_escort", "demand_hours_per_zone_month": 100.0}


def asked(*handovers, months: int = 4, **more) -> small.Mission:
    """Areas in two zones, one base for each; one company; presence and escorts are asked."""
    areas = [area("a", 2.0), area("b", 1.0, zone="y")]
    given = {
        "nodes": monthly(months),
        "months": months,
        "tasks": [task(), task("escort", priority=2, **ESCORT)],
        **more,
    }
    return small.mission(
        areas=areas, sites=[site("A"), site("B", zone="y"), hospital()], units=[unit("u", "A")],
        routes=covering({"A": ["a"], "B": ["b"]}, areas), handovers=handovers, **given,
    )  # fmt: skip


def test_hours_asked_fall_along_a_straight_line_and_stay():
    made = small.plan(asked(handover(0.6, "escort", after=1, months=2, start=0.2)))
    assert column(made, "effort", "demand_hours", zone="z") == pytest.approx([100, 80, 60, 40])


def test_a_node_takes_the_mean_over_its_months():
    nodes = (node("first", "", 0, 3), node("rest", "first", 3, 1))
    made = small.plan(asked(handover(0.6, "escort", months=2), nodes=nodes))
    assert column(made, "effort", "demand_hours", zone="z") == pytest.approx([300 * (1 - 0.3), 40])


def test_a_handover_in_one_zone_leaves_the_others():
    made = small.plan(asked(handover(0.5, "escort", zones=("y",))))
    assert column(made, "effort", "demand_hours", zone="z") == [100] * 4
    assert column(made, "effort", "demand_hours", zone="y") == [50] * 4


def test_a_task_that_is_taken_over_whole_is_no_longer_asked():
    made = small.plan(asked(handover(1.0, "escort"), tasks=[task("escort", **ESCORT)]))
    assert made.tables["effort"].is_empty()
    assert reached(made) == 1.0
    assert made.tables["shortfalls"].filter(kind="effort").is_empty()


def test_units_protect_where_nobody_has_taken_over():
    given = asked(tasks=[task()])
    assert units_at(small.plan(given))["m0"] == {"A": 1}
    police = asked(handover(1.0, zones=("z",), after=2), tasks=[task()])
    made = small.plan(police)
    assert units_at(made) == {"m0": {"A": 1}, "m1": {"A": 1}, "m2": {"B": 1}, "m3": {"B": 1}}
    # Harm asked: 3 in each of two months, then 1; all of it but that at b in the first two is answered.
    assert reached(made) == pytest.approx((2 + 2 + 1 + 1) / (3 + 3 + 1 + 1))
    assert cell(made, "protection", "fatalities", node_id="m3", area_id="a") == 2.0
    unmet = made.tables["shortfalls"].filter(kind="protection")
    assert unmet["where"].to_list() == ["b", "b"]


def test_a_floor_asks_the_mission_for_what_the_actor_does_not_hold():
    """Half held by the police leaves 0.6 to 1 - (1 - 0.5)(1 - g) = 0.6, so g = 0.2; two actors act as chances."""
    made = small.plan(asked(handover(0.5, after=1), floors=[floor(0.6)]))
    assert column(made, "protection", "floor_share", area_id="a") == pytest.approx([0.6, 0.2, 0.2, 0.2])
    two = asked(handover(0.5), handover(0.1, handover_id="i"), floors=[floor(0.6)])
    assert cell(small.plan(two), "protection", "floor_share", node_id="m0", area_id="a") == pytest.approx(0.05 / 0.45)
    held = small.plan(asked(handover(0.6), floors=[floor(0.6)]))
    assert "floors" not in [tier.name for tier in held.tiers]


def test_two_actors_take_no_more_hours_than_there_are():
    made = small.plan(asked(handover(0.7, "escort"), handover(0.6, "escort", handover_id="i", after=1)))
    assert column(made, "effort", "demand_hours", zone="z") == pytest.approx([30.0])


def test_a_handover_on_a_condition_holds_only_where_it_does():
    nodes = (node("now", "", 0, 1), node("yes", "now", 1, 1, 0.5, conditions=("ready",)), node("no", "now", 1, 1, 0.5))
    given = asked(handover(0.5, "escort", when="ready"), nodes=nodes, months=2, conditions=[condition("ready")])
    assert dict(small.plan(given).tables["effort"].filter(zone="z").select("node_id", "demand_hours").iter_rows()) == {
        "now": 100,
        "no": 100,
        "yes": 50,
    }


def test_nodes_are_cut_where_a_handover_begins_and_is_full():
    made = small.plan(asked(handover(0.5, after=1, months=3), nodes=(), months=6))
    assert made.tables["nodes"]["month"].to_list() == ["2020-01", "2020-02", "2020-05"]


def test_a_handover_can_be_taken_at_either_end_of_its_range():
    given = asked(small.replace(handover(0.5, "escort", start=0.4), share_low=0.3, share_high=0.9))
    ends: tuple[tuple[Growth, float], ...] = (("low", 0.3), ("full", 0.5), ("high", 0.9))
    for growth, share in ends:
        (found,) = with_handover_at(given, growth).mandate.handover
        assert (found.share_low, found.share_full, found.share_high) == (share,) * 3
        assert found.share_start == min(0.4, share)
    with pytest.raises(InvalidRecordError, match="Nearest: 'high'"):
        with_handover_at(given, "hihg")  # type: ignore[arg-type]
    assert with_handover_at(asked(), "low") == asked()


@st.composite
def handovers(draw: st.DrawFn, *tasks: str, share: float | None = None) -> small.Handover:
    full = draw(st.sampled_from([0.25, 0.5, 1.0])) if share is None else share
    return handover(
        full, *tasks, after=draw(st.integers(0, 3)), months=draw(st.integers(0, 3)), start=min(full, 0.2),
        zones=draw(st.sampled_from([(), ("n",)])),
    )  # fmt: skip


@examples(6, 300)
@given(missions(), handovers("protect", "escort", share=0.0))
def test_a_handover_of_nothing_changes_nothing(drawn, row):
    mission, changes = drawn
    empty = small.replace(row, when="") if row.share_start == 0 else row
    nodes = small.plan(mission, changes).tables["nodes"]
    free, same = (small.plan(one, changes) for one in (mission, with_mandate(mission, empty)))
    if len(same.tables["nodes"]) == len(nodes):
        assert [t.objective for t in same.tiers] == pytest.approx([t.objective for t in free.tiers], abs=SLACK)


@examples(6, 300)
@given(missions(), handovers("protect", "escort"))
def test_a_handover_whose_condition_never_holds_changes_nothing(drawn, row):
    mission, changes = drawn
    free, same = (
        small.plan(one, changes) for one in (mission, with_mandate(mission, small.replace(row, when="never")))
    )
    if len(same.tables["nodes"]) == len(free.tables["nodes"]):
        assert [t.objective for t in same.tiers] == pytest.approx([t.objective for t in free.tiers], abs=SLACK)


@examples(6, 300)
@given(missions(), st.sampled_from(["protect", "escort"]))
def test_what_is_handed_over_whole_is_no_longer_asked(drawn, task_id):
    mission, changes = drawn
    made = small.plan(with_mandate(mission, handover(1.0, task_id)), changes)
    kind = "protection" if task_id == "protect" else "effort"
    assert made.tables["shortfalls"].filter(kind=kind).is_empty()
    (alone,) = (task for task in mission.mandate.task if task.task_id == task_id)
    only = small.replace(mission, mandate=small.replace(mission.mandate, task=(small.replace(alone, priority=1),)))
    assert reached(small.plan(with_mandate(only, handover(1.0, task_id)), changes)) == pytest.approx(1.0)


def with_mandate(mission: small.Mission, *rows: small.Handover) -> small.Mission:
    return small.replace(mission, mandate=small.replace(mission.mandate, handover=rows))
