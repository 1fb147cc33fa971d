"""A plan that uses what a restriction takes away, or asks what others have taken over, is refused.

The tiny plan was made by hand for a mission without such rows; here it is held against missions that have one.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bluehelm.checks.plan_check import check_plan
from bluehelm.mission.mandate import Condition, Handover
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine, Restriction
from tests.checks.tiny import JULY, JUNE, KNOWN, MAY, tiny_norms, tiny_plan

PLAN = tiny_plan()
NORMS = tiny_norms()
NEVER = Condition(condition_id="never", text="never", **KNOWN)


def restriction(kind: str, what: str, first: Month, last: Month | None = None, **more: Any) -> Restriction:
    return Restriction(kind=kind, what=what, from_month=first, until_month=last, **KNOWN, **more)


def handover(*tasks: str, share: float = 0.5, first: Month = MAY, **more: Any) -> Handover:
    given: dict[str, Any] = {"from_month": first, "full_month": first, **KNOWN, **more}
    return Handover(
        handover_id="h", actor="the police", actor_kind="national_police", tasks=tasks, share_full=share,
        share_low=share, share_high=share, **given,
    )  # fmt: skip


def told(mission: Mission) -> tuple[str, ...]:
    return check_plan(replace(PLAN, mission=mission), NORMS).sentences


def restricted(*rows: Restriction) -> tuple[str, ...]:
    return told(replace(PLAN.mission, restrictions=rows))


def mandated(*rows: Handover) -> tuple[str, ...]:
    return told(replace(PLAN.mission, mandate=replace(PLAN.mission.mandate, handover=rows)))


@pytest.mark.parametrize(
    ("row", "phrase"),
    [
        (restriction("site_lost", "south", JUNE, JUNE), "south is open in 2017-06, where it is lost"),
        (restriction("site_lost", "north", MAY), "north is open in 2017-05, where it is lost"),
        (restriction("site_lost", "clinic", JULY), "well: surgery_covered is stated as 1, but 0 was found"),
        (restriction("no_consent", "south_town", JUNE), "south_town: presence is stated as 1, but 0 was found"),
        (restriction("no_consent", "s", JUNE, JUNE), "presence is stated as 1, but 0 was found"),
        (restriction("no_consent", "s", JULY), "1000.0 hours are given, but zone 's' gives no consent"),
        (restriction("grounded", "infantry_company", JULY), "1000.0 hours are given, but the class is grounded"),
        (restriction("grounded", "air", JUNE, JUNE), "2017-06 / north_town: presence is stated as 4.07"),
        (restriction("grounded", "air", JULY), "well: surgery_covered is stated as 1, but 0 was found"),
    ],
)  # fmt: skip
def test_a_plan_that_uses_what_is_restricted_is_refused(row: Restriction, phrase: str) -> None:
    found = restricted(row)
    assert any(phrase in sentence for sentence in found), found


@pytest.mark.parametrize(
    "row",
    [
        restriction("site_lost", "well", MAY, JUNE),
        restriction("site_lost", "south", JULY),
        restriction("site_lost", "north", JUNE, when="never"),
        restriction("no_consent", "n", Month(2017, 8)),
        restriction("grounded", "level_2_hospital", MAY),
    ],
)
def test_a_plan_that_uses_nothing_restricted_stands(row: Restriction) -> None:
    mandate = replace(PLAN.mission.mandate, condition=(NEVER,))
    assert told(replace(PLAN.mission, mandate=mandate, restrictions=(row,))) == ()


def test_a_base_that_may_not_close_may_when_it_is_lost() -> None:
    sites = tuple(replace(site, may_close=False) for site in PLAN.mission.sites)
    assert any("south closes in 2017-07; it must stay open" in sentence for sentence in told(replace(
        PLAN.mission, sites=sites)))  # fmt: skip
    lost = (restriction("site_lost", "south", JULY),)
    assert told(replace(PLAN.mission, sites=sites, restrictions=lost)) == ()


@pytest.mark.parametrize(
    ("row", "phrase"),
    [
        (handover("escort"), "escort / s: demand_hours is stated as 1000, but 500 was found"),
        (handover("escort", zones=("n",)), ""),
        (handover("escort", first=JULY), "2017-07 / escort / s: demand_hours is stated as 1000, but 500 was found"),
        (
            handover("mediate", full_month=JULY, share_start=0.2, share=0.4),
            "2017-06 / mediate / n: demand_hours is stated as 150, but 105 was found",
        ),
        (handover("protect", zones=("n",), first=JUNE), "Tier 'priority_1' is stated to reach"),
        (handover("protect", zones=("s",), share=0.25), "floor_share is stated as 0.4, but 0.2 was found"),
        (handover("protect", share=0.4), "floor_share is stated as 0.4, but nan was found"),
    ],
)
def test_a_plan_that_still_asks_what_was_handed_over_is_refused(row: Handover, phrase: str) -> None:
    found = mandated(row)
    if not phrase:
        assert found == ()
    else:
        assert any(phrase in sentence for sentence in found), found


def test_two_actors_add_up_on_effort_and_act_as_chances_on_protection() -> None:
    found = " ".join(mandated(handover("escort", share=0.3), handover("escort", "protect", share=0.2)))
    assert "demand_hours is stated as 1000, but 500 was found" in found
    both = " ".join(mandated(handover("protect", share=0.1), handover("protect", share=0.2)))
    # A floor of 0.4, less 1 - 0.9 · 0.8 = 0.28 that is taken over: 0.12 / 0.72.
    assert "floor_share is stated as 0.4, but 0.16666666" in both


def with_line(index: int, **more: Any) -> tuple[str, ...]:
    budget = list(PLAN.mission.budget)
    budget[index] = replace(budget[index], **more)
    mandate = replace(PLAN.mission.mandate, condition=(NEVER,))
    return told(replace(PLAN.mission, mandate=mandate, budget=tuple(budget)))


def test_money_on_a_condition_that_does_not_hold_is_not_there() -> None:
    assert any("cash_limit_usd is stated as 6500000, but 4000000 was found" in s for s in with_line(1, when="never"))
    assert any("approved_usd is stated as 6500000" in s for s in with_line(3, when="never"))


def test_an_approval_that_does_not_hold_does_not_bind() -> None:
    low = BudgetLine(
        kind="appropriation", first_month=MAY, last_month=JULY, amount_usd=Decimal(1), when="never", **KNOWN
    )
    mandate = replace(PLAN.mission.mandate, condition=(NEVER,))
    assert told(replace(PLAN.mission, mandate=mandate, budget=(*PLAN.mission.budget, low))) == ()
    binding = replace(low, when="")
    assert any(
        "of 1 USD approved" in sentence
        for sentence in told(replace(PLAN.mission, budget=(*PLAN.mission.budget, binding)))
    )
