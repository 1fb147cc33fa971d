"""What nodes have seen before them: worked out by hand, held against risk.csv, and refused where it does not fit."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from bluehelm.adaptation.policy import policy_of
from bluehelm.adaptation.policy_observables import Observable, Seen
from bluehelm.adaptation.policy_rules import Sign
from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.states import Chain, Value
from bluehelm.journey.policy_seen import SEEN, TREE_FILE, read_seen, seen_by_nodes
from bluehelm.journey.scenario_tree import TreeRules, scenario_tree
from tests.journey.test_scenario_tree import STRIKES, TWO, A, B, forecast, one_unit, reach, risk
from tests.planning import small


@pytest.fixture(scope="module")
def struck():
    return scenario_tree(forecast(STRIKES, {"a": A, "b": B}), one_unit(), rules=TWO)


def test_nodes_have_seen_what_their_paths_saw(struck):
    assert struck.record[SEEN] == {"m01_01": {"a": 4.0}, "m01_02": {"b": 4.0}}


def test_a_tree_whose_nodes_know_what_is_coming_does_not_say_what_they_saw():
    made = scenario_tree(forecast(STRIKES, {"a": A, "b": B}), one_unit(), rules=replace(TWO, seen=False))
    assert SEEN not in made.record


def test_the_policy_of_a_tree_from_a_forecast_speaks_of_what_was_seen(struck):
    found = policy_of(small.plan(struck.mission), Seen(struck.record[SEEN]), small.norms())
    (rule,) = [one for one in found.triggers if not one.everywhere]
    assert (rule.decision.from_site, rule.decision.to_site) == ("s", "t")
    assert rule.signs == (Sign(Observable("deaths", "b", "area"), above=True, threshold=2.0),)
    assert (rule.agreement, rule.months_before) == (1.0, 1)


def test_what_the_nodes_after_a_node_have_seen_is_in_the_mean_what_is_expected_in_it():
    rng = np.random.default_rng(5)
    paths = rng.poisson(rng.gamma(0.4, 5, (60, 1, 1)), (60, 1, 6))
    truce = Value(state="peace", name="truce", chances=(0.25, 0.1), risk_factor=0.5)
    chain = Chain("peace", (Value(state="peace", name="war"), truce))
    mission = replace(one_unit(), setting=replace(one_unit().setting, months=6))
    rules = TreeRules(stages=(0, 2, 3), leaves=8, least_share=0)
    made = scenario_tree(forecast(paths, {"a": A}), mission, [chain], rules)  # of b the forecast says nothing
    chance = dict(zip((node.node_id for node in made.mission.nodes), reach(made.mission), strict=True))
    deaths, nodes = risk(made.mission), {node.node_id: node for node in made.mission.nodes}
    for parent in {node.parent_id for node in made.mission.nodes} - {""}:
        after = [node.node_id for node in made.mission.nodes if node.parent_id == parent]
        for area in ("a", "b"):
            mean = sum(chance[n] * made.record[SEEN][n].get(area, 0.0) for n in after) / chance[parent]
            months = [value for (node, name, _), value in deaths.items() if (node, name) == (parent, area)]
            assert mean == pytest.approx(sum(months) / nodes[parent].months, abs=1e-3)


def test_a_mission_without_a_tree_is_told_how_to_make_one():
    with pytest.raises(InvalidRecordError, match=r"no tree of futures.*bluehelm scenario tree --forecast"):
        seen_by_nodes(one_unit(), "mine")


def test_a_tree_with_one_future_is_told_how_to_branch():
    chain = (small.node("x", "", 0, 1), small.node("y", "x", 1, 1))
    with pytest.raises(InvalidRecordError, match=r"one future only: none of its 2 nodes.*--leaves 8"):
        seen_by_nodes(one_unit(nodes=chain), "mine")


def test_without_the_file_nothing_is_known_of_what_was_seen(struck, tmp_path):
    assert read_seen(tmp_path, struck.mission) is None
    (tmp_path / TREE_FILE).write_text("{}")
    assert read_seen(tmp_path, struck.mission) is None


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        (json.dumps({SEEN: {"m01_01": {"a": "many"}}}), "cannot be read"),
        (json.dumps({SEEN: {"m01_01": {"a": -1}, "m01_02": {}}}), "cannot be read"),
        (json.dumps({SEEN: {"m01_01": {}}}), "does not fit the mission: 'm01_02'"),
        (json.dumps({SEEN: {"m01_01": {"x": 1}, "m01_02": {}}}), "does not fit the mission: 'x'"),
    ],
)
def test_a_file_that_is_not_as_we_wrote_it_is_refused_in_a_sentence(struck, tmp_path, held, told):
    (tmp_path / TREE_FILE).write_text(held)
    with pytest.raises(InvalidRecordError, match=told):
        read_seen(tmp_path, struck.mission)
