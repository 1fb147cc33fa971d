"""What came later, held against where units then stood."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from bluehelm.journey.hindsight import closed_by_mission, monthly, violence_answered, violence_within_reach
from bluehelm.mission.records import Closure
from bluehelm.planning.gather import gather
from tests.planning import small

NODES = pl.DataFrame({
    "node_id": ["now", "calm", "worse"], "month": ["2020-01", "2020-03", "2020-03"], "months": [2, 1, 1],
    "probability": [1.0, 0.75, 0.25],
})  # fmt: skip


def tables(presence):
    rows = [
        {"node_id": node, "month": "", "area_id": "p", "presence": s, "protected_share": s / 2}
        for node, s in presence.items()
    ]
    return {"nodes": NODES, "protection": pl.DataFrame(rows)}


def mission(*deaths):
    rows = [{"area_id": "p", "month": month, "fatalities": count} for month, count in deaths]
    return small.mission(
        areas=[small.area("p")], sites=[small.site("a")], units=[small.unit("u", "a")], months=3,
        hindsight_violence=pl.DataFrame(rows) if rows else None,
    )  # fmt: skip


def test_every_month_of_a_node_is_listed():
    assert monthly(NODES)["month"].to_list() == ["2020-01", "2020-02", "2020-03", "2020-03"]


def test_later_deaths_count_where_one_whole_unit_was_in_reach_then():
    given = mission(("2020-01", 3.0), ("2020-02", 1.0), ("2020-03", 4.0))
    found = violence_within_reach(given, tables({"now": 1.0, "calm": 0.9, "worse": 2.0}))
    # 3 + 1 within reach for sure, 4 in a quarter of the futures, of 8 deaths.
    assert found == pytest.approx((3 + 1 + 0.25 * 4) / 8)


def test_the_curve_says_what_part_could_be_answered():
    given = mission(("2020-01", 3.0), ("2020-03", 4.0))
    found = violence_answered(given, tables({"now": 1.0, "calm": 0.0, "worse": 2.0}))
    assert found == pytest.approx((3 * 0.5 + 4 * 0.25 * 1.0) / 7)


def test_deaths_outside_the_months_planned_are_left_out():
    given = mission(("2019-12", 9.0), ("2020-01", 1.0), ("2021-01", 9.0))
    assert violence_within_reach(given, tables({"now": 1.0, "calm": 1.0, "worse": 1.0})) == 1.0


def test_without_later_violence_nothing_is_known():
    assert violence_within_reach(mission(), tables({"now": 1.0})) is None


def closing(*closures):
    told = tuple(Closure(site_id=site, deed=deed, done_on=day, **small.KNOWN) for site, deed, day in closures)
    given = small.mission(
        areas=[small.area("p")], sites=[small.site("a"), small.site("b", may_close=True)],
        units=[small.unit("u", "a")], months=12, site_limits=[small.site_limit(9, after=3)],
        hindsight_closures=told,
    )  # fmt: skip
    data = gather(given, small.norms())
    opened = closed_by_mission(data)
    return data.timeline.start.tolist(), None if opened is None else opened.tolist()


def test_a_site_closes_where_the_nearest_node_begins():
    starts, opened = closing(("b", "closed", date(2020, 4, 20)))
    assert starts == [0, 3, 6, 9]
    assert opened == [[True] * 4, [True, False, False, False]]


@pytest.mark.parametrize(("day", "closes_at"), [(10, 1), (20, 2)])
def test_of_two_nodes_the_nearer_is_taken(day, closes_at):
    assert closing(("b", "closed", date(2020, 5, day)))[1][1] == [n < closes_at for n in range(4)]


@pytest.mark.parametrize("closure", [("b", "opened", date(2020, 4, 1)), ("b", "closed", date(2022, 1, 1))])
def test_without_a_closure_in_these_months_there_is_no_such_yardstick(closure):
    assert closing(closure)[1] is None
