from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bluehelm.foresight.forecast import Forecast
from bluehelm.reports.forecast.page import SECTIONS, forecast_figures, write_forecast_page
from bluehelm.reports.forecast.reading import ForecastReading, Spread
from bluehelm.reports.forecast.summary import summary_of_forecast
from bluehelm.words import LANGUAGES, speaking
from tests.conftest import examples
from tests.reports.example_foresight import example_forecast
from tests.reports.pages import RAW_KEYS, faults_of, hold_grammar, words_of


def told(forecast: Forecast) -> str:
    """All words of a report, without drawing its figures."""
    reading = ForecastReading(forecast)
    return repr((summary_of_forecast(reading), [section(reading) for section in SECTIONS]))


@pytest.fixture(scope="module", params=sorted(LANGUAGES))
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("forecast") / "report.html"
    return write_forecast_page(example_forecast(), path, language=request.param).read_text(encoding="utf-8")


def test_spreads_and_chances_are_those_worked_out_by_hand() -> None:
    reading = ForecastReading(example_forecast())
    assert reading.until(1) == Spread(1, 5, 10, 15, 19)
    assert reading.until(3) == Spread(6, 10, 15, 20, 44)
    alpha, beta = reading.areas
    assert (alpha.name, beta.name) == ("Alpha", "Beta Town")
    assert (alpha.chance_1, alpha.chance_10, alpha.chance_25) == (1.0, 0.55, 0.0)
    assert (beta.chance_1, beta.chance_10, beta.chance_25) == (0.25, 0.25, 0.25)
    by_hand = sum(40 / (40 + p) for p in range(1, 6)) / 20
    assert beta.share == pytest.approx(by_hand) and alpha.share == pytest.approx(1 - by_hand)


def test_a_country_is_named_in_the_language_of_the_report() -> None:
    with speaking("zh"):
        assert summary_of_forecast(ForecastReading(example_forecast(country="CAF"))).title == "平民死亡预测：中非共和国"


def test_one_month_ahead_is_told_as_one_month() -> None:
    whole = example_forecast()
    summary = summary_of_forecast(ForecastReading(replace(whole, paths=whole.paths[:, :, :1])))
    assert summary.subtitle == "Standing at the end of Jun 2017, for Jul 2017: 20 futures of 3 areas."


def test_a_quiet_area_is_on_no_list() -> None:
    assert "gamma" not in [area.area_id for area in ForecastReading(example_forecast()).areas]


def test_first_page_tells_spreads_and_never_a_point_alone() -> None:
    summary = summary_of_forecast(ForecastReading(example_forecast()))
    assert [tile.value for tile in summary.tiles] == ["10", "15", "1", "1"]
    assert summary.tiles[0].context == "90% of futures: 1 to 19; Jul 2017"
    assert "10 by Jul 2017 (90% of futures: 1 to 19); 15 by Sep 2017 (90% of futures: 6 to 44)" in summary.lines[0].text
    assert "Alpha (at least 1 death: 100%; at least 10: 55%)" in summary.lines[1].text


def test_first_page_fills_two_rows_of_tiles_also_for_three_years() -> None:
    whole = example_forecast()
    long = replace(whole, paths=np.concatenate([whole.paths] * 12, axis=2))
    tiles = summary_of_forecast(ForecastReading(long)).tiles
    assert len(tiles) == 6 and tiles[3].label == "civilian deaths in 36 months (median)"


def test_months_ahead_are_held_against_as_many_months_recorded() -> None:
    text = summary_of_forecast(ForecastReading(example_forecast())).lines[2].text
    assert "In the 3 months to Jun 2017, 48 civilian deaths were recorded" in text and "is 0%" in text


def test_own_last_errors_stand_beside_the_best_yardstick() -> None:
    text = summary_of_forecast(ForecastReading(example_forecast())).lines[3].text
    assert "1 month ahead 8.00, best yardstick 9.00 (Last month again)" in text


def test_a_short_record_is_said_to_be_short() -> None:
    words = told(example_forecast(errors=[], recent=[]))
    assert "too short to try the forecast on its own past" in words and "too short to compare with" in words


def test_page_is_whole_in_every_language(page: str) -> None:
    assert faults_of(page) == []
    assert page.count("<figure>") == 4


def test_page_says_what_the_numbers_are_not_and_shows_the_disclaimer(page: str) -> None:
    if "zh-Hans" in page:
        assert "任何人的价值" in page or "价值排序" in page
    else:
        assert "No one&#39;s worth is ranked" in page and "do not imply official endorsement" in page


def test_page_bears_its_provenance(page: str) -> None:
    words = words_of(page)
    assert (
        "ab" * 32 in words and "bluehelm 0.1.0" in words and "1,234" in words and "Two events have no place." in words
    )


def test_same_forecast_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (write_forecast_page(example_forecast(), tmp_path / name).read_bytes() for name in "ab")
    assert first == second


def test_a_forecast_of_one_area_without_facts_or_deaths_is_told_all_the_same(tmp_path: Path) -> None:
    whole = example_forecast()
    bare = replace(whole, areas=whole.areas.head(1), paths=np.zeros((4, 1, 1), np.int32), facts={})
    page = write_forecast_page(bare, tmp_path / "bare.html").read_text(encoding="utf-8")
    assert faults_of(page) == []
    assert "No future holds a death in any area." in page and "all countries of the events file" in page
    assert page.count("<figure>") == 1


def test_figures_follow_the_grammar_of_vega_lite() -> None:
    hold_grammar(forecast_figures(ForecastReading(example_forecast())))


def test_deaths_of_an_area_are_drawn_where_the_forecast_holds_them() -> None:
    held = example_forecast(recent_by_area={"alpha": [4, 5, 6]})
    assert ForecastReading(held).recorded_at("alpha", 12) == [
        {"month": "2017-04", "deaths": 4}, {"month": "2017-05", "deaths": 5}, {"month": "2017-06", "deaths": 6},
    ]  # fmt: skip
    assert ForecastReading(held).recorded_at("beta_town", 12) == []


def test_months_hidden_by_a_publication_lag_leave_a_gap_and_not_a_jump() -> None:
    recent = [{"month": "2017-03", "deaths": 2}, {"month": "2017-04", "deaths": 3}]
    assert ForecastReading(example_forecast(recent=recent)).timeline(24) == [
        "2017-03", "2017-04", "2017-05", "2017-06", "2017-07", "2017-08", "2017-09",
    ]  # fmt: skip


@examples(15, 300)
@given(
    arrays(np.int32, st.tuples(st.integers(2, 6), st.just(3), st.integers(1, 36)), elements=st.integers(0, 2_000_000)),
    st.sampled_from(sorted(LANGUAGES)),
)
def test_any_forecast_is_told_without_gaps_in_its_numbers(paths: np.ndarray, language: str) -> None:
    with speaking(language):
        forecast = replace(example_forecast(), paths=paths)
        assert not RAW_KEYS.search(told(forecast).replace("Shown(key='", "").replace("None", ""))
        for figure in forecast_figures(ForecastReading(forecast)).values():
            json.dumps(figure.spec, allow_nan=False)
