"""Policies of plans over trees: rules worked out by hand, shares counted a second way, and the laws of rules."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.policy import policy_of
from bluehelm.adaptation.policy_decisions import Decision
from bluehelm.adaptation.policy_judged import LEAST_EXPLAINED
from bluehelm.adaptation.policy_observables import Observable, Seen
from bluehelm.adaptation.policy_rules import Sign
from bluehelm.mission.mandate import Condition
from tests.adaptation.policy_plans import deed, fan, move, tree_plan
from tests.conftest import examples
from tests.planning import small

NORMS = small.norms()
PEACE = Condition(condition_id="peace", text="peace holds", **small.KNOWN)
FOUR = fan(0.4, 0.3, 0.2, 0.1)
DEATHS_IN_A = {"n0": {"a": 1.0, "b": 9.0}, "n1": {"a": 2.0, "b": 1.0}, "n2": {"a": 10.0, "b": 8.0},
               "n3": {"a": 14.0, "b": 2.0}}  # fmt: skip


def policy(plan, seen=None):
    return policy_of(plan, None if seen is None else Seen(seen), NORMS)


def differing(plan, seen=None):
    return [one for one in policy(plan, seen).triggers if not one.everywhere]


def test_a_move_is_told_by_the_deaths_seen_before_it():
    plan = tree_plan(FOUR, movements=[*move("n2"), *move("n3")])
    (rule,) = differing(plan, DEATHS_IN_A)
    assert rule.decision == Decision("move", "infantry_company", "infantry_company", from_site="s", to_site="t")
    assert rule.signs == (Sign(Observable("deaths", "a", "area"), above=True, threshold=5.0),)
    assert (rule.month, rule.agreement, rule.nodes, rule.nodes_taken, rule.futures) == ("2020-04", 1.0, 4, 2, 4)
    assert rule.taken == pytest.approx(0.3)
    assert rule.months_before == 3


def test_a_rule_may_need_two_signs():
    seen = {"n0": {"a": 1.0, "b": 1.0}, "n1": {"a": 1.0, "b": 9.0}, "n2": {"a": 9.0, "b": 1.0},
            "n3": {"a": 9.0, "b": 9.0}}  # fmt: skip
    (rule,) = differing(tree_plan(FOUR, movements=move("n3")), seen)
    assert rule.agreement == 1.0
    # a and b tell together, as the zone's sum, and one sign is simpler than two
    assert rule.signs == (Sign(Observable("deaths", "z", "zone"), above=True, threshold=15.0),)
    apart = {"n0": {"a": 9.0, "b": 9.0}, **{node: seen[node] for node in ("n1", "n2")}, "n3": {"a": 9.0, "b": 1.0}}
    apart["n2"] = {"a": 1.0, "b": 1.0}
    (rule,) = differing(tree_plan(FOUR, movements=move("n3"), zones={"a": "x", "b": "y"}), apart)
    assert rule.signs == (
        Sign(Observable("deaths", "a", "area"), above=True, threshold=5.0),
        Sign(Observable("deaths", "b", "area"), above=False, threshold=5.0),
    )


def test_a_rule_that_is_wrong_in_one_future_says_how_often_it_holds():
    """Deaths in a tell all but n3, whose chance is a tenth."""
    seen = {"n0": {"a": 1.0}, "n1": {"a": 2.0}, "n2": {"a": 10.0}, "n3": {"a": 1.0}}
    (rule,) = differing(tree_plan(FOUR, movements=[*move("n2"), *move("n3")]), seen)
    assert rule.agreement == pytest.approx(0.9)
    assert rule.signs[0].threshold == 5.0


def test_what_no_rule_explains_is_said():
    (rule,) = differing(tree_plan(FOUR, movements=move("n1")), {f"n{i}": {"a": 3.0} for i in range(4)})
    assert not rule.explained and rule.signs == ()
    assert rule.agreement == pytest.approx(0.7)


def test_a_condition_is_told_before_a_number_of_deaths():
    nodes = [small.replace(node, conditions=("peace",) if node.node_id in ("n2", "n3") else ()) for node in FOUR]
    plan = tree_plan(nodes, movements=[deed("n2", "exit_order"), deed("n3", "exit_order", 2)], conditions=[PEACE])
    (rule,) = differing(plan, DEATHS_IN_A)
    assert rule.signs == (Sign(Observable("condition", "peace"), above=True, threshold=0.5),)
    assert rule.also == Sign(Observable("deaths", "a", "area"), above=True, threshold=5.0)
    assert (rule.decision.deed, rule.units_low, rule.units_high) == ("leave", 1, 2)


def test_receipts_tell_where_they_differ():
    nodes = [small.replace(node, receipts_scale=0.8 if node.node_id in ("n2", "n3") else 1.0) for node in FOUR]
    plan = tree_plan(nodes, closed={"n2": ["t"], "n3": ["t"]}, budget=(small.money("receipt", 10),))
    (rule,) = differing(plan)
    assert rule.signs == (Sign(Observable("receipts"), above=False, threshold=0.9),)
    assert rule.decision == Decision("close", to_site="t")


def test_a_ceiling_tells_where_it_differs():
    plan = tree_plan(FOUR, movements=move("n3"), ceilings={"root": 900, "n0": 900, "n1": 900, "n2": 900, "n3": 600})
    (rule,) = differing(plan)
    assert rule.signs == (Sign(Observable("ceiling", "military"), above=False, threshold=800.0),)


def test_what_is_done_in_every_future_needs_no_rule():
    plan = tree_plan(FOUR, movements=[deed(node, "order", 1, "pledges.1") for node in ("n0", "n1", "n2", "n3")])
    (one,) = policy(plan).triggers
    assert one.everywhere and one.explained and one.signs == () and one.agreement == 1.0


TWO_STAGES = [
    small.node("root", "", 0, 3), small.node("x", "root", 3, 3, 0.5), small.node("y", "root", 3, 3, 0.5),
    *(small.node(f"{up}{i}", up, 6, 6, 0.5) for up, i in product("xy", (0, 1))),
]  # fmt: skip


def test_what_can_only_be_done_in_some_nodes_is_asked_there():
    """The company that went to t in x comes back from it: only x has one there."""
    plan = tree_plan(
        TWO_STAGES, movements=[*move("x"), *move("x0", "t", "s"), *move("x1", "t", "s")],
        standing={"x": {"t": 1}},
    )  # fmt: skip
    back = next(one for one in policy(plan).triggers if one.decision.from_site == "t")
    assert (back.nodes, back.futures, back.chance) == (2, 2, 0.5)
    assert back.explained and not back.everywhere and back.signs == ()


def test_deaths_of_the_node_before_tell_the_nodes_after_it():
    """Nobody wrote down what was seen: what the plan reckoned with in x and y is what was known in July."""
    plan = tree_plan(TWO_STAGES, deaths={"x": {"b": 30.0}, "y": {"b": 3.0}}, movements=[*move("x0"), *move("x1")])
    (rule,) = differing(plan)
    assert rule.signs == (Sign(Observable("deaths", "b", "area"), above=True, threshold=5.0),)


def test_an_opening_is_told_by_what_was_known_when_it_was_ordered():
    """t opens in x0 and x1, three months after it was ordered in x, whose deaths are expected to be high."""
    norms = small.norms({"site_open_lead_months.company_base": 3})
    plan = tree_plan(TWO_STAGES, deaths={"x": {"a": 30.0}, "x0": {"c": 99.0}},
                     closed={name: ["t"] for name in ("root", "x", "y", "y0", "y1")})  # fmt: skip
    (rule,) = [one for one in policy_of(plan, None, norms).triggers if one.decision.deed == "open"]
    assert rule.month == "2020-04" and rule.nodes == 2
    assert rule.signs == (Sign(Observable("outlook", "a", "area"), above=True, threshold=5.0),)


def test_rules_that_rest_on_few_nodes_are_indicative():
    few = differing(tree_plan(FOUR, movements=[*move("n2"), *move("n3")]), DEATHS_IN_A)
    nodes = fan(*[0.1] * 10)
    seen = {f"n{i}": {"a": float(i)} for i in range(10)}
    many = differing(tree_plan(nodes, movements=[row for i in (7, 8, 9) for row in move(f"n{i}")]), seen)
    alone = differing(tree_plan(nodes, movements=move("n9")), seen)
    assert [one.indicative for one in (*few, *many, *alone)] == [True, False, True]


TEN = fan(*[0.1] * 10)
RISING = {f"n{i}": {"a": 10.0 * i} for i in range(10)}


def test_where_the_sign_is_plain_the_rule_is_found_without_each_node_too():
    """Deaths rise by 10 from node to node, and the last four take the decision: only n6 is near enough to the cut.

    Without n5 the cut lies between 40 and 60, at 50, and n5, with 50, does not pass it; without n6 it lies between 50
    and 70, at 60, and n6 does not pass it either, though the plan takes the decision there.
    """
    (rule,) = differing(tree_plan(TEN, movements=[row for i in (6, 7, 8, 9) for row in move(f"n{i}")]), RISING)
    assert rule.agreement == 1.0
    assert rule.agreement_held_back == pytest.approx(0.9)


def test_a_rule_that_only_fits_what_it_was_read_from_is_found_out():
    """Two nodes of five take the decision for no reason; a rule fits four of them, and not one that it has not seen.

    Without n0, say, "a stays under 2.5" fits three of four as well as anything, and says of n0 what is not so.
    """
    nodes = fan(*[0.2] * 5)
    seen = {f"n{i}": {"a": deaths} for i, deaths in enumerate((1.0, 9.0, 2.0, 3.0, 20.0))}
    (rule,) = differing(tree_plan(nodes, movements=[*move("n1"), *move("n2")]), seen)
    assert (rule.agreement, rule.agreement_held_back) == (pytest.approx(0.8), 0.0)


def test_with_few_nodes_none_is_held_back_and_nothing_is_claimed():
    (rule,) = differing(tree_plan(FOUR, movements=[*move("n2"), *move("n3")]), DEATHS_IN_A)
    assert rule.agreement_held_back is None


def signs_hold(signs, values) -> bool:
    """Evaluate a rule on deaths by area, zone and in all, with nothing of the search."""
    for sign in signs:
        named = sign.observable
        value = values[named.what] if named.place == "area" else sum(values.values())
        if (value > sign.threshold) != sign.above:
            return False
    return True


@st.composite
def trees(draw):
    count = draw(st.integers(2, 7))
    weights = [draw(st.integers(1, 9)) for _ in range(count)]
    nodes = fan(*(weight / sum(weights) for weight in weights))
    seen = {f"n{i}": {area: float(draw(st.integers(0, 6))) for area in "abc"} for i in range(count)}
    taken = draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count))
    return nodes, seen, {f"n{i}" for i in taken}


@examples(60, 2_000)
@given(trees())
def test_the_share_in_which_a_rule_holds_is_counted_a_second_way_and_no_rule_is_better(drawn):
    nodes, seen, taken = drawn
    (rule,) = policy(tree_plan(nodes, movements=[row for node in sorted(taken) for row in move(node)]), seen).triggers
    chance = {node.node_id: node.probability for node in nodes[1:]}
    if len(taken) == len(chance):
        assert rule.everywhere
        return

    def agreement(holds) -> float:
        return sum(chance[n] for n in chance if holds(n) == (n in taken))

    assert 0 <= rule.agreement <= 1
    if rule.signs:
        assert rule.agreement == pytest.approx(agreement(lambda n: signs_hold(rule.signs, seen[n])), abs=1e-8)
    values = {n: [*seen[n].values(), sum(seen[n].values())] for n in chance}
    tests = [
        lambda n, o=o, cut=cut, up=up: (values[n][o] > cut) == up
        for o, cut, up in product(range(4), np.arange(-0.5, 19), (True, False))
    ]
    patterns = {tuple(test(n) for n in chance) for test in tests}
    best = max(
        agreement(dict(zip(chance, [p and q for p, q in zip(one, two, strict=True)], strict=True)).get)
        for one in patterns for two in patterns
    )  # fmt: skip
    common = max(agreement(lambda n: True), agreement(lambda n: False))
    found = max(rule.agreement, common)
    assert found == pytest.approx(max(best, common), abs=1e-8)
    gained = rule.agreement - common >= LEAST_EXPLAINED * (1 - common) - 1e-9
    assert bool(rule.signs) == rule.explained == gained


@examples(30, 1_000)
@given(trees(), st.permutations("abc"))
def test_relabelling_areas_relabels_the_rule(drawn, order):
    nodes, seen, taken = drawn
    movements = [row for node in sorted(taken) for row in move(node)]
    renamed = dict(zip("abc", order, strict=True))
    other = {node: {renamed[area]: number for area, number in row.items()} for node, row in seen.items()}
    (one,) = policy(tree_plan(nodes, movements=movements), seen).triggers
    (two,) = policy(tree_plan(nodes, movements=movements), other).triggers
    assert (one.agreement, one.explained, one.alternatives) == (two.agreement, two.explained, two.alternatives)
    if one.alternatives == 0 and len(one.signs) == 1:  # among equals the name decides
        told = one.signs[0].observable
        what = renamed[told.what] if told.place == "area" else told.what
        assert two.signs == (small.replace(one.signs[0], observable=small.replace(told, what=what)),)


@examples(30, 1_000)
@given(trees(), st.integers(1, 50))
def test_a_rule_uses_nothing_from_the_future(drawn, later):
    """Deaths from a node's own first month on do not change its rules, where the tree says what was seen before."""
    nodes, seen, taken = drawn
    movements = [row for node in sorted(taken) for row in move(node)]
    future = {node.node_id: {"a": later * (i % 3), "c": later} for i, node in enumerate(nodes) if node.parent_id}
    calm, grave = (tree_plan(nodes, movements=movements, deaths=deaths) for deaths in ({}, future))
    assert policy(calm, seen).triggers == policy(grave, seen).triggers


@pytest.mark.parametrize("after", [{}, {"x0": {"a": 50.0}, "y1": {"b": 70.0}}])
def test_what_comes_after_a_node_tells_nothing_at_it_even_where_nobody_wrote_down_what_was_seen(after):
    plan = tree_plan(TWO_STAGES, deaths={"x": {"c": 30.0}, **after}, movements=move("x"))
    (rule,) = differing(plan)
    assert rule.signs == (Sign(Observable("outlook", "c", "area"), above=True, threshold=5.0),)
