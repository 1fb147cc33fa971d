"""The tree as the check sees it: places of nodes, delays on each path, conditions, limits in force."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from bluehelm.checks.balance import leaving_at_end, leaving_months
from bluehelm.checks.evidence import Evidence, read_classes, read_evidence
from bluehelm.checks.futures import Futures, holds, in_force, lands_at, node_faults, read_futures
from bluehelm.checks.protection import monthly_harm, presence, protected_share
from bluehelm.mission.mandate import Ceiling, Condition
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import Node
from tests.checks.tiny import KNOWN, MAY, tiny_mission, tiny_norms, tiny_plan

JULY = MAY + 2


def _node(node_id: str, parent_id: str, month: Month, months: int, chance: float, **more: Any) -> Node:
    return Node(
        node_id=node_id, parent_id=parent_id, first_month=month, months=months, probability=chance, **KNOWN, **more
    )


def tree_mission() -> Mission:
    """Two months together, then a calm future of one month and a worse one of two, one of them in the rains."""
    nodes = (
        _node("worse", "now", JULY, 2, 0.25, risk_scale=3.0, conditions=("met",)),
        _node("calm", "now", JULY, 1, 0.75, receipts_scale=0.5),
        _node("now", "", MAY, 2, 1.0),
    )
    condition = Condition(condition_id="met", text="Met", holds_from=JULY, **KNOWN)
    mission = tiny_mission()
    return replace(mission, nodes=nodes, mandate=replace(mission.mandate, condition=(condition,)))


@pytest.fixture(name="mission")
def _mission() -> Mission:
    return tree_mission()


@pytest.fixture(name="futures")
def _futures(mission: Mission) -> Futures:
    return read_futures(mission, pl.DataFrame())


def _named(futures: Futures, name: str) -> int:
    return [node.node_id for node in futures].index(name)


def test_nodes_know_their_path_their_chance_and_when_they_end(futures: Futures) -> None:
    assert futures[0].node_id == "now"
    worse = futures[_named(futures, "worse")]
    assert (worse.start, worse.end, worse.probability, worse.is_leaf) == (2, 4, 0.25, True)
    assert [futures[n].node_id for n in worse.path] == ["now", "worse"]
    assert not futures[0].is_leaf


def test_chances_multiply_along_a_path() -> None:
    mission = replace(
        tiny_mission(),
        nodes=(_node("a", "", MAY, 1, 1.0), _node("b", "a", MAY + 1, 1, 0.5), _node("c", "b", JULY, 1, 0.5)),
    )
    assert [node.probability for node in read_futures(mission, pl.DataFrame())] == [1.0, 0.5, 0.25]


@pytest.mark.parametrize(
    ("delay", "names"), [(0, ["now"]), (1, ["worse", "calm"]), (2, ["worse", "calm"]), (2.5, []), (3, [])]
)
def test_a_delay_ends_in_the_first_node_after_it_on_every_path(
    futures: Futures, delay: float, names: list[str]
) -> None:
    assert sorted(futures[n].node_id for n in lands_at(futures, 0, delay)) == sorted(names)


def test_a_condition_holds_where_a_node_lists_it_whatever_its_month(mission: Mission, futures: Futures) -> None:
    calm, worse = (futures[_named(futures, name)] for name in ("calm", "worse"))
    assert holds(mission, worse, "met", JULY)
    assert not holds(mission, calm, "met", JULY)
    one_future = replace(mission, nodes=())
    chain = read_futures(one_future, tiny_plan().tables["nodes"])
    assert [holds(one_future, node, "met", node.first_month) for node in chain] == [False, False, True]
    assert all(holds(one_future, node, "", node.first_month) for node in chain)


def test_the_latest_limit_that_has_begun_by_the_end_of_a_node_is_in_force(mission: Mission, futures: Futures) -> None:
    rows = [
        Ceiling(component="military", persons=9, from_month=MAY, **KNOWN),
        Ceiling(component="military", persons=5, from_month=MAY + 3, when="met", **KNOWN),
    ]
    limits = {node.node_id: in_force(mission, node, rows, node.last_month) for node in futures}
    assert {name: limit.persons for name, limit in limits.items() if limit} == {"now": 9, "calm": 9, "worse": 5}
    assert in_force(mission, futures[0], rows[1:], futures[0].last_month) is None


def test_nodes_that_are_not_the_missions_are_told(mission: Mission, futures: Futures) -> None:
    stated = pl.DataFrame(
        {
            "node_id": ["now", "calm", "worse"],
            "parent_id": ["", "now", "now"],
            "month": ["2017-05", "2017-07", "2017-07"],
            "months": [2, 1, 2],
            "probability": [1.0, 0.75, 0.25],
        }
    )
    assert list(node_faults(mission, stated, futures)) == []
    assert list(node_faults(mission, stated.head(2), futures))
    assert list(node_faults(mission, stated.with_columns(month=pl.lit("2017-05")), futures))


def _evidence(mission: Mission) -> Evidence:
    """Read a plan of the tree in which two companies stand in the north and one of them stops at once."""
    norms, plan = tiny_norms(), tiny_plan()
    rows = {"class_id": "infantry_company", "site_id": "north"}
    tables = {
        **plan.tables,
        "deployments": pl.DataFrame([{**rows, "node_id": node, "units": 1} for node in ("now", "calm", "worse")]),
        "movements": pl.DataFrame([{**rows, "node_id": "now", "units": 1, "deed": "stop", "pledge_class": ""}]),
        "sites": pl.DataFrame({"site_id": ["north"], "node_id": ["now"], "open": [True]}),
    }
    classes = read_classes(plan.tables["classes"], norms)
    return read_evidence(
        replace(plan, mission=mission, tables=tables), norms, read_futures(mission, pl.DataFrame()), classes
    )


def test_a_unit_on_its_way_out_is_paid_and_counted_until_it_is_out(mission: Mission) -> None:
    norms_lag = 2  # months, in tiny_norms
    e = _evidence(mission)
    assert norms_lag == e.norm("exit_lag_months")
    assert leaving_months(e)[0].tolist() == [2.0, 0.0, 0.0]
    assert leaving_at_end(e)[0].tolist() == [0, 0, 0]
    longer = replace(e, norms=e.norms.with_amendments({"exit_lag_months": 3}))
    assert leaving_months(longer)[0].tolist() == [2.0, 1.0, 1.0]
    assert leaving_at_end(longer)[0].tolist() == [1, 0, 0]


def test_harm_is_that_of_all_months_of_a_node_scaled_and_a_row_of_the_node_passes_one_of_all(mission: Mission) -> None:
    risk = pl.DataFrame(
        {
            "area_id": ["south_town", "south_town"],
            "month": ["2017-07", "2017-07"],
            "fatalities_per_month": [7.0, 8.0],
            "node_id": ["worse", ""],
        }
    )
    e = _evidence(replace(mission, risk=risk))
    harm = {node.node_id: np.sum(list(monthly_harm(e, node).values()), axis=0).tolist() for node in e.futures}
    assert harm == {"now": [20.0, 8.0], "calm": [10.0, 8.0], "worse": [60.0, 3.0 * (7.0 + 4.0)]}


def test_reach_of_a_node_is_the_mean_over_its_months(mission: Mission) -> None:
    """From the well the south is in full reach when dry and in half when wet: three quarters over both."""
    e = _evidence(mission)
    at_well = np.zeros_like(e.units)
    at_well[0, 2, :] = 1
    worse = _named(e.futures, "worse")
    felt = presence(replace(e, units=at_well))[1, worse]
    assert felt == pytest.approx(np.log(1 - 0.5 * 0.75) / np.log(0.5))


def test_the_curve_is_straight_between_whole_steps_and_flat_after_the_last() -> None:
    felt = np.array([0.0, 0.5, 1.0, 1.5, 4.0, 9.0])
    assert protected_share(felt, 0.5).tolist() == [0.0, 0.25, 0.5, 0.625, 0.9375, 0.9375]
    assert protected_share(felt, 1.0).tolist() == [0.0, 0.5, 1.0, 1.0, 1.0, 1.0]
