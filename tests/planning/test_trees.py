"""Several futures: who knows what when, with answers worked out by hand, and the laws that every tree obeys."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given

from bluehelm.mission.mandate import Condition
from bluehelm.planning.timeline import timeline_of
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import CHAIN, missions
from tests.planning.small import (
    FIRST,
    area,
    ceiling,
    column,
    covering,
    deeds,
    hospital,
    node,
    pledge,
    reached,
    site,
    unit,
)

# A month in which nobody knows, then harm or calm.
TWO_FUTURES = (
    node("now", "", 0, 1, risk_scale=0.0),
    node("calm", "now", 1, 1, 0.75, risk_scale=0.0, conditions=("peace",)),
    node("harm", "now", 1, 1, 0.25, risk_scale=4.0),
)


def one_pledge(**more) -> small.Mission:
    areas = [area("a")]
    return small.mission(
        areas=areas, sites=[site("s"), hospital()], units=[], pledges=(pledge("p"),), months=2, nodes=TWO_FUTURES,
        routes=covering({"s": ["a"]}, areas), **more,
    )  # fmt: skip


def test_an_order_that_takes_time_is_given_before_the_future_is_known_and_lands_in_all():
    made = small.plan(one_pledge(), {"lead_months.rapid": 1})
    assert deeds(made, "order") == {"now": 1}
    assert deeds(made, "arrive") == {"calm": 1, "harm": 1}
    assert reached(made) == pytest.approx(1.0, abs=1e-6)
    # The price of not knowing: the unit is paid in the calm future too.
    assert reached(made, "cost") == pytest.approx((0.75 * 100 + 0.25 * 100) / 1e6)


def test_an_order_that_takes_no_time_waits_for_the_future():
    made = small.plan(one_pledge())
    assert deeds(made, "order") == deeds(made, "arrive") == {"harm": 1}
    assert reached(made, "cost") == pytest.approx(0.25 * 100 / 1e6)


def test_what_one_future_forbids_cannot_be_ordered_for_the_other():
    peace = Condition(condition_id="peace", text="peace holds", **small.KNOWN)
    given = one_pledge(conditions=[peace], ceilings=[ceiling(0, after=1, when="peace")])
    assert reached(small.plan(given, {"lead_months.rapid": 1})) == pytest.approx(0, abs=1e-6)
    assert reached(small.plan(given)) == pytest.approx(1, abs=1e-6)


# In the second month harm strikes one of two places.
A_OR_B = (node("now", "", 0, 1), node("at_a", "now", 1, 1, 0.6), node("at_b", "now", 1, 1, 0.4))


@pytest.mark.parametrize(("days", "protected"), [(0, 1.0), (31, 0.6)])
def test_a_unit_that_cannot_come_in_time_stands_where_harm_is_likelier(days, protected):
    areas = [area("a", 0.0), area("b", 0.0)]
    risk = pl.DataFrame(
        {
            "area_id": ["a", "b"], "month": ["2020-02", "2020-02"], "fatalities_per_month": [5.0, 5.0],
            "node_id": ["at_a", "at_b"], "source": ["hand"] * 2, "status": ["assumed"] * 2, "note": [""] * 2,
        }
    )  # fmt: skip
    given = small.mission(
        areas=areas, sites=[site("near_b"), site("near_a"), hospital()], units=[unit("u", "near_b", may_leave=False)],
        routes=covering({"near_a": ["a"], "near_b": ["b"]}, areas), months=2, nodes=A_OR_B, risk=risk,
    )  # fmt: skip
    made = small.plan(given, {"move_days": days})
    assert reached(made) == pytest.approx(protected, abs=1e-6)
    if days:
        assert small.units_at(made)["now"] == {"near_a": 1}


def test_pledges_are_counted_on_each_path_by_itself():
    """One pledge can be called in either future, since only one of them comes."""
    nodes = (node("now", "", 0, 1), node("x", "now", 1, 1, 0.5), node("y", "now", 1, 1, 0.5))
    given = small.replace(one_pledge(), nodes=nodes, pledges=(pledge("p", available_from=FIRST + 1),))
    made = small.plan(given)
    assert deeds(made, "order") == {"x": 1, "y": 1}
    assert sum(column(made, "protection", "protected_share")) == pytest.approx(2)


def without_nodes(mission: small.Mission) -> small.Mission:
    return small.replace(mission, nodes=())


def as_one_branch(mission: small.Mission, lags: tuple[float, ...], notice: float) -> small.Mission:
    """Return the mission with the nodes written out that the planner would lay down itself."""
    line = timeline_of(mission, lags=lags, notice=notice)
    nodes = tuple(
        small.Node(
            node_id=str(month), parent_id=str(line.first_month[n - 1]) if n else "", first_month=month,
            months=int(line.months[n]), probability=1.0, conditions=tuple(sorted(line.conditions[n])), **small.KNOWN,
        )
        for n, month in enumerate(line.first_month)
    )  # fmt: skip
    return small.replace(mission, nodes=nodes)


@examples(8, 500)
@given(missions(nodes=False))
def test_a_tree_with_one_branch_is_the_plan_without_a_tree(drawn):
    mission, changes = drawn
    lag, notice = (float(changes.get(key, 0)) for key in ("exit_lag_months", "exit_notice_months"))
    plain, branch = small.plan(mission, changes), small.plan(as_one_branch(mission, (lag,), notice), changes)
    for name, table in plain.tables.items():
        assert table.equals(branch.tables[name]), name
    assert plain.tiers == branch.tiers


def split(nodes: tuple[small.Node, ...], at: str, share: float) -> tuple[small.Node, ...]:
    """Split a node, and all that follows it, into two futures that are alike."""
    below = {at}
    for n in nodes:
        if n.parent_id in below:
            below.add(n.node_id)
    found = []
    for n in nodes:
        if n.node_id not in below:
            found.append(n)
            continue
        for copy, chance in (("'", share), ('"', 1 - share)):
            first = n.node_id == at
            found.append(
                small.replace(
                    n, node_id=n.node_id + copy, parent_id=n.parent_id if first else n.parent_id + copy,
                    probability=n.probability * (chance if first else 1.0),
                )
            )  # fmt: skip
    return tuple(found)


@examples(8, 300)
@given(missions())
def test_two_futures_that_are_alike_are_worth_one(drawn):
    mission, changes = drawn
    mission = small.replace(mission, nodes=CHAIN)
    one = small.plan(mission, changes)
    for at in ("n1", "n2"):
        two = small.plan(small.replace(mission, nodes=split(CHAIN, at, 0.3)), changes)
        found = [tier.objective for tier in two.tiers]
        assert found == pytest.approx([tier.objective for tier in one.tiers], rel=1e-5, abs=1e-5)


@examples(8, 300)
@given(missions())
def test_knowing_the_future_from_the_start_never_hurts(drawn):
    """The value of perfect information: plans for each future alone protect at least as much, in the mean."""
    mission, changes = drawn
    nodes = (
        node("n0", "", 0, 2),
        node("calm", "n0", 2, 3, 0.6, risk_scale=0.5),
        node("harm", "n0", 2, 3, 0.4, risk_scale=3.0),
    )  # fmt: skip
    mission = small.replace(mission, mandate=small.replace(mission.mandate, task=mission.mandate.task[:1], floor=()))
    tree = small.plan(small.replace(mission, nodes=nodes), changes)
    apart = 0.0
    for leaf in nodes[1:]:
        alone = small.replace(mission, nodes=(nodes[0], small.replace(leaf, probability=1.0)))
        apart += leaf.probability * protected_deaths(small.plan(alone, changes))
    assert apart >= protected_deaths(tree) - 1e-5


def protected_deaths(made: small.Plan) -> float:
    table = made.tables["protection"].join(made.tables["nodes"].select("node_id", "probability"), on="node_id")
    return float((table["probability"] * table["fatalities"] * table["protected_share"]).sum())
