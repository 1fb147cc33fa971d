"""Large trees, planned along their futures: here small missions that count as large, beside the plan of the whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluehelm.journey.plan_mission import plan_folder
from bluehelm.mission.folder import write_mission
from bluehelm.mission.information import NOTHING_LEARNED
from bluehelm.planning.make import APART
from tests.journey.two_towns import two_towns
from tests.planning import small
from tests.planning.test_trees import one_pledge


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bluehelm.solve.over_futures.LARGE_NON_ZEROS", 10)


def test_a_base_ordered_today_answers_both_futures(all_are_large):
    """Nothing is left unanswered by whoever orders the base in b and goes where it strikes."""
    made = small.plan(two_towns())
    assert made.provenance["bounds"] == APART
    first = made.tiers[0]
    assert first.objective == pytest.approx(1.0, abs=1e-6) and first.bound == pytest.approx(1.0, abs=1e-6)
    assert made.checked


@pytest.mark.parametrize("tail", [0.0, 0.5])
@pytest.mark.parametrize("amendments", [{}, {"lead_months.rapid": 1}])
def test_goals_lie_between_the_plan_of_the_whole_and_its_bound(amendments, tail, monkeypatch):
    options = replace(small.EXACT, tail=tail)
    whole = small.plan(one_pledge(), amendments, options)
    monkeypatch.setattr("bluehelm.solve.over_futures.LARGE_NON_ZEROS", 10)
    made = small.plan(one_pledge(), amendments, options)
    assert made.provenance["bounds"] == APART and "bounds" not in whole.provenance
    exact, found = whole.tiers[0], made.tiers[0]
    assert found.objective <= exact.objective + 1e-6 <= found.bound + 2e-6
    for tier in made.tiers:
        better = tier.bound - tier.objective if tier.sense == "max" else tier.objective - tier.bound
        assert better >= -1e-6


@pytest.mark.parametrize("asked", [{"work": 1}, {"information": NOTHING_LEARNED}])
def test_where_bytes_must_repeat_or_rows_tie_futures_together_the_whole_is_solved(asked, all_are_large):
    made = small.plan(two_towns(), options=replace(small.EXACT, **asked))
    assert "bounds" not in made.provenance


def test_one_future_is_solved_as_ever(all_are_large):
    only = replace(two_towns(), nodes=(), risk=None)
    assert "bounds" not in small.plan(only).provenance


def test_the_report_says_how_a_large_tree_was_bounded(all_are_large, tmp_path):
    write_mission(two_towns(), tmp_path / "mission")
    plan_folder(tmp_path / "mission", tmp_path / "plan", seconds=10.0)
    assert (
        "each goal is bounded by its best in every future by itself" in (tmp_path / "plan" / "report.html").read_text()
    )
