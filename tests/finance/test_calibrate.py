from __future__ import annotations

from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from bluehelm.errors import BluehelmError, ImportFileError, InvalidRecordError
from bluehelm.finance.calibrate import calibrate, record_of
from bluehelm.finance.cost_model import MissionYear, fit, left_out, varying
from tests.conftest import examples

SPENDING = "mission,fiscal_year,measure,amount_usd\n"
STRENGTHS = "mission,fiscal_year,uniformed_persons,civilians,sites,aircraft,aviation_sites\n"


def year(mission, spent, persons, name="2018/19", **more):
    strength = {"uniformed_persons": float(persons), **{key: float(value) for key, value in more.items()}}
    return MissionYear(mission=mission, fiscal_year=name, spent_usd=float(spent), strength=strength)


def files(tmp_path, spending, strengths):
    paths = tmp_path / "spending.csv", tmp_path / "strengths.csv"
    paths[0].write_text(spending, encoding="utf-8")
    paths[1].write_text(strengths, encoding="utf-8")
    return paths


def made_up(prices, count=8, seed=3):
    """Missions that spend just what the prices say."""
    draw = np.random.default_rng(seed)
    years = []
    for i in range(count):
        strength = {"uniformed_persons": float(draw.integers(200, 20_000)), "sites": float(draw.integers(2, 40)),
                    "aircraft": float(draw.integers(0, 30))}  # fmt: skip
        spent = prices["fixed"] + sum(prices[term] * strength[term] for term in strength)
        years.append(MissionYear(mission=f"M{i}", fiscal_year="2018/19", spent_usd=spent, strength=strength))
    return years


@pytest.mark.parametrize("how", ["absolute", "squares"])
def test_prices_that_made_the_figures_are_found_again_and_tell_missions_not_seen(how):
    prices = {"fixed": 3e7, "uniformed_persons": 4e4, "sites": 2.5e6, "aircraft": 3e6}
    years = made_up(prices)
    model = fit(years, list(prices)[1:], how)
    assert model.prices_usd == pytest.approx(prices, rel=1e-6)
    assert left_out(years, list(prices)[1:], how) == pytest.approx([y.spent_usd for y in years], rel=1e-6)


def test_one_mission_of_another_kind_does_not_draw_the_line_for_all():
    """Six missions at 50,000 a person and one at four times as much: shares in absolute terms keep the price."""
    years = [
        year(f"M{i}", 50_000 * persons, persons) for i, persons in enumerate((900, 1200, 4000, 9000, 12000, 19000))
    ]
    years.append(year("odd", 4 * 50_000 * 1000, 1000))
    assert fit(years, ["uniformed_persons"]).prices_usd == pytest.approx({"fixed": 0, "uniformed_persons": 50_000})
    squares = fit(years, ["uniformed_persons"], "squares").prices_usd
    assert abs(squares["uniformed_persons"] - 50_000) > 100


def test_a_mission_counts_once_however_many_of_its_years_are_known():
    """Missions that spend 10,000, 20,000 and, in ten years, 40,000: by years the dearest would be the price."""
    years = [year("cheap", 10_000, 1000), year("middle", 20_000, 1000)]
    years += [year("dear", 40_000, 1000, f"{2000 + i}/{i + 1:02d}") for i in range(10)]
    price = fit(years, []).prices_usd["fixed"]
    assert price == pytest.approx(10_000)
    # Σ |p / spent - 1| is 1/10 + 1/20 + 1/40 steep: below 10 it falls, above it rises, by shares of what was spent.
    ends = [abs(p / 10_000 - 1) + abs(p / 20_000 - 1) + abs(p / 40_000 - 1) for p in (9_000, price, 11_000)]
    assert min(ends) == ends[1]


@examples(30, 500)
@given(st.lists(st.tuples(st.integers(1, 400), st.integers(1, 200)), min_size=4, max_size=8))
def test_no_price_is_negative_and_no_other_price_fits_better(pairs):
    years = [year(f"M{i}", 1e6 * spent, 100 * persons) for i, (spent, persons) in enumerate(pairs)]
    terms = varying(years, ["uniformed_persons"])
    model = fit(years, terms)
    assert min(model.prices_usd.values()) >= 0
    shares = np.array([[1.0, *(y.strength[t] for t in terms)] for y in years])
    shares /= np.array([y.spent_usd for y in years])[:, None]

    def loss(prices):
        return np.abs(shares @ np.abs(prices) - 1).sum()

    found = np.array(list(model.prices_usd.values()))
    near = minimize(loss, found + 1.0, method="Nelder-Mead", options={"maxiter": 400})
    assert loss(found) <= near.fun + 1e-6 * len(years)


def test_the_error_stated_is_that_of_missions_left_out_worked_out_one_by_one(tmp_path):
    spent = {"A": 100, "B": 190, "C": 330, "D": 400, "E": 900}
    persons = {"A": 1000, "B": 2000, "C": 3000, "D": 4000, "E": 5000}
    paths = files(
        tmp_path,
        SPENDING + "".join(f"{m},2018/19,expenditure (actual),{usd}000000\n" for m, usd in spent.items()),
        STRENGTHS + "".join(f"{m},2018/19,{p},,,,\n" for m, p in persons.items()),
    )
    found = calibrate(*paths)
    by_hand = []
    for mission in spent:
        rest = [year(m, spent[m] * 1e6, persons[m]) for m in spent if m != mission]
        prices = fit(rest, ["uniformed_persons"]).prices_usd
        told = prices["fixed"] + prices["uniformed_persons"] * persons[mission]
        by_hand.append(abs(told / (spent[mission] * 1e6) - 1))
    assert found.left_out_error_share == pytest.approx(median(by_hand))
    record = record_of(found)
    assert record["median_absolute_error_share"]["leave_one_mission_out"] == found.left_out_error_share
    assert record["target_reached"] == (found.left_out_error_share <= 0.12)
    assert len(record["provenance"]["spending_hash"]) == 64


def test_what_is_left_out_is_said(tmp_path):
    spending = SPENDING + "".join(f"M{i},2018/19,approved,{i + 1}00000000\n" for i in range(4))
    spending += (
        "ALL,2018/19,approved total,9\nLONE,2018/19,approved,5000000\nM0,2018/19,expenditure (actual),90000000\n"
    )
    strengths = STRENGTHS + "".join(f"m{i},2018/19,{(i + 1) * 1000},,7,{i},\n" for i in range(4))
    strengths += "IDLE,2018/19,5,,,,\nM0,2010/11,9,,,,\n"
    found = calibrate(*files(tmp_path, spending, strengths))
    assert [row.measure for row in found.told] == ["expenditure (actual)", *["approved"] * 3]
    notes = " ".join(found.notes)
    assert "approved total" in notes and "LONE 2018/19" in notes and "IDLE 2018/19" in notes and "M0 2010/11" in notes
    assert "'civilians' is left out: it is given for 0 of 4" in notes
    assert "'sites' is left out: it is the same in all" in notes
    assert set(found.model.prices_usd) == {"fixed", "uniformed_persons", "aircraft"}


def test_a_term_known_of_most_years_is_kept_and_the_others_are_left_out_with_their_names(tmp_path):
    spending = SPENDING + "".join(f"M{i},2018/19,,{i + 1}00000000\n" for i in range(6))
    strengths = STRENGTHS + "".join(f"M{i},2018/19,{i + 1}000,,{i * i if i else ''},,\n" for i in range(6))
    found = calibrate(*files(tmp_path, spending, strengths))
    assert len(found.told) == 5 and "sites" in found.model.prices_usd
    assert any("left out: M0 2018/19" in note for note in found.notes)


@pytest.mark.parametrize(
    ("spending", "strengths", "told"),
    [
        ("A,2018/19,,1\n", "B,2018/19,5,,,,\n", "no mission and fiscal year in common"),
        ("A,2018/19,,1\nB,2018/19,,1\n", "A,2018/19,5,,,,\nB,2018/19,5,,,,\n", "at least 3 are needed"),
        ("A,2018/19,,1\n", "A,2018/19,5,,,,\na,2018/19,6,,,,\n", "stands a second time in 2018/19"),
        ("A,2018/19,,1\n", "A,2018/19,-5,,,,\n", "out of its range"),
        ("A,2018/19,,1\n", "A,2018,5,,,,\n", "1 July to 30 June"),
        ("A,2018/19,unspent,1\n", "A,2018/19,5,,,,\n", "its measures are 'unspent'"),
        ("A,2018/19,,0\nB,2018/19,,1\nC,2018/19,,1\nD,2018/19,,1\n",
         "".join(f"{m},2018/19,5,,,,\n" for m in "ABCD"), "A spent nothing"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_fitted_are_refused_with_the_step_to_take(tmp_path, spending, strengths, told):
    with pytest.raises(BluehelmError) as error:
        calibrate(*files(tmp_path, SPENDING + spending, STRENGTHS + strengths))
    assert told in str(error.value)


def test_a_column_of_strengths_that_is_unknown_is_named_with_the_nearest(tmp_path):
    paths = files(tmp_path, SPENDING + "A,2018/19,,1\n", "mission,fiscal_year,uniformed_person\nA,2018/19,5\n")
    with pytest.raises(ImportFileError, match="Did you mean 'uniformed_persons'"):
        calibrate(*paths)


def test_three_missions_are_too_few_to_leave_one_out(tmp_path):
    spending = SPENDING + "".join(f"{m},2018/19,,{i + 1}\n" for i, m in enumerate("ABC"))
    strengths = STRENGTHS + "".join(f"{m},2018/19,{i}0,,,,\n" for i, m in enumerate("ABC"))
    with pytest.raises(InvalidRecordError, match="of 2 missions only"):
        calibrate(*files(tmp_path, spending, strengths))
