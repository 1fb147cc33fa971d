"""Letters of assessment: by hand on four made-up States, and the law that every sum is exact."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError, RuleError
from bluehelm.finance.assessed_pieces import Authorisation
from bluehelm.finance.fiscal_year import fiscal_year_days
from bluehelm.finance.letters import Appropriation, Credit, assess, the_one_letter
from bluehelm.finance.scale import RegularRate, peacekeeping_scale
from bluehelm.finance.shipped_scales import all_shipped_scales
from bluehelm.norms import load_norms
from tests.conftest import examples

NORMS = load_norms()
SHIPPED = all_shipped_scales(NORMS)


def made_up(first: int, last: int, **rates: str):
    """Make a scale of years `first` to `last`: P at level A, R at B, S at D."""
    levels = {"P": "A", "R": "B", "S": "D"}
    return peacekeeping_scale(
        [RegularRate(member_state=name, rate_pct=Decimal(rate), level=levels[name]) for name, rate in rates.items()],
        NORMS, date(2022, 1, 1), period=f"{first}-{last}", days=(date(first, 1, 1), date(last, 12, 31)),
    )  # fmt: skip


OLD, NEW = made_up(2019, 2021, P="50", R="30", S="20"), made_up(2022, 2024, P="40", R="30", S="30")
WHOLE = Authorisation(first_day=date(2020, 1, 1), last_day=date(2024, 12, 31))


def asked(amount: str, year: str = "2022/23", voluntary: str = "0") -> Appropriation:
    return Appropriation(mission="M", fiscal_year=year, amount_usd=Decimal(amount), voluntary_usd=Decimal(voluntary))


def test_each_state_owes_its_rate_of_what_is_assessed():
    """New scale: S pays 24 of its 30, P bears 6 more: 46, 30, 24. Of 1,200 USD, 200 are paid voluntarily."""
    letter = the_one_letter(assess(asked("1200", voluntary="200"), [WHOLE], [OLD, NEW]))
    assert {line.member_state: str(line.due_usd) for line in letter.lines} == {
        "P": "460.00",
        "R": "300.00",
        "S": "240.00",
    }


def test_a_year_over_two_scales_has_a_letter_by_each():
    """Half a year each. Old: S 16, P 54, R 30; of 100 USD: 54, 30, 16. New: 46, 30, 24."""
    letters = assess(asked("200", "2021/22"), [WHOLE], [OLD, NEW]).letters
    assert [[str(line.assessed_usd) for line in letter.lines] for letter in letters] == [
        ["54.00", "30.00", "16.00"], ["46.00", "30.00", "24.00"],
    ]  # fmt: skip


def test_a_credit_goes_back_by_the_rates_at_which_its_year_was_assessed():
    """100 USD of 2020/21 come back by the old scale, on the first letter only."""
    letters = assess(asked("200", "2021/22"), [WHOLE], [OLD, NEW],
                     credits=[Credit(fiscal_year="2020/21", amount_usd=Decimal(100))]).letters  # fmt: skip
    assert [[str(line.due_usd) for line in letter.lines] for letter in letters] == [
        ["0.00", "0.00", "0.00"], ["46.00", "30.00", "24.00"],
    ]  # fmt: skip


def test_the_credit_of_a_state_in_arrears_is_set_off_against_what_it_owes():
    letter = the_one_letter(
        assess(asked("100"), [WHOLE], [OLD, NEW], credits=[Credit(fiscal_year="2020/21", amount_usd=Decimal(10))],
               in_arrears=frozenset({"R"}))
    )  # fmt: skip
    assert [(str(line.due_usd), str(line.credit_usd), str(line.to_arrears_usd)) for line in letter.lines] == [
        ("40.60", "5.40", "0.00"), ("30.00", "0.00", "3.00"), ("22.40", "1.60", "0.00"),
    ]  # fmt: skip


def test_more_credit_than_is_asked_leaves_an_amount_below_zero():
    letter = the_one_letter(
        assess(asked("1"), [WHOLE], [OLD, NEW], credits=[Credit(fiscal_year="2020/21", amount_usd=Decimal(10))])
    )
    assert sum(line.due_usd for line in letter.lines) == Decimal("-9.00")


def test_one_letter_is_refused_for_a_year_that_a_mandates_end_cuts_in_two():
    ends = [Authorisation(first_day=date(2022, 1, 1), last_day=date(2022, 11, 15))]
    with pytest.raises(RuleError, match=r"cut on 2022-11-15: 1 letter and 62\.50 USD.*one authorised period"):
        the_one_letter(assess(asked("100"), ends, [OLD, NEW]))
    renewed = [*ends, Authorisation(first_day=date(2022, 11, 16), last_day=date(2023, 11, 15))]
    with pytest.raises(RuleError, match=r"2 letters and 0\.00 USD"):
        the_one_letter(assess(asked("100"), renewed, [OLD, NEW]))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {"credits": [Credit(fiscal_year="2020/21", amount_usd=Decimal(-1))]},
            "-1 USD; 0 or more.*goes back to Member",
        ),
        ({"credits": [Credit(fiscal_year="2015/16", amount_usd=Decimal(1))]}, "No scale is at hand for 2015-07-01"),
        ({"in_arrears": frozenset({"Nobody"})}, "'Nobody' is credited or in arrears, but is not on the scale"),
    ],
)
def test_credits_against_the_rules_are_refused(more, words):
    with pytest.raises(RuleError, match=words):
        assess(asked("100"), [WHOLE], [OLD, NEW], **more)


@pytest.mark.parametrize(("amount", "voluntary"), [("-1", "0"), ("10", "11"), ("10", "-1")])
def test_an_appropriation_that_cannot_be_is_refused(amount, voluntary):
    with pytest.raises(InvalidRecordError, match="from 0 up to the whole"):
        asked(amount, voluntary=voluntary)


@examples(25, 500)
@given(
    st.integers(0, 2 * 10**11), st.integers(0, 10**9), st.sampled_from(["2020/21", "2021/22", "2022/23", "2023/24"]),
    st.dates(date(2020, 7, 1), date(2024, 6, 30)),
)  # fmt: skip
def test_letters_to_193_states_add_up_to_the_last_cent(cents, back, year, last):
    mandate = Authorisation(first_day=date(2019, 1, 1), last_day=last)
    try:
        assessed = assess(
            asked(str(Decimal(cents) / 100), year), [mandate], SHIPPED,
            credits=[Credit(fiscal_year="2019/20", amount_usd=Decimal(back) / 100)],
        )  # fmt: skip
    except RuleError:
        assert last < fiscal_year_days(year)[0]
        return
    lines = [line for letter in assessed.letters for line in letter.lines]
    assert sum((line.assessed_usd for line in lines), assessed.not_authorised_usd) == Decimal(cents) / 100
    assert sum(line.credit_usd for line in lines) == Decimal(back) / 100
    assert all(line.due_usd == line.assessed_usd - line.credit_usd for line in lines)
