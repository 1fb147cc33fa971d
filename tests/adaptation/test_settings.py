"""A setting changes just what it names, hangs on its seed alone, and what cannot be is told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.adaptation.settings import MISSION_AXES, check_value, mission_at
from bluehelm.errors import InvalidRecordError
from bluehelm.mission.hashing import mission_hash
from bluehelm.mission.mission import Mission
from tests.conftest import examples
from tests.planning import small


def made(pledges: int = 10) -> Mission:
    areas = [small.area("a", 2.0, zone="north"), small.area("b", 4.0, zone="south")]
    risk = pl.DataFrame(
        {"area_id": ["a", "b"], "month": ["2020-01", "2020-01"], "fatalities_per_month": [1.0, 3.0],
         "source": ["hand", "hand"], "status": ["assumed", "assumed"], "node_id": ["", ""], "note": ["", ""]}
    )  # fmt: skip
    return small.mission(
        areas=areas, sites=[small.site("s")], units=[small.unit("u", "s")], ceilings=[small.ceiling(1001)], risk=risk,
        pledges=tuple(small.pledge(f"p{i}") for i in range(pledges)),
        budget=(small.money("opening_cash", 7), small.money("receipt", 1000), small.money("appropriation", 900),
                small.money("owed_limit", 50)),
    )  # fmt: skip


def amounts(mission: Mission) -> dict[str, Decimal]:
    return {line.kind: line.amount_usd for line in mission.budget}


def deaths(mission: Mission) -> list[float]:
    return [area.fatalities_per_month for area in mission.areas]


def test_an_empty_setting_is_the_mission_itself():
    assert mission_at(made(), {}) == made()


@pytest.mark.parametrize(
    ("axis", "changed"),
    [
        ("budget_scale", {"receipt": Decimal(850), "appropriation": Decimal(765)}),
        ("receipts_scale", {"receipt": Decimal(850)}),
        ("appropriation_scale", {"appropriation": Decimal(765)}),
        ("owed_limit_scale", {"owed_limit": Decimal("42.5")}),
    ],
)
def test_money_is_scaled_to_the_cent_and_other_lines_stay(axis, changed):
    assert amounts(mission_at(made(), {axis: 0.85})) == {**amounts(made()), **changed}


def test_violence_is_scaled_in_areas_and_in_the_table_of_risk_everywhere_or_in_a_zone():
    everywhere, north = mission_at(made(), {"risk_scale": 1.5}), mission_at(made(), {"risk_scale.north": 1.5})
    assert deaths(everywhere) == [3.0, 6.0] and deaths(north) == [3.0, 4.0]
    for mission, expected in ((everywhere, [1.5, 4.5]), (north, [1.5, 3.0])):
        assert mission.risk is not None
        assert mission.risk["fatalities_per_month"].to_list() == expected


def test_ceilings_are_scaled_to_whole_persons_and_pledges_come_later():
    assert mission_at(made(), {"ceiling_scale": 0.75}).mandate.ceiling[0].persons == 750
    late = mission_at(made(), {"pledges_late_months": 3})
    assert {one.available_from for one in late.pledges} == {small.FIRST + 3}


def test_norms_are_amended_beside_what_the_mission_amends():
    mission = replace(made(), amendments={"protection_q": 0.4, "move_days": 1})
    amended = mission_at(mission, {"norm.protection_q": 0.5, "norm.lead_months.2": 4})
    assert amended.amendments == {"protection_q": 0.5, "move_days": 1, "lead_months.2": 4}


@examples(20, 500)
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**6), st.integers(0, 12))
def test_more_pledges_hold_those_that_fewer_would(one, other, seed, count):
    mission = made(count) if count else made(1)
    few, many = (
        {pledge.pledge_id for pledge in mission_at(mission, {"pledges_share": share}, seed).pledges}
        for share in sorted((one, other))
    )
    assert few <= many
    assert len(many) == int(max(one, other) * len(mission.pledges) + 0.5)


@examples(20, 500)
@given(st.permutations(range(10)), st.integers(0, 100))
def test_draws_hang_on_names_and_not_on_the_order_of_rows(order, seed):
    mission = made()
    shuffled = replace(mission, pledges=tuple(mission.pledges[i] for i in order), areas=mission.areas[::-1])
    setting = {"pledges_share": 0.5, "risk_noise": 0.8}
    one, other = mission_at(mission, setting, seed), mission_at(shuffled, setting, seed)
    assert {p.pledge_id for p in one.pledges} == {p.pledge_id for p in other.pledges}
    assert deaths(one) == deaths(other)[::-1]


def test_the_draw_of_violence_has_the_spread_asked_for_and_keeps_the_mean():
    areas = [small.area(f"a{i}", 1.0) for i in range(4000)]
    mission = replace(made(), areas=tuple(areas), risk=None)
    drawn = deaths(mission_at(mission, {"risk_noise": 0.5, "risk_seed": 3}))
    assert sum(drawn) / len(drawn) == pytest.approx(1.0, abs=0.03)
    assert drawn != deaths(mission_at(mission, {"risk_noise": 0.5, "risk_seed": 4}))
    assert deaths(mission_at(mission, {"risk_noise": 0.0})) == deaths(mission)


@examples(30, 1000)
@given(st.dictionaries(st.sampled_from(sorted({"risk_scale", "budget_scale", "pledges_share", "ceiling_scale"})),
                       st.floats(0, 1)), st.integers(0, 9))  # fmt: skip
def test_a_setting_is_pure_and_its_order_does_not_matter(setting, seed):
    mission = made()
    before = mission_hash(mission)
    there = mission_at(mission, setting, seed)
    back = mission_at(mission, dict(reversed(setting.items())), seed)
    assert mission_hash(mission) == before and mission_hash(there) == mission_hash(back)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("reciepts_scale", 1.0, "Nearest name: 'receipts_scale'"),
        ("risk_scale.norht", 1.0, "Nearest name: 'risk_scale.north'"),
        ("norm.", 1.0, "is not known"),
        ("risk_scale", -0.1, "a number from 0"),
        ("risk_scale", float("nan"), "a number from 0"),
        ("risk_scale", float("inf"), "a number from 0"),
        ("pledges_share", 1.01, "from 0 to 1"),
        ("pledges_late_months", 1.5, "a whole number"),
        ("risk_scale", "2", "a number from 0"),
        ("risk_scale", True, "a number from 0"),
    ],
)
def test_what_cannot_be_is_told_with_what_was_expected(name, value, told):
    with pytest.raises(InvalidRecordError, match=told.replace("(", r"\(")):
        check_value(name, value, made())


@pytest.mark.parametrize("axis", ["budget_scale", "receipts_scale", "pledges_share", "ceiling_scale"])
def test_an_axis_that_would_change_nothing_is_refused(axis):
    bare = small.mission(areas=[small.area("a")], sites=[small.site("s")], units=[small.unit("u", "s")])
    with pytest.raises(InvalidRecordError, match="would change nothing"):
        mission_at(bare, {axis: 0.5})


def test_every_axis_of_a_mission_can_be_used():
    value = {name: 1 if axis.kind == "whole" else 0.5 for name, axis in MISSION_AXES.items()}
    assert mission_at(made(), value) != made()
