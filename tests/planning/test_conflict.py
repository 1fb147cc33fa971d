from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import bluehelm
from bluehelm.mission.folder import read_mission
from bluehelm.mission.months import Month
from bluehelm.norms import load_norms
from bluehelm.planning.build import build
from bluehelm.planning.conflict import smallest_conflict
from bluehelm.planning.gather import gather
from tests.planning import small
from tests.planning.small import area, ceiling, money, monthly, site, site_limit, unit

DARFUR = Path(bluehelm.__file__).parent / "data" / "missions" / "darfur_2017"


def conflict(given, changes=None) -> tuple[str, ...]:
    data = gather(given, small.norms(changes))
    return smallest_conflict(build(data), data)


def mission(units, *, sites=(("a", False),), months=3, **more):
    listed = [site(name, may_close=may_close) for name, may_close in sites]
    return small.mission(areas=[area("a")], sites=listed, units=units, months=months, nodes=monthly(months), **more)


def test_a_ceiling_below_units_that_may_not_leave_names_both_and_what_would_do():
    told = conflict(mission([unit("u", "a", may_leave=False), unit("v", "a")], ceilings=[ceiling(40, after=1)]))
    assert told == (
        "Military personnel may be at most 40 from 2020-02. With the rest of this list, 100 or more would have to be "
        "allowed.",
        "1 × Infantry company (100 persons) may not leave.",
    )


def test_a_ceiling_that_comes_before_anyone_can_be_out_says_when_they_are():
    told = conflict(
        mission([unit("u", "a"), unit("v", "a")], ceilings=[ceiling(150)], months=6),
        {"exit_notice_months": 1, "exit_lag_months": 2},
    )
    assert told == (
        "Military personnel may be at most 150 from 2020-01. With the rest of this list, 200 or more would have to be "
        "allowed.",
        "Nobody can be out earlier: units told to leave in 2020-01 stop work in 2020-02 and count until 2020-04.",
    )


def test_a_ceiling_far_enough_off_is_no_conflict():
    given = mission([unit("u", "a"), unit("v", "a")], ceilings=[ceiling(150, after=4)], months=6)
    assert conflict(given, {"exit_notice_months": 1, "exit_lag_months": 2}) == (
        "All demands can be met together: the search ended before it found how. Give it more seconds.",
    )


def test_a_limit_on_bases_names_just_as_many_that_may_not_close_as_it_takes():
    told = conflict(
        mission([unit("u", "a")], sites=[("a", False), ("b", False), ("c", False), ("d", True)],
                site_limits=[site_limit(1, after=1)])
    )  # fmt: skip
    assert told[0].startswith("At most 1 site may be open from 2020-02.")
    assert len(told) == 3 and set(told[1:]) < {f"{name} may not close." for name in "abc"}


def test_money_that_cannot_pay_what_is_fixed_says_how_much_is_needed():
    told = conflict(mission([unit("u", "a")], fixed=2_000_000, budget=(money("appropriation", 5_000_000, last=2),)))
    assert told == (
        "USD 5.0 million are approved for 2020-01 to 2020-03. With the rest of this list, USD 6.0 million or more "
        "would be needed.",
    )


def test_a_conflict_of_whole_units_is_said_to_be_one():
    told = conflict(
        mission([unit("u", "a"), unit("v", "a")], ceilings=[ceiling(170, after=1)]), {"guard_persons_per_base": 150}
    )
    assert "a needs 150 persons to guard it while it is open." in told
    assert "a may not close." in told
    assert told[-1] == "Parts of units would fit; whole units do not."


def test_units_that_may_not_move_from_a_base_that_must_close_are_named():
    told = conflict(
        mission([unit("u", "b", may_move=False, may_leave=False)], sites=[("a", False), ("b", True)],
                site_limits=[site_limit(1, after=1)])
    )  # fmt: skip
    assert any("may not be moved" in text for text in told)
    assert "a may not close." in told


def test_an_impossible_ceiling_of_the_shipped_mission_is_explained():
    given = read_mission(DARFUR)
    early = [
        replace(one, persons=1000, from_month=Month(2017, 2)) if one.persons == 11395 else one
        for one in given.mandate.ceiling
        if one.persons != 8735
    ]
    data = gather(replace(given, mandate=replace(given.mandate, ceiling=tuple(early))), load_norms(given.amendments))
    told = smallest_conflict(build(data), data)
    assert told[0].startswith("Military personnel may be at most 1,000 from 2017-02.")
    assert told[1].endswith("stop work in 2017-02 and count until 2017-05.")
