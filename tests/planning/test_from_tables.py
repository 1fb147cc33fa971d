from __future__ import annotations

import numpy as np
import pytest

from bluehelm.mission.plan import Plan
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.decisions import decisions_of
from bluehelm.planning.from_tables import start_of, whole_columns
from bluehelm.planning.gather import PlanData, gather
from bluehelm.planning.tables import tables_of
from tests.planning import small
from tests.planning.small import area, ceiling, hospital, monthly, pledge, site, unit

Case = tuple[Plan, PlanData, PlanModel]


@pytest.fixture(scope="module")
def case() -> Case:
    """Two units of which one is sent home, and a pledge that replaces neither but is called."""
    given = small.mission(
        areas=[area("a", 2.0), area("b", place=(13.0, 26.0))], months=3, nodes=monthly(3),
        sites=[site("a", may_close=True), site("b", may_close=True, place=(13.0, 26.0)), hospital()],
        units=[unit("u", "a"), unit("v", "b")], pledges=(pledge("p", persons=50),), ceilings=[ceiling(150, after=1)],
    )  # fmt: skip
    made = small.plan(given)
    data = gather(given, small.norms())
    return made, data, build(data)


def test_whole_decisions_come_back_from_the_tables(case: Case):
    made, data, built = case
    columns, values = whole_columns(data, built, made)
    arrivals = set(built.columns.arrive.ravel().tolist())
    assert set(columns.tolist()) == set(np.flatnonzero(built.problem.integer).tolist()) - arrivals
    by_column = dict(zip(columns.tolist(), values.tolist(), strict=True))
    for row in made.tables["deployments"].iter_rows(named=True):
        at = built.columns.x[
            data.class_ids.index(row["class_id"]),
            data.site_ids.index(row["site_id"]),
            data.timeline.node_ids.index(row["node_id"]),
        ]
        assert by_column[int(at)] == row["units"]
    assert values.sum() == pytest.approx(
        float(made.tables["deployments"]["units"].sum())
        + float(made.tables["sites"]["open"].sum())
        + float(made.tables["movements"].filter(made.tables["movements"]["deed"] == "order")["units"].sum())
    )


def test_a_start_from_a_plan_tells_the_same_plan(case: Case):
    made, data, built = case
    start = start_of(made, data, built)
    assert start is not None
    again = tables_of(data, built, decisions_of(data, built, start))
    assert again["deployments"].equals(made.tables["deployments"])
    assert again["sites"].equals(made.tables["sites"])


def test_a_plan_that_no_longer_fits_gives_no_start(case: Case):
    made, data, built = case
    row = built.model.row_blocks["ceiling"]
    built.problem.row_upper[row.first : row.first + row.size] = 0.0
    assert start_of(made, data, built) is None
