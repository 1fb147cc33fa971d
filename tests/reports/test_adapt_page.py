"""The report of an adapted plan: every page in both languages, and what its sentences say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluehelm.journey.adapt_plan import adapt
from bluehelm.reports.adapt.page import adapt_figures, write_adapt_page
from bluehelm.reports.adapt.reading import Adaptation
from bluehelm.reports.adapt.summary import summary_of_adaptation
from bluehelm.words import LANGUAGES
from tests.adaptation.running import mission, plan_of, shock
from tests.reports.pages import faults_of, hold_grammar, words_of


@pytest.fixture(scope="module")
def told() -> Adaptation:
    made = plan_of(mission({"move_usd_per_person": "1"}))
    return adapt(
        made, [shock("unit_withdrawn", 2, unit_id="two"), shock("violence_surge", 3, where=("west",), factor=2.0)]
    )


@pytest.mark.parametrize("spoken", sorted(LANGUAGES))
def test_the_page_is_whole_in_every_language(told, spoken, tmp_path):
    page = write_adapt_page(told, tmp_path / "adapt.html", language=spoken).read_text("utf-8")
    assert faults_of(page) == []


def test_sections_stand_in_the_order_in_which_they_are_asked(told, tmp_path):
    page = write_adapt_page(told, tmp_path / "adapt.html").read_text("utf-8")
    places = [page.index(f'id="{key}"') for key in ("now", "later", "losses", "costs", "proof")]
    assert places == sorted(places)


def test_the_summary_says_what_is_new_this_month_and_what_is_lost(told):
    lines = {line.label: line.text for line in summary_of_adaptation(told).lines}
    assert "tell 1 × Infantry company to leave" in lines["This month"]
    assert "move 1 × Infantry company to harmed_base" in lines["This month"]
    assert "100.0% before the shocks" in lines["Lost"] and "calm (+" in lines["Lost"]
    assert "gap" in lines["Proof"]


def test_an_arm_that_breaks_limits_says_so_everywhere(told, tmp_path):
    arms = tuple(replace(arm, stands=False, broken=("It breaks.",)) if arm.name == "held" else arm for arm in told.arms)
    broken = replace(told, arms=arms)
    page = words_of(write_adapt_page(broken, tmp_path / "adapt.html").read_text("utf-8"))
    assert page.count("It breaks.") == 1 and "but it breaks limits" in page and "; breaks limits" in page


def test_a_plan_that_came_back_says_only_that(told):
    kept = replace(told, kept=True, now=(), dropped=(), later=())
    lines = {line.label: line.text for line in summary_of_adaptation(kept).lines}
    assert "comes back as it was" in lines["This month"] and "Can wait" not in lines


def test_figures_obey_the_grammar(told):
    hold_grammar(adapt_figures(told))
