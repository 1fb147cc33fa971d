from __future__ import annotations

from dataclasses import replace

from bluehelm.mission.plan import Plan
from bluehelm.reports.tiers import asked_gap, gaps_sentence, missed, tier_sentence, tier_title
from bluehelm.words import speaking
from tests.reports.example_plan import example_plan


def with_gaps(*gaps: float) -> Plan:
    plan = example_plan()
    return replace(plan, tiers=tuple(replace(tier, gap=gap) for tier, gap in zip(plan.tiers, gaps, strict=True)))


def test_gap_of_every_tier_is_told_and_those_that_missed_the_asked_gap_apart() -> None:
    plan = with_gaps(0.0057, 0.02, 0.0098, 0.0768)
    assert [tier.name for tier in missed(plan)] == ["priority_2", "cost"]
    assert gaps_sentence(plan) == (
        "The asked gap of 1.00% was reached by Priority 1 (0.57%), Priority 3 (0.98%). It was missed by Priority 2 "
        "(2.00%), Expected cost (7.68%)."
    )


def test_a_plan_all_of_whose_tiers_reached_the_gap_says_so_and_so_does_one_with_none() -> None:
    assert gaps_sentence(example_plan()).startswith("Every tier reached the asked gap of 1.00%: Priority 1 (0.57%), ")
    assert gaps_sentence(with_gaps(0.02, 0.02, 0.02, 0.02)).startswith("No tier reached the asked gap of 1.00%: ")


def test_a_gap_that_reads_as_the_asked_gap_has_reached_it() -> None:
    assert missed(with_gaps(0.01000001, 0.0, 0.0, 0.0)) == ()


def test_asked_gap_is_found_among_the_options_and_unknown_where_no_plan_tells_it() -> None:
    assert asked_gap(replace(example_plan(), provenance={"options": {"gap": 0.05}})) == 0.05
    untold = replace(example_plan(), provenance={})
    assert asked_gap(untold) != asked_gap(untold)
    assert missed(untold) == () and gaps_sentence(untold).startswith("Gap of each tier: Priority 1 (0.57%)")
    assert gaps_sentence(replace(untold, tiers=())) == ""


def test_least_cost_is_told_as_no_plan_can_do_with_less() -> None:
    assert "no plan in this model can do with less than USD 517.9 million (gap 0.60%)" in tier_sentence(
        example_plan().tiers[-1]
    )


def test_tiers_that_no_mandate_names_are_named_in_the_language_of_the_reader() -> None:
    tier = replace(example_plan().tiers[0], name="care", title="Care of casualties in time")
    with speaking("zh"):
        assert tier_title(tier) == "伤员及时得到救护"
