"""A plan's calendar cut where shocks are known, begin and end."""

from __future__ import annotations

from bluehelm.adaptation.calendar import calendar_of, cut, nodes_of, on_calendar
from bluehelm.norms import load_norms
from tests.adaptation.running import mission, month, plan_of, shock
from tests.planning import small

TREE = (
    small.node("now", "", 0, 3),
    small.node("calm", "now", 3, 3, 0.25),
    small.node("harm", "now", 3, 3, 0.75, conditions=("worse",)),
)


def told(nodes):
    return [(node.node_id, node.parent_id, str(node.first_month), node.months, node.probability) for node in nodes]


def test_a_node_is_cut_in_two_and_its_second_part_follows_the_first_for_sure():
    calendar = cut(TREE, [month(1), month(4)])
    assert told(calendar.nodes) == [
        ("now", "", "2020-01", 1, 1.0), ("now 2020-02", "now", "2020-02", 2, 1.0),
        ("calm", "now 2020-02", "2020-04", 1, 0.25), ("calm 2020-05", "calm", "2020-05", 2, 1.0),
        ("harm", "now 2020-02", "2020-04", 1, 0.75), ("harm 2020-05", "harm", "2020-05", 2, 1.0),
    ]  # fmt: skip
    assert calendar.part_of["harm 2020-05"] == "harm"
    assert [node.conditions for node in calendar.nodes[-2:]] == [("worse",), ("worse",)]


def test_a_month_in_which_a_node_begins_cuts_nothing():
    calendar = cut(TREE, [month(0), month(3)])
    assert calendar.nodes == TREE and not calendar.cut_nodes


def test_a_plan_without_nodes_of_its_own_gets_those_in_which_it_was_made():
    made = plan_of(mission(nodes=()))
    assert [node.node_id for node in nodes_of(made)] == made.tables["nodes"]["node_id"].to_list()
    calendar = calendar_of(made, [shock("funding_cut", 1, share=0.1)], load_norms(made.mission.amendments))
    assert [(node.node_id, node.months) for node in calendar.nodes] == [("2020-01", 1), ("2020-02", 2), ("2020-04", 3)]
    assert "calendar" in on_calendar(made.mission, made, calendar).sources


def test_a_shock_cuts_where_it_is_known_where_it_begins_and_after_it_ends():
    made = plan_of(mission(nodes=(small.node("all", "", 0, 6),)))
    norms = load_norms(made.mission.amendments)
    lost = shock("site_lost", 2, site_id="calm_base", known_from=1, until_month=3)
    assert [str(node.first_month) for node in calendar_of(made, [lost], norms).nodes] == [
        "2020-01", "2020-02", "2020-03", "2020-05",
    ]  # fmt: skip


def test_a_unit_that_came_within_a_node_is_not_taken_back_by_a_cut():
    units = [small.unit("one", "calm_base"), small.unit("two", "harmed_base", arrives=month(2))]
    made = plan_of(mission(nodes=(small.node("all", "", 0, 6),), units=units))
    calendar = calendar_of(made, [shock("funding_cut", 1, share=0.1)], load_norms(made.mission.amendments))
    assert on_calendar(made.mission, made, calendar).units[1].arrives == month(0)
