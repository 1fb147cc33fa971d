"""Information sets: who cannot tell futures apart decides alike in them, and knowing more never hurts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InfeasibleMissionError, InvalidRecordError
from bluehelm.mission.information import KINDS, NOTHING_LEARNED, Alike, Information, Knows
from bluehelm.planning.build import build
from bluehelm.planning.gather import gather
from bluehelm.planning.make import data_of
from tests.conftest import examples
from tests.planning import small
from tests.planning.missions import TREE, missions
from tests.planning.small import deeds, node, reached, replace, units_at
from tests.planning.test_trees import one_pledge

NOTHING = Knows(knows="nothing")
SLACK = 1e-5
# Two steps: what happened first is known in the second month, what happened then in the third.
STEPS = (
    node("now", "", 0, 1, risk_scale=0.0),
    node("calm", "now", 1, 1, 0.5, risk_scale=0.0), node("harm", "now", 1, 1, 0.5),
    node("calm2", "calm", 2, 1, risk_scale=0.0), node("harm2", "harm", 2, 1),
)  # fmt: skip


def knowing(mission: small.Mission, information: Information | None, changes=None) -> small.Plan:
    return small.plan(mission, changes, replace(small.EXACT, information=information))


@pytest.mark.parametrize(
    ("information", "orders", "cost"),
    [
        (None, {"harm": 1}, 25),
        (Information(), {"harm": 1}, 25),
        # Whoever cannot tell calm from harm calls the pledge in both, and pays for it in both.
        (Information(orders=NOTHING), {"calm": 1, "harm": 1}, 100),
        (Information(alike=(Alike(kinds=("orders",), nodes=("calm", "harm")),)), {"calm": 1, "harm": 1}, 100),
        (NOTHING_LEARNED, {"calm": 1, "harm": 1}, 100),
        (Information(exits=NOTHING, sites=NOTHING), {"harm": 1}, 25),
    ],
)
def test_an_order_is_the_same_wherever_futures_look_alike(information, orders, cost):
    made = knowing(one_pledge(), information)
    assert deeds(made, "order") == orders
    assert reached(made) == pytest.approx(1.0, abs=1e-6)
    assert reached(made, "cost") == pytest.approx(cost / 1e6)


def three_months() -> small.Mission:
    return small.replace(one_pledge(), nodes=STEPS, setting=replace(one_pledge().setting, months=3))


@pytest.mark.parametrize("months", [1, 2])
def test_what_is_known_late_is_acted_on_late(months):
    """Harm strikes in the second month, so the pledge is called then, in the calm future too."""
    made = knowing(three_months(), Information(orders=Knows(knows="late", months=months)))
    assert deeds(made, "order") == {"calm": 1, "harm": 1}


def test_a_unit_is_sent_home_as_soon_as_it_is_known_to_be_idle():
    """It costs 100 a month; in the calm futures it may leave, late by a month where that is what is known."""
    given = small.mission(
        areas=[small.area("a")], sites=[small.site("s"), small.hospital()], units=[small.unit("u", "s")], months=3,
        nodes=STEPS, routes=small.routes({("s", "a"): 0.5}),
    )  # fmt: skip
    left = {}
    for months in (0, 1):
        late = Knows(knows="late", months=months) if months else Knows()
        made = knowing(given, Information(exits=late, units=late))
        left[months] = {name for name, sites in units_at(made).items() if sites}
    # In the first month there is no harm, but the unit must be there for the month after.
    assert left[0] == {"now", "harm", "harm2"}
    assert left[1] == {"now", "calm", "harm", "harm2"}


def test_units_may_stand_apart_only_where_the_futures_are_told_apart():
    areas = [small.area("a", 1.0), small.area("b", 1.0)]
    nodes = (node("now", "", 0, 1), node("x", "now", 1, 1, 0.6), node("y", "now", 1, 1, 0.4))
    rows = [("x", "a", 5.0), ("x", "b", 0.0), ("y", "a", 0.0), ("y", "b", 5.0), ("now", "a", 0.0), ("now", "b", 0.0)]
    risk = small.pl.DataFrame(
        [{"area_id": a, "month": "2020-02" if n != "now" else "2020-01", "fatalities_per_month": d, "node_id": n,
          **small.KNOWN, "note": ""} for n, a, d in rows]
    )  # fmt: skip
    given = small.mission(
        areas=areas, sites=[small.site("at_a"), small.site("at_b"), small.hospital()], units=[small.unit("u", "at_b")],
        routes=small.covering({"at_a": ["a"], "at_b": ["b"]}, areas), months=2, nodes=nodes, risk=risk,
    )  # fmt: skip
    assert reached(knowing(given, None)) == pytest.approx(1.0, abs=1e-6)
    alike = knowing(given, Information(units=NOTHING))
    assert reached(alike) == pytest.approx(0.6, abs=1e-6)
    assert units_at(alike)["x"] == units_at(alike)["y"] == {"at_a": 1}


def test_nodes_of_a_set_share_their_columns_so_that_fewer_are_used():
    free, alike = (gather(three_months(), small.norms(), information=info) for info in (None, NOTHING_LEARNED))
    used = [np.count_nonzero(np.diff(build(data).problem.matrix.indptr)) for data in (free, alike)]
    assert used[1] < used[0]


def test_a_set_of_nodes_of_different_months_is_refused():
    with pytest.raises(InvalidRecordError, match="begin in different months"):
        knowing(one_pledge(), Information(alike=(Alike(kinds=("orders",), nodes=("now", "harm")),)))


def test_a_set_that_names_an_unknown_node_is_refused_with_the_nearest_name():
    with pytest.raises(InvalidRecordError, match="Nearest name: 'harm'"):
        knowing(one_pledge(), Information(alike=(Alike(kinds=("orders",), nodes=("calm", "harmm")),)))


def test_where_deciding_alike_is_impossible_it_is_said():
    """In one future every unit must go, in the other none may."""
    peace = small.replace(TREE[2], node_id="peace", conditions=("peace",), probability=0.6)
    other = small.replace(TREE[1], node_id="war", probability=0.4)
    given = small.mission(
        areas=[small.area("a")], sites=[small.site("s"), small.hospital()], months=5,
        units=[small.unit("u", "s")], nodes=(TREE[0], other, peace), routes=small.routes({("s", "a"): 0.5}),
        conditions=[small_condition()], ceilings=[small.ceiling(100), small.ceiling(0, after=2, when="peace")],
    )  # fmt: skip
    pinned = small.replace(given, units=(small.unit("u", "s", may_leave=False),))
    assert reached(knowing(given, NOTHING_LEARNED)) < 1 - 1e-6
    with pytest.raises(InfeasibleMissionError) as refused:
        knowing(pinned, NOTHING_LEARNED)
    assert any("cannot be told apart" in sentence for sentence in refused.value.conflict)


def small_condition():
    from bluehelm.mission.mandate import Condition

    return Condition(condition_id="peace", text="peace holds", **small.KNOWN)


def test_a_plan_says_in_its_options_who_knew_what_when():
    made = knowing(one_pledge(), Information(orders=NOTHING))
    options: Any = made.provenance["options"]
    assert options["information"]["orders"] == {"knows": "nothing", "months": 0}
    assert list(data_of(made, small.norms()).decided_in) == ["orders"]


@examples(6, 300)
@given(missions(), st.data())
def test_knowing_more_never_hurts_and_alike_is_alike(drawn, data):
    """Sets of nodes taken apart can only help; a rigid plan is the coarsest of all."""
    mission, changes = drawn
    mission = small.replace(mission, nodes=TREE)
    kinds = data.draw(st.sets(st.sampled_from(KINDS), min_size=1))
    less: dict[str, Any] = dict.fromkeys(kinds, NOTHING)
    some = knowing(mission, Information(**less), changes)
    none = knowing(mission, NOTHING_LEARNED, changes)
    everything = knowing(mission, None, changes)
    assert reached(none) <= reached(some) + SLACK <= reached(everything) + 2 * SLACK
    units = units_at(none)
    assert units["calm"] == units["harm"]
    stands: dict[str, dict[str, bool]] = defaultdict(dict)
    for row in none.tables["sites"].iter_rows(named=True):
        stands[row["node_id"]][row["site_id"]] = row["open"]
    assert stands["calm"] == stands["harm"]
