"""The report on what adaptability is worth: whole pages in each language, and sentences that fit what was found."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from bluehelm.adaptation.value import Arm, differences_of, expected, worst_mean
from bluehelm.reports.section import Table, Words
from bluehelm.reports.value.names import arm_meaning, arm_name, difference_name
from bluehelm.reports.value.page import value_figures, write_value_page
from bluehelm.reports.value.reading import ValueReading, deaths, proven
from bluehelm.reports.value.sections import ablation, futures
from bluehelm.reports.value.summary import adaptability_sentence, summary_of_value
from bluehelm.words import LANGUAGES
from tests.reports.pages import faults_of, hold_grammar

CHANCES = (0.6, 0.4)
ARMS = ("rigid", "rolling", "adaptive", "clairvoyant", "without_orders", "without_exits", "without_sites", "only_moves",
        "hedged", "as_told")  # fmt: skip


def example(
    *, proven: bool = True, why: str = "not_first", notes: tuple[dict[str, Any], ...] = (), cost: float = 4e6,
    **left: float,
) -> Any:  # fmt: skip
    """Return a record: deaths that each arm leaves in the worse of two futures; none in the other."""
    left = left or {name: 30.0 - 2 * i for i, name in enumerate(ARMS)}
    arms = {
        name: Arm(name=name, unanswered=(0.0, found), cost_usd=(5e7, 5e7 + cost * (name == "rigid")),
                  least_unanswered=(found - 1) * 0.4 if proven else None, least_cost_usd=4.9e7, gap=0.004,
                  status="stopped" if name == "rolling" else "within_gap")
        for name, found in left.items()
    }  # fmt: skip
    told = [
        {"arm": arm.name, "deaths": expected(arm.unanswered, CHANCES), "protected_share": 0.5,
         "deaths_tail": worst_mean(arm.unanswered, CHANCES, 0.8), "deaths_worst": max(arm.unanswered),
         "cost_usd": expected(arm.cost_usd, CHANCES), "deaths_least": arm.least_unanswered, "gap": arm.gap,
         "cost_least_usd": arm.least_cost_usd, "status": arm.status,
         "by_future": {"deaths": list(arm.unanswered), "cost_usd": list(arm.cost_usd)}}
        for arm in arms.values()
    ]  # fmt: skip
    return {
        "mission": "Example", "first_month": "2020-01", "months": 12, "months_beyond": 6.0, "nodes": 3,
        "futures": [{"name": "calm", "probability": 0.6, "deaths": 5.0},
                    {"name": "harm", "probability": 0.4, "deaths": 1234.0}],
        "alpha": 0.8, "task": "Protect", "priority": 1, "proven": proven, "unproven_because": "" if proven else why,
        "deaths_if_nobody_answered": 496.6,
        "arms": told, "differences": [asdict(one) for one in differences_of(arms, CHANCES, 0.8)],
        "notes": list(notes),
        "provenance": {"input_hash": "a", "norms_hash": "b", "bluehelm": "0", "solver": "HiGHS", "python": "3",
                       "asked": {"seed": 0, "gap": 0.01, "seconds": 300.0, "work": None}},
    }  # fmt: skip


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize(
    "record",
    [
        example(),
        example(proven=False),
        example(proven=False, why="minimum_shares", rigid=4.0, rolling=3.0, adaptive=4.0, clairvoyant=4.0),
        example(adaptive=4.0, clairvoyant=3.0, notes=(
            {"note": "impossible", "arm": "rigid", "conflict": ["Two ceilings clash."]},
            {"note": "stuck", "arm": "rolling", "node": "harm", "conflict": ["No bed is left."]},
        )),
        example(rigid=4.0, adaptive=4.0, notes=({"note": "nothing_to_learn"},)),
        example(rigid=4.0, adaptive=4.0, notes=({"note": "taken_over", "arm": "adaptive", "from": "rigid"},)),
    ],
    ids=["all arms", "not proven", "minimum shares", "arms missing", "nothing to learn", "taken over"],
)  # fmt: skip
def test_a_page_is_whole_whatever_was_found(tmp_path, language, record):
    page = write_value_page(record, tmp_path / "page.html", language=language).read_text("utf-8")
    assert faults_of(page) == []
    assert write_value_page(record, tmp_path / "again.html", language=language).read_text("utf-8") == page


def test_figures_keep_the_grammar():
    hold_grammar(value_figures(ValueReading(example())))


def test_every_arm_and_difference_has_a_name_of_its_own_and_says_how_it_decides():
    assert len({arm_name(arm) for arm in ARMS}) == len({arm_meaning(arm) for arm in ARMS}) == len(ARMS)
    assert not any("_" in difference_name(name) for name in ("adaptability", "vss", "evpi", *ARMS[4:]))


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (example(rigid=30.0, adaptive=10.0),
         "Adaptability is worth 8.0 deaths averted (proven: 7.6 to 8.4) and USD 1.6 million over 12 months."),
        (example(rigid=30.0, adaptive=10.0, cost=0.0),
         "Adaptability is worth 8.0 deaths averted (proven: 7.6 to 8.4) for about the same money over 12 months."),
        (example(rigid=30.0, adaptive=10.0, cost=-1e7),
         "Adaptability is worth 8.0 deaths averted (proven: 7.6 to 8.4) over 12 months, and costs USD 4.0 million "
         "more."),
        (example(rigid=30.0, adaptive=10.0, proven=False),
         "Adaptability is worth 8.0 deaths averted (as found, not proven) and USD 1.6 million over 12 months."),
    ],
)  # fmt: skip
def test_one_sentence_says_what_adaptability_is_worth(record, sentence):
    assert adaptability_sentence(ValueReading(record)) == sentence


def test_a_rigid_plan_that_fits_no_future_is_told_with_what_clashes():
    note = {"note": "impossible", "arm": "rigid", "conflict": ["Two ceilings clash."]}
    told = adaptability_sentence(ValueReading(example(adaptive=4.0, notes=(note,))))
    assert told == "No rigid plan was found that fits every future; one that adapts was. Two ceilings clash."


def test_a_plan_for_the_mean_that_is_worse_in_the_tail_says_so():
    told = {line.label: line.text for line in summary_of_value(ValueReading(example(rigid=3.0, adaptive=4.0))).lines}
    assert "1.0 deaths more unanswered" in told["Worst futures"]
    assert "--tail" in told["Worst futures"]


def test_arms_that_stopped_early_are_named():
    told = {line.label: line.text for line in summary_of_value(ValueReading(example())).lines}
    assert "Step by step, for the mean" in told["How sure"]


def test_every_future_is_listed_with_each_arm():
    table = futures(ValueReading(example())).parts[1]
    assert isinstance(table, Table)
    assert [row[:3] for row in table.rows] == [("calm", "60.0%", "5.0"), ("harm", "40.0%", "1,234")]
    assert len(table.headings) == 3 + 4


def test_without_ablation_the_report_says_how_to_ask_for_it():
    (words,) = ablation(ValueReading(example(rigid=4.0, adaptive=4.0))).parts
    assert isinstance(words, Words)
    assert "--ablation" in words.text


def test_numbers_of_deaths_are_written_with_their_sign():
    assert [deaths(number) for number in (-3.26, 0.04, 123.4)] == ["−3.3", "0.0", "123"]
    assert proven({"low": 1.0, "high": 1.04}) == "1.0"


def lines_of(record: Any) -> dict[str, str]:
    return {line.label: line.text for line in summary_of_value(ValueReading(record)).lines}


def test_a_value_of_nothing_is_told_as_no_difference_and_one_below_nothing_as_more_deaths():
    same = lines_of(example(rigid=4.0, rolling=4.0, adaptive=4.0, clairvoyant=4.0))
    assert "as many deaths unanswered as planning step by step" in same["Planning over futures"]
    assert "as many deaths unanswered as the adaptive plan" in same["Foresight"]
    assert "as many deaths unanswered as the rigid one" in same["Worst futures"]
    worse = lines_of(example(proven=False, why="minimum_shares", rolling=3.0, adaptive=4.0))
    assert "0.4 deaths more unanswered than planning step by step" in worse["Planning over futures"]


def test_why_nothing_is_proven_is_told_as_it_is():
    assert "not alone" in lines_of(example(proven=False))["How sure"]
    lacking = lines_of(example(proven=False, why="minimum_shares"))["How sure"]
    assert "not alone" not in lacking
    assert "do not all meet them in full" in lacking
    met = example() | {"unproven_because": "minimum_shares"}
    assert "proven among plans that meet them" in lines_of(met)["How sure"]
