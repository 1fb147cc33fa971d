"""The report of an ensemble: effects worked out by hand, words in both languages, texts as they are."""

from __future__ import annotations

from typing import Any

import pytest

from bluehelm.reports.ensemble.page import ensemble_page, ensemble_summary
from bluehelm.reports.ensemble.reading import COST, PROTECTION, EnsembleReading
from bluehelm.words import speaking


def run(setting: dict[str, Any], share: float, cost: float) -> dict[str, Any]:
    figures = {
        "protected_share": share, "deaths_expected": 10.0, "deaths_not_answered": 10 * (1 - share), "cost_usd": cost,
        "units_leaving": 1.0, "persons_leaving": 100.0,
    }  # fmt: skip
    tiers = [{"name": "priority_1", "sense": "max", "unit": "share", "objective": share, "bound": share, "gap": 0.0}]
    return {"key": str(setting), "setting": setting, "status": "within_gap", "sentence": "", "details": [],
            "figures": figures, "tiers": tiers}  # fmt: skip


def record(runs: list[dict[str, Any]]) -> dict[str, Any]:
    axes = {name: {"values": sorted({one["setting"][name] for one in runs})} for name in runs[0]["setting"]}
    return {
        "name": "A <title>", "mission": "Small", "axes": axes, "runs": runs, "repeated": 0, "design": "grid", "seed": 0,
        "limits": {"gap": 0.01, "work": 1, "seconds": None}, "input_hash": "ab", "norms_hash": "cd",
        "bluehelm": "0", "solver": "HiGHS 0",
    }  # fmt: skip


@pytest.fixture
def made() -> dict[str, Any]:
    """Share = 0.2 + 0.4 a + 0.1 b, cost = 1 + b million: a moves protection, b alone moves cost."""
    return record([run({"receipts_scale": a, "risk_scale": b}, 0.2 + 0.4 * a + 0.1 * b, 1e6 * (1 + b))
                   for a in (0.5, 1.0) for b in (1.0, 2.0)])  # fmt: skip


def test_main_effects_are_those_of_the_formula(made):
    reading = EnsembleReading(made)
    first, second = reading.effects(PROTECTION)
    assert (first.axis, second.axis) == ("receipts_scale", "risk_scale")
    assert first.range == pytest.approx(0.2) and second.range == pytest.approx(0.1)
    # Of the variance 0.1² and 0.05² belong to the two axes, and nothing to both together.
    assert first.share_of_variance == pytest.approx(0.8) and second.share_of_variance == pytest.approx(0.2)
    assert [effect.axis for effect in reading.effects(COST) if effect.range > 0] == ["risk_scale"]


def test_a_drawn_axis_is_cut_into_five_stretches():
    reading = EnsembleReading(record([run({"risk_scale": i / 10}, 0.5, 1e6) for i in range(11)]))
    levels = reading.levels["risk_scale"]
    assert [len(level.runs) for level in levels] == [2, 2, 2, 2, 3]
    assert levels[0].label == "0 to 0.2"


def test_runs_without_a_plan_are_counted_and_left_out_of_means(made):
    made["runs"][3] |= {"status": "infeasible", "figures": {}, "tiers": [], "details": ["no bed is left"],
                        "message": "No plan was found for {name}.", "values": {"name": "Small"}}  # fmt: skip
    level = EnsembleReading(made).levels["receipts_scale"][1]
    assert len(level.runs) == 2 and len(level.planned) == 1 and level.mean(PROTECTION) == pytest.approx(0.7)
    assert "no bed is left" in ensemble_page(made) and "3 of 4" in ensemble_page(made)


def test_no_plan_at_all_still_makes_a_report(made):
    for one in made["runs"]:
        one |= {"status": "failed", "figures": {}, "tiers": [], "message": "Small", "values": {}}
    assert "0 of 4" in ensemble_page(made) and ensemble_summary(made)


def test_a_single_plan_is_compared_with_nothing():
    told = ensemble_summary(record([run({"risk_scale": 1.0}, 0.5, 1e6)]))
    assert "nothing can be compared" in told and "No axis moves it" not in told


def test_both_languages_are_told_and_names_are_escaped(made):
    english, chinese = (ensemble_page(made, language=spoken) for spoken in ("en", "zh"))
    assert "A &lt;title&gt;" in english and "<title>A <title>" not in english
    assert "Scale of receipts" in english and "Scale of receipts" not in chinese
    assert english.count("<svg") == chinese.count("<svg") == 3
    with speaking("zh"):
        assert "收入" in ensemble_summary(made)
