from __future__ import annotations

import re
from pathlib import Path

import pytest

from bluehelm.errors import InvalidRecordError
from bluehelm.reports.backtest.names import arm_name
from bluehelm.reports.backtest.page import backtest_figures, write_backtest_page
from bluehelm.reports.backtest.reading import BacktestReading
from bluehelm.reports.backtest.sections import years
from bluehelm.reports.backtest.summary import doubts, summary_of_backtest
from bluehelm.reports.section import Table
from bluehelm.words import LANGUAGES
from tests.reports.example_foresight import ARMS, example_backtest
from tests.reports.pages import faults_of, hold_grammar


@pytest.fixture(scope="module", params=sorted(LANGUAGES))
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("backtest") / "report.html"
    return write_backtest_page(example_backtest(), path, language=request.param).read_text(encoding="utf-8")


def test_every_arm_has_a_name_of_its_own_in_words() -> None:
    names = [arm_name(arm) for arm in ARMS]
    assert len(set(names)) == len(ARMS) and not any("_" in name for name in names)
    assert (
        arm_name("recipe_1") == "Recipe, 1 move a month" and arm_name("adaptive_4") == "Adaptive plan, 4 moves a month"
    )


def test_wins_and_losses_are_counted_year_by_year_and_a_year_without_deaths_counts_for_neither() -> None:
    reading = BacktestReading(example_backtest())
    assert reading.wins("adaptive_2") == (2, 0, 1)
    assert reading.wins("recipe_0") == (0, 3, 0)
    assert reading.wins("random_towns") == (0, 0, 3)


def test_table_marks_wins_losses_few_deaths_and_leaves_out_what_is_unknown() -> None:
    section = years(BacktestReading(example_backtest()))
    table = next(part for part in section.parts if isinstance(part, Table))
    assert table.headings[1:] == ("2015: 400 deaths", "2016: 30 deaths†", "2017: 0 deaths†", "2018: 200 deaths")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["The mission's own bases"] == ("40%", "40%", "–", "40%")
    assert rows["Adaptive plan, 2 moves a month"] == ("65% ▲", "35% ▼", "–", "65% ▲")
    assert rows["Recipe, no moves"] == ("40% =", "40% =", "–", "40% =")
    assert rows["The mission's own bases a year later"][-1] == "–"


def test_few_deaths_and_saturation_are_said() -> None:
    assert "fewer than 50 deaths" in doubts(BacktestReading(example_backtest()))
    assert "2016 (30), 2017 (0)" in doubts(BacktestReading(example_backtest()))
    assert "saturated" not in doubts(BacktestReading(example_backtest(own=0.85)))
    assert "reach 86% of deaths" in doubts(BacktestReading(example_backtest(own=0.86)))


def test_first_page_tells_the_pooled_differences_with_their_intervals() -> None:
    lines = {line.label: line.text for line in summary_of_backtest(BacktestReading(example_backtest())).lines}
    assert "won 2, even 0, lost 1" in lines["Won and lost"]
    against_own = "held against “The mission's own bases”: +25 points of deaths (90% interval +15 to +33; ▲ better)"
    assert against_own in lines["Told apart"]
    against_recipe = (
        "held against “Recipe, 2 moves a month”: +5 points of deaths (90% interval −5 to +13; = not told apart)"
    )
    assert against_recipe in lines["Told apart"]


def test_page_is_whole_in_every_language(page: str) -> None:
    assert faults_of(page) == []
    assert page.count("<figure>") == 3


def test_page_says_what_coverage_is_not(page: str) -> None:
    said = (
        ("覆盖不等于保护", "基地随暴力而设")
        if "zh-Hans" in page
        else ("Coverage is not protection", "Bases follow violence")
    )
    assert all(sentence in page for sentence in said)


def test_figures_follow_the_grammar_of_vega_lite() -> None:
    hold_grammar(backtest_figures(BacktestReading(example_backtest())))


def test_a_panel_is_drawn_for_every_year_also_for_one_without_deaths() -> None:
    rows = backtest_figures(BacktestReading(example_backtest()))["years"].spec["vconcat"]
    titles = [panel["title"]["text"] for row in rows for panel in row["hconcat"]]
    assert titles == ["2015: 400 deaths", "2016: 30 deaths†", "2017: 0 deaths†", "2018: 200 deaths"]


def test_a_backtest_without_deaths_or_differences_is_told_all_the_same(tmp_path: Path) -> None:
    record = example_backtest()
    nothing = {key: None for key in record["pooled"][0] if key.startswith(("share_", "mean_"))}
    quiet = {
        **record, "differences": [], "notes": [], "arms": ["own_planning_year"],
        "rows": [row for row in record["rows"] if (row["arm"], row["year"]) == ("own_planning_year", 2016)],
        "pooled": [{**record["pooled"][0], **nothing}],
    }  # fmt: skip
    page = write_backtest_page(quiet, tmp_path / "quiet.html").read_text(encoding="utf-8")
    assert faults_of(page) == [] and "No difference was worked out." in page


def test_a_backtest_of_no_year_is_refused() -> None:
    with pytest.raises(InvalidRecordError, match="no year that could be scored"):
        BacktestReading({**example_backtest(), "rows": []})


def test_names_from_files_cannot_break_the_page(tmp_path: Path) -> None:
    record = {**example_backtest(), "mission": "<b>& co</b>"}
    page = write_backtest_page(record, tmp_path / "odd.html").read_text(encoding="utf-8")
    assert not re.search("<b>&", page) and "&lt;b&gt;&amp; co" in page
