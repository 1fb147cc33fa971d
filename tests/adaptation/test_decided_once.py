"""A tree decided once and for all is one future: by hand, and against plans of the tree that may tell nothing apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.decided_once import decided_once
from bluehelm.adaptation.futures import risk_by_node
from bluehelm.errors import InfeasibleMissionError
from bluehelm.mission.information import NOTHING_LEARNED
from bluehelm.mission.mandate import Condition
from tests.conftest import examples
from tests.journey.two_towns import two_towns
from tests.planning import small
from tests.planning.missions import missions
from tests.planning.small import money, node, replace

SLACK = 1e-5


def received(scales):
    """Return the scales of receipts when 100 come in each month, nodes being (name, parent, start, months)."""
    shape = {"now": ("", 0, 1), "a": ("now", 1, 2), "b": ("now", 1, 2), "aa": ("a", 3, 1), "bb": ("b", 3, 1)}
    chance = {"a": 0.5, "b": 0.5}
    nodes = tuple(
        node(name, parent, start, months, chance.get(name, 1.0), receipts_scale=scales.get(name, 1.0))
        for name, (parent, start, months) in shape.items()
    )
    given = replace(two_towns(), nodes=nodes, risk=None, budget=(money("receipt", 100),))
    once = decided_once(replace(given, setting=replace(given.setting, months=4)))
    assert once is not None
    return [one.receipts_scale for one in once.nodes]


def test_harm_is_the_mean_of_the_nodes_of_a_month():
    once = decided_once(two_towns())
    assert once is not None
    risk = risk_by_node(once)
    assert [one.first_month for one in once.nodes] == [small.FIRST, small.FIRST + 1]
    assert risk[once.nodes[1].node_id].tolist() == [[6.0], [4.0]]


@pytest.mark.parametrize(("scales", "told"), [
    ({}, [1.0, 1.0, 1.0]),
    ({"a": 0.5}, [1.0, 0.5, 1.0]),
    # a: 100 + 100, then 300 in all; b: 100 + 200, then 310: by the end the least is that of a.
    ({"a": 0.5, "bb": 0.1}, [1.0, 0.5, 1.0]),
    # a: 100 + 100, then 500; b: 100 + 200, then 300: the least is a's at first and b's in the end.
    ({"a": 0.5, "aa": 3.0, "bb": 0.0}, [1.0, 0.5, 1.0]),
    ({"aa": 0.2, "bb": 0.3}, [1.0, 1.0, 0.2]),
    ({"a": 0.0, "b": 2.0, "aa": 4.0, "bb": 0.5}, [1.0, 0.0, 4.0]),
])  # fmt: skip
def test_receipts_add_up_to_the_least_of_any_future(scales, told):
    assert received(scales) == pytest.approx(told)


def test_where_more_than_what_may_be_spent_hangs_on_a_differing_condition_there_is_no_such_future():
    given = two_towns()
    nodes = tuple(replace(one, conditions=("peace",)) if one.node_id == "at_a" else one for one in given.nodes)
    given = replace(given, nodes=nodes)
    for changed in (
        replace(given, mandate=replace(given.mandate, ceiling=(small.ceiling(0, when="peace"),))),
        replace(given, budget=(money("receipt", 100, when="peace"),)),
    ):
        assert decided_once(changed) is None


def test_an_amount_approved_on_a_condition_is_a_limit_where_it_holds_in_any_future():
    given = two_towns()
    nodes = tuple(replace(one, conditions=("cut",)) if one.node_id == "at_b" else one for one in given.nodes)
    once = decided_once(replace(given, nodes=nodes, budget=(money("appropriation", 100, when="cut"),)))
    assert once is not None and [one.conditions for one in once.nodes] == [(), ("cut",)]


def test_without_receipts_their_scale_means_nothing():
    once = decided_once(
        replace(two_towns(), nodes=tuple(replace(one, receipts_scale=0.5) for one in two_towns().nodes))
    )
    assert once is not None and [one.receipts_scale for one in once.nodes] == [0.5, 0.5]


@st.composite
def trees(draw):
    """Draw a mission over three stages and four futures that differ in harm, in what comes in and what is approved."""
    mission, changes = draw(missions(nodes=False))
    shape = [("n0", "", 0, 2, 1.0), ("x", "n0", 2, 1, 0.3), ("y", "n0", 2, 1, 0.7), ("xx", "x", 3, 2, 0.6),
             ("xy", "x", 3, 2, 0.4), ("yx", "y", 3, 2, 0.5), ("yy", "y", 3, 2, 0.5)]  # fmt: skip
    nodes = tuple(
        node(name, parent, start, months, chance, risk_scale=draw(st.sampled_from([0.0, 0.5, 1.0, 3.0])),
             receipts_scale=draw(st.sampled_from([0.8, 1.0, 1.5])),
             conditions=draw(st.sampled_from([(), (), ("cut",)])))
        for name, parent, start, months, chance in shape
    )  # fmt: skip
    lines = (
        money("opening_cash", 2500), money("receipt", draw(st.sampled_from([600, 900]))),
        money("appropriation", draw(st.sampled_from([1500, 3000, 9000])), when="cut"),
    )  # fmt: skip
    cut = Condition(condition_id="cut", text="Money is cut", **small.KNOWN)
    mandate = replace(mission.mandate, condition=(*mission.mandate.condition, cut))
    return replace(mission, nodes=nodes, budget=lines, mandate=mandate), changes


def worth(mission, changes, options=small.EXACT):
    """Return what each goal reaches; nothing where no plan fits."""
    try:
        return {tier.name: tier.objective for tier in small.plan(mission, changes, options).tiers}
    except InfeasibleMissionError:
        return {}


@examples(3, 150)
@given(trees())
def test_rigid_plans_of_a_tree_are_worth_what_plans_of_that_future_are(drawn):
    mission, changes = drawn
    once = decided_once(mission)
    assert once is not None
    rigid = worth(mission, changes, replace(small.EXACT, information=NOTHING_LEARNED))
    assert worth(once, changes) == pytest.approx(rigid, rel=1e-4, abs=SLACK)
