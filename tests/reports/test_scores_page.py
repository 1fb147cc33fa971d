from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.reports.scores.page import score_figures, write_scores_page
from bluehelm.reports.scores.reading import ScoreReading, verdict
from bluehelm.reports.scores.summary import summary_of_scores
from bluehelm.words import LANGUAGES
from tests.reports.example_foresight import example_scores
from tests.reports.pages import faults_of, hold_grammar, words_of


@pytest.fixture(scope="module", params=sorted(LANGUAGES))
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("scores") / "report.html"
    return write_scores_page(*example_scores(), path, language=request.param).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("low", "high", "less_is_better", "expected"),
    [
        (-2.0, -0.1, True, "better"), (-2.0, 0.0, True, "not told apart"), (0.1, 0.2, True, "worse"),
        (0.1, 0.2, False, "better"), (-0.2, -0.1, False, "worse"), (None, 0.2, True, "unknown"),
    ],
)  # fmt: skip
def test_an_interval_tells_better_worse_or_neither(low, high, less_is_better, expected) -> None:
    assert verdict(low, high, less_is_better=less_is_better) == expected


def test_verdicts_are_counted_over_yardsticks_and_horizons() -> None:
    reading = ScoreReading(*example_scores())
    assert reading.verdicts("areas", "log_score") == {"better": 8, "not told apart": 0, "worse": 0, "unknown": 0}
    assert reading.verdicts("areas", "crps") == {"better": 4, "not told apart": 2, "worse": 2, "unknown": 0}


def test_first_page_tells_losses_as_plainly_as_wins() -> None:
    summary = summary_of_scores(ScoreReading(*example_scores()))
    assert [tile.value for tile in summary.tiles] == ["8 of 8", "4 of 8", "50%"]
    assert summary.tiles[1].context == "not told apart: 2; worse: 2"


def test_forecasts_are_grouped_by_what_they_expected() -> None:
    bins = ScoreReading(*example_scores()).bins()
    assert [(b.forecasts, b.expected, b.came) for b in bins] == [(96, 6.5, 1.0)]


def test_months_and_years_stand_in_order(page: str) -> None:
    words = words_of(page)
    assert words.index("2014") < words.rindex("2015")


def test_page_is_whole_in_every_language(page: str) -> None:
    assert faults_of(page) == []
    assert page.count("<figure>") == 3


def test_every_model_is_named_in_words(page: str) -> None:
    names = ("自激过程", "重复上个月") if "zh-Hans" in page else ("Self-exciting process", "Last month again")
    assert all(name in page for name in names)


def test_one_year_of_months_has_no_band_and_is_drawn_without_one() -> None:
    figures = score_figures(ScoreReading(*example_scores()))
    last = figures["pit"].spec["vconcat"][-1]["hconcat"][-1]
    assert [layer["mark"]["type"] for layer in last["layer"]] == ["rect", "rule"]
    assert last["layer"][1]["data"]["values"] == [{"from": 0, "to": 1, "share": 0.1}]


def test_figures_follow_the_grammar_of_vega_lite() -> None:
    hold_grammar(score_figures(ScoreReading(*example_scores())))


def test_scores_without_our_own_model_are_told_of_the_first_there_is(tmp_path: Path) -> None:
    record, table = example_scores()
    few = {key: [row for row in record[key] if row["model"] in ("none", "last_value")]
           for key in ("rows", "total_rows", "differences", "calibration", "by_year")}  # fmt: skip
    table = table.filter(pl.col("model").is_in(["none", "last_value"]))
    page = write_scores_page({**record, **few}, table, tmp_path / "few.html").read_text(encoding="utf-8")
    assert faults_of(page) == [] and "No violence" in page


def test_scores_of_no_model_are_refused() -> None:
    record, table = example_scores()
    with pytest.raises(InvalidRecordError, match="No model was scored"):
        ScoreReading({**record, "rows": []}, table)


def test_unknown_intervals_are_told_as_unknown(tmp_path: Path) -> None:
    record, table = example_scores()
    blind = [{key: None if key.endswith(("_low", "_high", "_ratio")) else value for key, value in row.items()}
             for row in record["differences"]]  # fmt: skip
    path = write_scores_page({**record, "differences": blind}, table, tmp_path / "blind.html")
    page = path.read_text(encoding="utf-8")
    assert faults_of(page) == [] and "0 of 8" in page
