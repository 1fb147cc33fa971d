"""The peacekeeping rate: by hand on made-up States, by another way of computing, and the laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import RuleError
from bluehelm.finance.apportion import share_out
from bluehelm.finance.scale import FOUR_DECIMALS, RegularRate, by_level, peacekeeping_scale, rounded_pct
from bluehelm.norms import load_norms
from tests.conftest import examples

NORMS, DAY = load_norms(), date(2022, 1, 1)
DISCOUNT = {"A": 0, "B": 0, "C": 75, "D": 200, "E": 400, "F": 600, "G": 700, "H": 800, "I": 800, "H/I": 800, "J": 900}


def given_rates(**rows: tuple[str, str]) -> list[RegularRate]:
    return [RegularRate(member_state=name, rate_pct=Decimal(rate), level=level) for name, (rate, level) in rows.items()]


def printed(regular: list[RegularRate]) -> dict[str, str]:
    return {
        state.member_state: str(state.peacekeeping_rate_pct) for state in peacekeeping_scale(regular, NORMS, DAY).states
    }


def test_discounts_are_borne_by_the_permanent_members_pro_rata():
    """D has 20 % off 20, J has 90 % off 10: 4 + 9 = 13 go to P and Q, which have 40 and 10: 40 + 10.4 and 10 + 2.6."""
    regular = given_rates(P=("40", "A"), Q=("10", "A"), R=("20", "B"), S=("20", "D"), T=("10", "J"))
    assert printed(regular) == {"P": "50.4000", "Q": "12.6000", "R": "20.0000", "S": "16.0000", "T": "1.0000"}
    scale = peacekeeping_scale(regular, NORMS, DAY)
    assert (scale.discounts_pct, scale.permanent_pct) == (Fraction(13), Decimal(50))
    assert scale.multiplier == Fraction(63, 50)


def test_a_scale_without_discounts_is_the_regular_scale():
    assert printed(given_rates(P=("40", "A"), R=("60", "B"))) == {"P": "40.0000", "R": "60.0000"}


def test_a_discount_between_two_levels_holds_on_the_way_only():
    """U is on its way from J (90) to H (80): 85 % off 10 is 8.5."""
    on_the_way = RegularRate(
        member_state="U", rate_pct=Decimal(10), level="H", discount_pct=Decimal(85), from_level="J"
    )
    scale = peacekeeping_scale([*given_rates(P=("90", "A")), on_the_way], NORMS, DAY)
    assert [str(state.peacekeeping_rate_pct) for state in scale.states] == ["98.5000", "1.5000"]


def test_an_exception_needs_its_decision():
    exception = RegularRate(member_state="U", rate_pct=Decimal(10), level="B", discount_pct=Decimal("7.5"))
    permanent = given_rates(P=("90", "A"))
    with pytest.raises(
        RuleError, match=r"'U' is at level B with a discount of 7\.5 per cent.*it is 0\..*levels A to J"
    ):
        peacekeeping_scale([*permanent, exception], NORMS, DAY)
    scale = peacekeeping_scale([*permanent, replace(exception, decision="A/76/PV.54")], NORMS, DAY)
    assert scale.states[1].exact_rate_pct == Fraction("9.25")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"P": ("40", "A"), "R": ("59.999", "B")}, r"2 States add up to 99\.999 per cent.*add up to 100 per cent"),
        ({"P": ("40", "A"), "R": ("60.001", "B")}, r"100\.001"),
        ({"P": ("110", "A"), "R": ("-10", "B")}, "'R' is -10.*Charter"),
        ({"P": ("NaN", "A"), "R": ("60", "B")}, "'P' is NaN"),
        ({"P": ("40", "A"), "R": ("60", "K")}, "'R' is at level 'K'; one of A to J"),
        ({"P": ("40", "A"), "R": ("60", "")}, "'R' is at level ''"),
        ({"P": ("40", "B"), "R": ("60", "J")}, "no State is at level A.*bear all discounts"),
        ({"China": ("40", "B"), "R": ("60", "A")}, "'China' is at level B; level A was expected"),
        ({}, "add up to 0"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_name_and_source(rows, words):
    with pytest.raises(RuleError, match=words):
        peacekeeping_scale(given_rates(**rows), NORMS, DAY)


def test_a_state_that_stands_twice_is_refused():
    with pytest.raises(RuleError, match=r"'P' stands 2 times.*every Member State has one regular rate"):
        peacekeeping_scale([*given_rates(P=("50", "A")), *given_rates(P=("50", "A"))], NORMS, DAY)


@pytest.mark.parametrize(
    ("level", "discount", "from_level"),
    [("D", "40", ""), ("D", "90", "E"), ("A", "1", ""), ("A", "10", "D"), ("J", "-1", ""), ("B", "101", "")],
)
def test_a_discount_that_does_not_match_the_table_is_refused(level, discount, from_level):
    odd = RegularRate(
        member_state="U", rate_pct=Decimal(10), level=level, discount_pct=Decimal(discount), from_level=from_level
    )
    with pytest.raises(RuleError, match=r"by the table of levels it is .*A/RES/55/235"):
        peacekeeping_scale([*given_rates(P=("90", "A")), odd], NORMS, DAY)


@st.composite
def scales(draw: st.DrawFn) -> list[RegularRate]:
    """Draw a scale of 2 to 25 States in thousandths of a per cent, a permanent member among them."""
    levels = ["A", *draw(st.lists(st.sampled_from(sorted(DISCOUNT)), min_size=1, max_size=24))]
    weights = draw(st.lists(st.integers(1, 10_000), min_size=len(levels), max_size=len(levels)))
    thousandths = share_out(100_000, {str(place): weight for place, weight in enumerate(weights)})
    return [
        RegularRate(member_state=f"S{place}", rate_pct=Decimal(part) / 1000, level=levels[int(place)])
        for place, part in thousandths.items()
    ]


@examples(100, 3_000)
@given(scales())
def test_money_moved_by_hand_gives_the_same_rates(regular):
    """Another way: assess 10^8 by the regular scale, give discounts back, collect them from the permanent members."""
    money = {state.member_state: int(state.rate_pct * 1000) * 1000 for state in regular}  # 100 % = 10^8
    back = {state.member_state: money[state.member_state] * DISCOUNT[state.level] // 1000 for state in regular}
    permanent = [state.member_state for state in regular if state.level == "A"]
    owed = {name: Fraction(money[name] - back[name]) for name in money}
    base = sum(money[name] for name in permanent)
    if not base:
        return
    for name in permanent:
        owed[name] += Fraction(sum(back.values()) * money[name], base)
    scale = peacekeeping_scale(regular, NORMS, DAY)
    assert scale.exact_rates() == {name: Fraction(owed[name], 10**6) for name in owed}


@examples(100, 3_000)
@given(scales(), st.randoms(use_true_random=False))
def test_rates_add_up_to_100_and_do_not_depend_on_the_order(regular, random):
    if not sum(state.rate_pct for state in regular if state.level == "A"):
        return
    scale = peacekeeping_scale(regular, NORMS, DAY)
    assert sum(scale.exact_rates().values()) == 100
    assert sum(state.peacekeeping_rate_pct for state in scale.states) == Decimal("100.0000")
    assert all(
        abs(Fraction(state.peacekeeping_rate_pct) - state.exact_rate_pct) < FOUR_DECIMALS for state in scale.states
    )
    assert all(
        state.exact_rate_pct >= state.regular_rate_pct
        if state.level == "A"
        else state.exact_rate_pct <= state.regular_rate_pct
        for state in scale.states
    )
    mixed = list(regular)
    random.shuffle(mixed)
    again = {state.member_state: state for state in peacekeeping_scale(mixed, NORMS, DAY).states}
    assert all(again[state.member_state] == state for state in scale.states)
    assert sum(count for _, count, _, _ in by_level(scale)) == len(regular)


@examples(100, 3_000)
@given(scales())
def test_a_discount_that_grows_never_makes_a_permanent_member_pay_less(regular):
    if not sum(state.rate_pct for state in regular if state.level == "A"):
        return
    norms = NORMS.with_amendments({"peacekeeping_discount_share.D": 0.3})
    before, after = (peacekeeping_scale(regular, used, DAY).exact_rates() for used in (NORMS, norms))
    assert all(after[state.member_state] >= before[state.member_state] for state in regular if state.level == "A")


def test_the_steps_left_by_rounding_down_go_to_the_largest_remainders():
    """1/3 each: 33.3333 three times leaves one step, which goes to the first name."""
    assert rounded_pct(dict.fromkeys("abc", Fraction(100, 3))) == {
        "a": Decimal("33.3334"), "b": Decimal("33.3333"), "c": Decimal("33.3333"),
    }  # fmt: skip
