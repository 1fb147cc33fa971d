"""Handover: shares on the curve, what an area has with low, stated and high shares, and when floors hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.transition_handover import break_evens, held_cases, share_at
from bluehelm.planning.gather import gather
from tests.adaptation.leaving import PRICES, benchmark, by_month, handover, leaving_mission, months_of, planned
from tests.conftest import examples
from tests.planning import small

STAY = (small.ceiling(400), small.ceiling(200, after=6))


def floored(share: float, **more):
    return planned(
        ceilings=STAY, floors=(small.floor(share, "far", after=6),), handover=(handover(**more),),
        condition=(benchmark(),),
    )  # fmt: skip


def test_the_share_rises_in_a_straight_line_and_stays():
    one = handover()
    shares = [share_at(one, by_month(i)) for i in (1, 2, 3, 4, 5, 6, 9)]
    assert shares == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.5])


def test_an_actor_whose_low_share_is_below_its_start_never_holds_more_than_that():
    assert share_at(handover(share_start=0.3), by_month(2), 0.2) == pytest.approx(0.2)


def test_mission_and_actor_are_independent_chances():
    made = floored(0.0001)
    months = months_of(made)
    last = months.all[-1]
    alone = months.share(last, "far")
    for case, share in zip(held_cases(months), (0.2, 0.5, 0.8), strict=True):
        mission_near = months.share(last, "near")
        far = 1 - (1 - alone) * (1 - share)
        assert case.by_month[-1] == pytest.approx((1.0 * mission_near + 3.0 * far) / 4)


def test_a_floor_breaks_only_where_actors_reach_too_little():
    # The planner gives `far` what the stated share leaves of the floor, and not more than it must.
    made = floored(0.9)
    months = months_of(made)
    low, stated, high = held_cases(months)
    assert [row.area_id for row in low.broken] == ["far"]
    assert low.broken[0].held < 0.9 and low.broken[0].floor == 0.9
    for case, share in ((low, 0.2), (stated, 0.5), (high, 0.8)):
        lacking = [m for m in months.all[6:] if 1 - (1 - months.share(m, "far")) * (1 - share) < 0.9 - 1e-6]
        assert sum(row.months for row in case.broken) == len(lacking)


def test_break_even_by_hand():
    # With p held by the mission, a floor of 0.9 needs s = 1 - 0.1 / (1 - p) from the seventh month on, when the actor
    # has its full share.
    made = floored(0.9)
    months = months_of(made)
    (row,) = break_evens(months)
    worst = min(months.share(month, "far") for month in months.all[6:])
    assert row.share == pytest.approx(1 - 0.1 / (1 - worst))
    assert (row.handover_id, row.area_id, row.floor) == ("police", "far", 0.9)


def test_break_even_agrees_with_searching_for_it():
    made = floored(0.9)
    months = months_of(made)
    (row,) = break_evens(months)
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        mission = made.mission
        tried = small.replace(mission.mandate, handover=(handover(share_full=middle, share_high=1.0, share_low=0.0),))
        again = months_of(small.replace(made, mission=small.replace(mission, mandate=tried)))
        low, high = (low, middle) if not held_cases(again)[1].broken else (middle, high)
    assert row.share == pytest.approx(high, abs=1e-5)


def test_no_share_holds_a_floor_before_the_actor_has_grown():
    made = planned(
        ceilings=(small.ceiling(400), small.ceiling(100, after=2)), floors=(small.floor(0.9, "far", after=2),),
        handover=(handover(share_start=0.0),),
    )  # fmt: skip
    (row,) = break_evens(months_of(made))
    assert row.share is None


def test_an_actor_who_waits_for_a_benchmark_holds_nothing_before_it():
    waiting = months_of(floored(0.0001, when="calm"))
    assert waiting.holds("calm", by_month(4)) and not waiting.holds("calm", by_month(3))
    early = [case.by_month[3] for case in held_cases(waiting)]
    assert early[0] == pytest.approx(early[2])


def test_the_planner_and_the_held_plan_agree_on_what_a_floor_leaves_to_the_mission():
    # Two codes that share nothing: the floor left to the mission in the planner's data, and the break-even above.
    made = floored(0.9)
    data = gather(made.mission, small.norms(PRICES))
    area = data.area_ids.index("far")
    left = data.demand.floors[area, -1]
    assert 1 - (1 - left) * (1 - 0.5) == pytest.approx(0.9)


@examples(30, 500)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 0.95))
def test_more_of_an_actor_never_lowers_what_an_area_has(one, other, start):
    less, more = sorted((one, other))
    made = planned(ceilings=STAY, handover=(handover(),))
    mission = made.mission
    found = []
    for full in (less, more):
        actor = handover(share_start=start, share_low=full, share_full=full, share_high=full)
        changed = small.replace(mission, mandate=small.replace(mission.mandate, handover=(actor,)))
        found.append(held_cases(months_of(small.replace(made, mission=changed)))[1])
    for area, share in found[0].by_area.items():
        assert found[1].by_area[area] >= share - 1e-12


def test_planned_again_with_more_of_an_actor_no_area_has_less_protection_together_beyond_the_gap():
    # The law for plans: what mission and actor answer together, over all areas, does not fall.
    totals = []
    for full in (0.0, 0.3, 0.6, 0.9):
        actor = handover(share_start=0.0, share_low=0.0, share_full=full, share_high=1.0)
        made = small.plan(leaving_mission(ceilings=STAY, handover=(actor,)), PRICES)
        totals.append(sum(held_cases(months_of(made))[1].by_month))
    assert totals == sorted(totals)


def test_an_area_where_nobody_takes_over_is_the_same_in_every_case():
    cases = held_cases(months_of(planned(ceilings=STAY, handover=(handover(),))))
    assert len({round(case.by_area["near"], 12) for case in cases}) == 1


def test_a_floor_taken_over_by_name_is_no_longer_asked():
    floor = small.floor(0.9, "far", taken_over_by="Police", taken_over_from=by_month(1))
    made = planned(ceilings=STAY, floors=(floor,), handover=(handover(),))
    assert all(not case.broken or case.broken[0].months <= 1 for case in held_cases(months_of(made)))
