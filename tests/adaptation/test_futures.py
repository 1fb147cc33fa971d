"""A tree taken apart: one future alone, the mean of those still possible, and whether anything can be learned."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.futures import (
    alone,
    futures_differ,
    futures_of,
    mean_ahead,
    path_to,
    possible,
    risk_by_node,
)
from bluehelm.errors import InvalidRecordError
from bluehelm.planning.gather import gather
from tests.conftest import examples
from tests.journey.two_towns import two_towns
from tests.planning import small
from tests.planning.missions import TREE, missions
from tests.planning.small import node, replace

NODES = (
    node("now", "", 0, 1), node("x", "now", 1, 2, 0.25, conditions=("cut",), receipts_scale=0.4),
    node("y", "now", 1, 2, 0.75), node("x1", "x", 3, 1, 0.5, risk_scale=3.0), node("x2", "x", 3, 1, 0.5),
    node("y1", "y", 3, 1, 1.0, conditions=("cut",)),
)  # fmt: skip


def tree(**more: object) -> small.Mission:
    rows = [("x", "a", "2020-03", 8.0), ("", "a", "2020-04", 5.0), ("y1", "a", "2020-04", 1.0)]
    risk = pl.DataFrame(
        [{"area_id": a, "month": m, "fatalities_per_month": d, "node_id": n, **small.KNOWN, "note": ""}
         for n, a, m, d in rows]
    )  # fmt: skip
    made = small.mission(
        areas=[small.area("a", 2.0), small.area("b", 1.0)], sites=[small.site("s"), small.hospital()],
        units=[small.unit("u", "s")], months=4, nodes=NODES, risk=risk,
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def test_futures_are_named_by_their_last_nodes_and_have_the_chances_of_their_paths():
    assert {future.name: future.probability for future in futures_of(tree())} == {"x1": 0.125, "x2": 0.125, "y1": 0.75}


def test_a_mission_with_one_future_is_told_how_to_get_a_tree():
    with pytest.raises(InvalidRecordError, match="bluehelm scenario tree"):
        futures_of(tree(nodes=()))
    with pytest.raises(InvalidRecordError, match="one future only"):
        futures_of(tree(nodes=NODES[:2]))


def test_stages_of_uneven_length_are_refused_by_name():
    uneven = (*NODES[:2], replace(NODES[2], months=3))
    with pytest.raises(InvalidRecordError, match=r"'x' \(2 months\) and 'y' \(3 months\)"):
        futures_of(tree(nodes=uneven))


def test_a_future_alone_is_sure_and_keeps_its_own_risk_only():
    x1, *_ = futures_of(tree())
    found = alone(tree(), x1)
    assert [n.node_id for n in found.nodes] == ["now", "x", "x1"]
    assert {n.probability for n in found.nodes} == {1.0}
    assert found.risk is not None
    assert sorted(found.risk["node_id"]) == ["", "x"]
    assert [found.nodes[1].receipts_scale, found.nodes[2].risk_scale] == [0.4, 3.0]


def test_risk_of_a_node_is_that_of_its_area_of_every_node_or_its_own_and_scaled():
    found = {name: risk.tolist() for name, risk in risk_by_node(tree()).items()}
    assert found["x"] == [[2.0, 8.0], [1.0, 1.0]]
    assert found["x1"] == [[15.0], [3.0]]
    assert found["y1"] == [[1.0], [1.0]]


def test_the_mean_ahead_is_that_of_the_nodes_still_possible():
    """From the start: 0.25 of x and 0.75 of y; then 0.125, 0.125 and 0.75."""
    found = mean_ahead(tree(), "now")
    assert [(n.node_id, n.parent_id, n.months) for n in found.nodes] == [
        ("now", "", 1), ("mean_2020-02", "now", 2), ("mean_2020-04", "mean_2020-02", 1)
    ]  # fmt: skip
    risk = risk_by_node(found)
    assert np.allclose(risk["mean_2020-02"], [[2.0, 0.25 * 8 + 0.75 * 2], [1.0, 1.0]])
    assert np.allclose(risk["mean_2020-04"], [[0.125 * 15 + 0.125 * 5 + 0.75], [0.125 * 3 + 0.125 + 0.75]])
    assert found.nodes[1].receipts_scale == pytest.approx(0.25 * 0.4 + 0.75)
    # The cut holds in a quarter of the second stage, and in three quarters of the third.
    assert [n.conditions for n in found.nodes[1:]] == [(), ("cut",)]


def test_what_came_is_no_longer_a_mean():
    found = mean_ahead(tree(), "x")
    assert [n.node_id for n in found.nodes] == ["now", "x", "mean_2020-04"]
    assert np.allclose(risk_by_node(found)["mean_2020-04"], [[10.0], [2.0]])
    assert mean_ahead(tree(), "x1").nodes == alone(tree(), futures_of(tree())[0]).nodes


def test_a_name_of_the_tree_is_not_taken_for_a_mean():
    named = tuple(replace(n, node_id="mean_2020-04") if n.node_id == "x1" else n for n in NODES)
    assert mean_ahead(tree(nodes=named), "now").nodes[-1].node_id == "mean_2020-04_"


def test_nodes_without_a_chance_are_left_out():
    nodes = tuple(replace(n, probability={"x": 0.0, "y": 1.0}.get(n.node_id, n.probability)) for n in NODES)
    assert {n.node_id for n in possible(tree(nodes=nodes)).nodes} == {"now", "y", "y1"}
    assert possible(tree()).nodes == NODES


def test_futures_differ_where_risk_receipts_or_conditions_do():
    assert futures_differ(tree())
    assert futures_differ(two_towns())
    plain = (node("now", "", 0, 1), node("x", "now", 1, 1, 0.5), node("y", "now", 1, 1, 0.5))
    assert not futures_differ(tree(nodes=plain))
    for change in ({"risk_scale": 2.0}, {"receipts_scale": 0.5}, {"conditions": ("cut",)}):
        assert futures_differ(tree(nodes=(*plain[:2], replace(plain[2], **change))))


def test_the_path_to_a_node_begins_with_the_first():
    assert [n.node_id for n in path_to(tree(), "x2")] == ["now", "x", "x2"]


@examples(10, 300)
@given(missions(nodes=False), st.floats(0.1, 5.0))
def test_the_risk_that_is_taken_apart_is_the_risk_that_the_planner_reads(drawn, scale):
    mission = replace(drawn[0], nodes=(*TREE[:2], replace(TREE[2], risk_scale=scale)))
    data = gather(mission, small.norms(drawn[1]))
    for n, node_id in enumerate(data.timeline.node_ids):
        assert np.allclose(risk_by_node(mission)[node_id].sum(axis=1), data.demand.harm[:, n])
