"""Work that is handed over, by hand: hours asked, given and left undone."""

from __future__ import annotations

import pytest

from bluehelm.adaptation.transition_work import handed_over_work
from tests.adaptation.leaving import PRICES, handover, leaving_mission, months_of
from tests.planning import small


def worked(hours: float, zones=(), **more):
    """A task of mediation asks for hours in the zone of hq in ten months; a team of ten gives up to 400 a month."""
    mediate = small.task("mediate", "mediation_good_offices", 2, demand_hours_per_zone_month=hours, zones=("n",))
    team = small.unit("m", "hq", kind="mediation_team", persons=10)
    given = leaving_mission(
        tasks=(small.task(), mediate), handover=(handover(tasks=("mediate",), zones=zones, **more),)
    )
    given = small.replace(given, units=(*given.units, team))
    return months_of(small.plan(given, {**PRICES, "effort_hours_per_person_month": 40}))


def test_a_task_within_what_the_mission_can_do_is_done_where_actors_are_as_stated():
    (row,) = handed_over_work(worked(100.0))
    assert row.asked_hours == pytest.approx(1000.0)
    assert row.undone["stated"] == pytest.approx(0.0, abs=1e-9)


def test_what_an_actor_does_not_take_and_the_mission_does_not_give_is_left_undone():
    # The mission gives just what the stated share leaves: from 0.1 in the third month to 0.5 in the seventh. At its low
    # share (0.2) the actor does less by a growing part, and by 0.3 of 100 hours in each of the last four months.
    months = worked(100.0)
    (row,) = handed_over_work(months)
    stated = [0, 0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5, 0.5, 0.5]
    low = [0, 0, 0.1, 0.125, 0.15, 0.175, 0.2, 0.2, 0.2, 0.2]
    lacking = sum(100 * (s - one) for s, one in zip(stated, low, strict=True))
    given = sum(100 * (1 - s) for s in stated)
    assert row.given_hours == pytest.approx(given)
    assert row.undone["low"] == pytest.approx(lacking / 1000)


def test_more_of_an_actor_never_leaves_more_undone():
    for hours in (100.0, 1000.0):
        (row,) = handed_over_work(worked(hours))
        assert row.undone["low"] >= row.undone["stated"] >= row.undone["high"]


def test_a_task_of_presence_or_without_a_handover_is_not_listed():
    given = leaving_mission(handover=(handover(),))
    assert handed_over_work(months_of(small.plan(given, PRICES))) == ()


def test_an_actor_in_one_zone_takes_nothing_over_in_another():
    (row,) = handed_over_work(worked(1000.0, zones=("f",)))
    # The team gives 400 of 1,000 hours, whatever the actor reaches elsewhere.
    assert row.undone == pytest.approx({"low": 0.6, "stated": 0.6, "high": 0.6})
