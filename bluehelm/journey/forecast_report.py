"""Tell a forecast, its scores and a backtest of siting: reports in English and Chinese, each whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bluehelm.foresight.forecast import Forecast
from bluehelm.journey.forecast_score import Scored
from bluehelm.journey.write_report import REPORT_FILES, written_whole
from bluehelm.reports.backtest.page import write_backtest_page
from bluehelm.reports.forecast.page import write_forecast_page
from bluehelm.reports.scores.page import write_scores_page


def write_forecast_reports(forecast: Forecast, folder: Path) -> None:
    """Write report.html and report_zh.html into a folder that is there."""
    for language, name in REPORT_FILES.items():
        written_whole(folder / name, partial(write_forecast_page, forecast, language=language))


def write_score_report(scored: Scored, path: Path, language: str) -> None:
    """Write the report of scores. language: "en" or "zh"."""
    written_whole(path, lambda half: write_scores_page(scored.record, scored.table, half, language=language))


def write_backtest_report(record: Mapping[str, Any], path: Path, language: str) -> None:
    """Write the report of a backtest of siting from its record. language: "en" or "zh"."""
    written_whole(path, lambda half: write_backtest_page(record, half, language=language))
