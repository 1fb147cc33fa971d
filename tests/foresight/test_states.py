"""Named states: chances by hand, every way exactly once, and files that say what cannot be."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import ImportFileError
from bluehelm.foresight.states import Chain, Value, histories_of, read_states
from tests.conftest import examples

GOOD = """
[[state]]
name = "funding"
start = "full"
note = "arrears of the last three years"

[[value]]
state = "funding"
name = "cut"
chance_per_year = 0.4
receipts_share = 0.85

[[value]]
state = "funding"
name = "full"

[[state]]
name = "consent"
start = "given"

[[value]]
state = "consent"
name = "given"
chances = [0.5, 0.25]

[[value]]
state = "consent"
name = "withdrawn"
chances = [0.1, 0.2]
conditions = ["consent_withdrawn"]
risk_factor = 2
risk_areas = ["bela"]
"""


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        (tmp_path / "states.toml").write_text(text, encoding="utf-8")
        return read_states(tmp_path / "states.toml")

    return read_text


def names(history) -> list[str]:
    return ["+".join(value.name for value in stage) for stage in history.values]


def chances(chains, starts) -> dict[tuple[str, ...], Fraction]:
    return {tuple(names(history)): history.chance for history in histories_of(chains, starts)}


def value(name, **more) -> Value:
    return Value(state="s", name=name, **more)


def test_a_file_is_read_with_the_starting_value_first(read):
    funding, consent = read(GOOD)
    assert [v.name for v in funding.values] == ["full", "cut"]
    assert funding.values[1].receipts_share == 0.85
    assert consent.values[1].conditions == ("consent_withdrawn",)
    assert consent.values[1].chances == (0.1, 0.2)


def test_chances_at_stages_as_worked_out_by_hand(read):
    # Given → withdrawn with 0.1, then 0.2; withdrawn → given with 0.25 at the second change.
    assert chances(read(GOOD)[1:], (0, 3, 6)) == {
        ("given", "given", "given"): Fraction("0.72"),
        ("given", "given", "withdrawn"): Fraction("0.18"),
        ("given", "withdrawn", "withdrawn"): Fraction("0.075"),
        ("given", "withdrawn", "given"): Fraction("0.025"),
    }


def test_a_yearly_chance_is_reached_after_a_year_however_it_is_cut(read):
    funding = read(GOOD)[:1]
    for starts in ((0, 12), (0, 3, 12), (0, 1, 2, 7, 12)):
        cut = sum(chance for way, chance in chances(funding, starts).items() if way[-1] == "cut")
        assert float(cut) == pytest.approx(0.4)


def test_yearly_chances_compete():
    chain = Chain("s", (value("now"), value("a", chance_per_year=0.5), value("b", chance_per_year=0.75)))
    found = chances([chain], (0, 12))
    # Rates ln 2 and 2 ln 2: one eighth stays, and the rest goes one part to a and two to b.
    assert float(found["now", "now"]) == pytest.approx(1 / 8)
    assert float(found["now", "b"]) == pytest.approx(7 / 12)


def test_what_a_value_comes_from_limits_where_it_follows():
    chain = Chain("s", (value("a"), value("b", chances=(0.5, 0.5)), value("c", chances=(0.5, 0.5), comes_from=("b",))))
    assert set(chances([chain], (0, 1, 2))) == {("a", "a", "a"), ("a", "a", "b"), ("a", "b", "b"), ("a", "b", "c")}


def test_states_are_independent_and_joint_values_are_one_state(read):
    both = chances(read(GOOD), (0, 3, 6))
    funding, consent = (chances([chain], (0, 3, 6)) for chain in read(GOOD))
    assert len(both) == len(funding) * len(consent)
    for way, chance in both.items():
        one, other = zip(*(stage.split("+") for stage in way), strict=True)
        assert chance == funding[one] * consent[other]


def test_without_states_there_is_one_way():
    (history,) = histories_of([], (0, 3))
    assert history.values == ((), ()) and history.chance == 1


@examples(40, 1_000)
@given(st.lists(st.floats(0, 0.5), min_size=2, max_size=2), st.floats(0.01, 0.99), st.integers(1, 3))
def test_chances_always_add_up_to_exactly_1(at_stage, a_year, states):
    chain = Chain("s", (value("a"), value("b", chances=tuple(at_stage)), value("c", chance_per_year=a_year)))
    listed = histories_of([chain] * states, (0, 3, 9))
    assert sum(history.chance for history in listed) == 1
    assert all(history.chance > 0 for history in listed)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("receipts_share", "recipts_share", "Did you mean 'receipts_share'?"),
        ('start = "full"', 'start = "ful"', "Did you mean 'full'?"),
        ('state = "funding"\nname = "cut"', 'state = "fundin"\nname = "cut"', "Did you mean 'funding'?"),
        ("[[value]]\nstate = \"funding\"\nname = \"cut\"", "[[valu]]\nname = \"cut\"", "Did you mean 'value'?"),
        ("chance_per_year = 0.4", "chance_per_year = 1.4", "out of its range"),
        ("chance_per_year = 0.4", "chance_per_year = 1", "would be there at once"),
        ("chance_per_year = 0.4", "", "can never come"),
        ("chance_per_year = 0.4", "chance_per_year = 0.4\nchances = [0.1, 0.1]", "has both"),
        ("chance_per_year = 0.4", "chance_per_year = 0.4\ncomes_from = [\"ful\"]", "Did you mean 'full'?"),
        ("risk_factor = 2", "risk_factor = 1", "no risk_factor other than 1"),
        ('name = "consent"', 'name = "funding"', "stands twice"),
        ("receipts_share = 0.85", "receipts_share = -1", "out of its range"),
        ("receipts_share = 0.85", "appropriation_share = 0.5", "is not an effect that a value can have by itself"),
        ("risk_factor = 2", 'consent_areas = ["bela"]\nrisk_factor = 2', "not an effect that a value can have by"),
        (GOOD, "", "No state is named"),
        ("[[state]]", "[[state]", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_is_refused_with_what_to_do(read, old, new, said):
    assert old in GOOD
    with pytest.raises(ImportFileError, match=r"states\.toml") as refused:
        read(GOOD.replace(old, new))
    assert said in str(refused.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(ImportFileError, match="is not there"):
        read_states(tmp_path / "none.toml")


def test_chances_of_leaving_that_exceed_1_are_refused():
    chain = Chain("s", (value("a"), value("b", chances=(0.7,)), value("c", chances=(0.4,))))
    with pytest.raises(ImportFileError, match=r"leaving 'a' add up to 1\.1"):
        histories_of([chain], (0, 3))


def test_as_many_chances_as_changes_are_expected():
    with pytest.raises(ImportFileError, match="gives its chance 1 time; the tree has 3 stages, so 2"):
        histories_of([Chain("s", (value("a"), value("b", chances=(0.7,))))], (0, 3, 6))


def test_more_ways_than_can_be_told_apart_are_refused():
    chain = Chain("s", tuple(value(str(i), chance_per_year=0.5) for i in range(4)))
    with pytest.raises(ImportFileError, match=f"can go {math.prod([64, 64])} ways"):
        histories_of([chain, chain], (0, 1, 2, 3))
