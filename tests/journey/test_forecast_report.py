from __future__ import annotations

from pathlib import Path

import pytest

from bluehelm.errors import PlanFilesError
from bluehelm.foresight.rolling import ScoreRules
from bluehelm.journey.forecast_report import write_backtest_report, write_forecast_reports, write_score_report
from bluehelm.journey.forecast_run import ForecastOrder, forecast
from bluehelm.journey.forecast_score import Scored, ScoreOrder, score_forecasts
from bluehelm.mission.months import Month
from tests.reports.example_foresight import example_backtest, example_forecast, example_scores
from tests.reports.pages import faults_of


def test_a_forecast_is_told_in_english_and_chinese(tmp_path: Path) -> None:
    write_forecast_reports(example_forecast(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report_zh.html"]
    assert '<html lang="zh-Hans">' in (tmp_path / "report_zh.html").read_text("utf-8")


def test_scores_and_backtests_are_told_in_the_language_asked_for(tmp_path: Path) -> None:
    write_score_report(Scored(*example_scores()), tmp_path / "scores.html", "zh")
    write_backtest_report(example_backtest(), tmp_path / "backtest.html", "en")
    assert '<html lang="zh-Hans">' in (tmp_path / "scores.html").read_text("utf-8")
    assert '<html lang="en">' in (tmp_path / "backtest.html").read_text("utf-8")


def test_a_report_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(PlanFilesError, match="cannot be written"):
        write_backtest_report(example_backtest(), tmp_path / "nowhere" / "backtest.html", "en")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.real_data
def test_what_the_runs_hand_over_is_what_the_reports_read(shared: Path, tmp_path: Path) -> None:
    events = next((shared / "data" / "ucdp_ged_car").glob("*.gz"))
    made = forecast(ForecastOrder(events=events, origin=Month(2017, 6), country="CAF", samples=20, model="last_value"))
    write_forecast_reports(made, tmp_path)
    rules = ScoreRules(("none", "last_value"), (1, 3), samples=20)
    order = ScoreOrder(events, Month(2015, 1), Month(2016, 7), "CAF", step=6, rules=rules, workers=1)
    write_score_report(score_forecasts(order), tmp_path / "scores.html", "en")
    assert {path.name: faults_of(path.read_text("utf-8")) for path in tmp_path.iterdir()} == {
        "report.html": [], "report_zh.html": [], "scores.html": [],
    }  # fmt: skip
