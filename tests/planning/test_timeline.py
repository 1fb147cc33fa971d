"""Nodes in time: where a future is cut, where a lag lands, who is still in theatre, and what is in force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.mission.mandate import Condition
from bluehelm.planning.demand import demand_of
from bluehelm.planning.families.units import ancestry, months_leaving
from bluehelm.planning.gather import gather
from bluehelm.planning.timeline import Timeline, timeline_of
from tests.conftest import examples
from tests.planning import small
from tests.planning.small import FIRST, area, ceiling, floor, money, node, pledge, site, site_limit, task, unit


def mission(months: int, **more) -> small.Mission:
    given = {"areas": [area("a")], "sites": [site("s")], "units": [unit("u", "s")], **more}
    return small.mission(months=months, **given)


def starts(months: int, *, longest: int = 12, lags=(), notice: float = 0, **more) -> list[int]:
    line = timeline_of(mission(months, **more), longest_months=longest, lags=lags, notice=notice)
    assert (line.start + line.months == [*line.start[1:], months]).all()
    return line.start.tolist()


def test_without_a_change_a_future_is_one_node_no_longer_than_asked():
    assert starts(6) == [0]
    assert starts(6, longest=3) == [0, 3]
    assert starts(7, longest=3) == [0, 2, 5]
    assert starts(3, longest=1) == [0, 1, 2]


def test_a_ceiling_is_counted_at_the_end_of_a_node_and_units_can_stop_one_lag_before():
    """From month 5 on, counted on its last day: a node ends after it, and one begins 3 months before that."""
    assert starts(12, ceilings=[ceiling(100, after=5)], lags=(3,)) == [0, 3, 6]


def test_the_first_exit_can_take_effect_one_notice_after_the_start():
    assert starts(12, notice=1) == [0, 1]
    assert starts(12, notice=1.5) == [0, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"site_limits": [site_limit(1, after=4)]},
        {"conditions": [Condition(condition_id="c", text="c", holds_from=FIRST + 4, **small.KNOWN)]},
        {"tasks": [task(starts=FIRST + 4)]},
        {"tasks": [task(ends=FIRST + 3)]},
        {"floors": [floor(0.5, after=4)]},
        {"floors": [floor(0.5, taken_over_by="host", taken_over_from=FIRST + 4)]},
        {"budget": (money("appropriation", 1, after=4),)},
        {"sites": [site("s"), site("t", open_at_start=False, opens_from=FIRST + 4)]},
        {"units": [unit("u", "s"), unit("v", "s", arrives=FIRST + 4)]},
        {"pledges": (pledge("p", available_from=FIRST + 4),)},
        {"wet_months": (5, 6, 7, 8, 9, 10, 11, 12)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_node_begins_where_something_changes(change):
    assert starts(8, **change) == [0, 4]


def test_seasons_cut_at_both_ends():
    assert starts(12, wet_months=(4, 5, 6)) == [0, 3, 6]


def test_conditions_of_a_plan_with_one_future_hold_from_their_month():
    conditions = [
        Condition(condition_id="early", text="", holds_from=FIRST, **small.KNOWN),
        Condition(condition_id="late", text="", holds_from=FIRST + 2, **small.KNOWN),
        Condition(condition_id="never", text="", **small.KNOWN),
    ]
    line = timeline_of(mission(4, conditions=conditions))
    assert line.conditions == (frozenset({"early"}), frozenset({"early", "late"}))


TREE = (
    node("root", "", 0, 2),
    node("good", "root", 2, 3, 0.75, conditions=("peace",)),
    node("bad", "root", 2, 1, 0.25, risk_scale=3.0),
    node("worse", "bad", 3, 2, 1.0),
)


@pytest.fixture
def tree() -> Timeline:
    return timeline_of(mission(5, nodes=TREE))


def test_nodes_stand_in_time_order_with_their_chance_seen_from_today(tree):
    assert tree.node_ids == ("root", "bad", "good", "worse")
    assert tree.parent.tolist() == [-1, 0, 0, 1]
    assert tree.probability.tolist() == [1.0, 0.25, 0.75, 0.25]
    assert tree.end.tolist() == [2, 3, 5, 5]
    assert tree.leaf.tolist() == [False, False, True, True]
    assert tree.path(3) == [0, 1, 3]
    assert tree.conditions[2] == {"peace"}


@pytest.mark.parametrize(
    ("lag", "pairs"),
    [
        (0, {("root", "root"), ("bad", "bad"), ("good", "good"), ("worse", "worse")}),
        (1, {("root", "bad"), ("root", "good"), ("bad", "worse")}),
        (2, {("root", "bad"), ("root", "good")}),
        (2.5, {("root", "worse")}),
        (3, {("root", "worse")}),
        (4, set()),
    ],
)
def test_an_order_lands_in_the_first_node_that_begins_one_lag_later_on_every_path(tree, lag, pairs):
    ordered, lands = tree.landing(lag)
    names = np.array(tree.node_ids)
    assert set(zip(names[ordered].tolist(), names[lands].tolist(), strict=True)) == pairs


@examples(50, 2_000)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=8), st.floats(0, 8))
def test_on_a_chain_an_order_lands_once_or_not_at_all(lengths, lag):
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]]).tolist()
    nodes = tuple(
        node(f"n{i}", f"n{i - 1}" if i else "", begin, months)
        for i, (begin, months) in enumerate(zip(begins, lengths, strict=True))
    )
    line = timeline_of(mission(sum(lengths), nodes=nodes))
    ordered, lands = line.landing(lag)
    assert len(set(ordered.tolist())) == len(ordered)
    for m, begin in enumerate(begins):
        due = [n for n, other in enumerate(begins) if other >= begin + lag]
        assert lands[ordered == m].tolist() == due[:1]


def test_who_stopped_is_still_there_until_the_lag_is_over():
    """Nodes of 2, 1 and 3 months, a lag of 4 months: who stops at the start is there 2 + 1 + 1 months."""
    nodes = (node("a", "", 0, 2), node("b", "a", 2, 1), node("c", "b", 3, 3))
    data = gather(mission(6, nodes=nodes), small.norms({"exit_lag_months": 4}))
    later, stopped, months, counted = months_leaving(data)
    found = {(int(s), int(n)): (m, c) for n, s, m, c in zip(later, stopped, months, counted, strict=True)}
    assert found == {
        (0, 0): (2.0, 1.0), (0, 1): (1.0, 1.0), (0, 2): (1.0, 0.0),
        (1, 1): (1.0, 1.0), (1, 2): (3.0, 0.0),
        (2, 2): (3.0, 1.0),
    }  # fmt: skip


def test_without_a_lag_who_stops_is_out_at_once():
    data = gather(mission(2), small.norms())
    _, _, months, counted = months_leaving(data)
    assert months.tolist() == [0.0] and counted.tolist() == [0.0]


def test_every_node_follows_itself_and_its_path(tree):
    later, earlier = ancestry(tree)
    assert set(zip(later.tolist(), earlier.tolist(), strict=True)) == {
        (0, 0), (1, 1), (1, 0), (2, 2), (2, 0), (3, 3), (3, 1), (3, 0),
    }  # fmt: skip


def test_the_latest_ceiling_whose_condition_holds_is_in_force_at_the_end_of_a_node():
    ceilings = [ceiling(500), ceiling(300, after=2), ceiling(100, after=4, when="peace")]
    given = mission(5, nodes=TREE, ceilings=ceilings)
    line = timeline_of(given)
    found = demand_of(given, small.norms(), line, FIRST.first_day).ceilings
    # root ends in month 1; bad in 2; good and worse in 4, and only good has peace.
    assert found[0].tolist() == [500.0, 300.0, 100.0, 300.0]
    assert np.isinf(found[1:]).all()


def test_a_task_is_asked_in_its_months_and_where_its_condition_holds():
    tasks = [task("always"), task("part", starts=FIRST + 1, ends=FIRST + 3), task("later", when="peace")]
    given = mission(5, nodes=TREE, tasks=tasks)
    found = demand_of(given, small.norms(), timeline_of(given), FIRST.first_day).months_asked
    assert found.tolist() == [[2, 1, 3, 2], [1, 1, 2, 1], [0, 0, 3, 0]]


def test_harm_is_that_of_the_months_times_the_scale_of_the_future():
    given = mission(5, nodes=TREE, areas=[area("a", 2.0)])
    found = demand_of(given, small.norms({"beyond_horizon_months": 6}), timeline_of(given), FIRST.first_day)
    assert found.harm.tolist() == [[4.0, 6.0, 6.0, 4.0]]
    # At the two ends the months beyond the horizon are valued too: 1 + 6/3 and 1 + 6/2.
    assert found.weight.tolist() == [1.0, 0.25, 0.75 * 3, 0.25 * 4]


def test_rows_of_risk_replace_the_figure_of_an_area_in_every_node_or_in_one():
    import polars as pl

    rows = pl.DataFrame(
        {
            "area_id": ["a", "a"], "month": ["2020-01", "2020-03"], "fatalities_per_month": [10.0, 50.0],
            "node_id": ["", "bad"],
        }
    )  # fmt: skip
    given = mission(5, nodes=TREE, areas=[area("a", 2.0)], risk=rows)
    found = demand_of(given, small.norms(), timeline_of(given), FIRST.first_day)
    assert found.harm.tolist() == [[12.0, 150.0, 6.0, 4.0]]
