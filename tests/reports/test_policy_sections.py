"""The sections on futures and policy, in both languages; a plan that was not asked for them has none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bluehelm.adaptation.policy import policy_of
from bluehelm.adaptation.policy_keep import Keep
from bluehelm.adaptation.policy_observables import Observable, Seen
from bluehelm.adaptation.policy_rules import Sign
from bluehelm.mission.mandate import Condition
from bluehelm.reports.extras import ReportExtras
from bluehelm.reports.figures.futures import futures as figure
from bluehelm.reports.html import render
from bluehelm.reports.policy_words import keep_sentence, sign_words
from bluehelm.reports.reading import Reading
from bluehelm.reports.sections.futures import futures, futures_lines
from bluehelm.reports.sections.policy import policy, policy_lines
from bluehelm.words import LANGUAGES, speaking
from tests.adaptation.policy_plans import fan, move, tree_plan
from tests.planning import small
from tests.reports.example_plan import example_plan
from tests.reports.pages import RAW_KEYS
from tests.reports.test_html import Outline

NORMS = small.norms()
FOUR = fan(0.4, 0.3, 0.2, 0.1)
PLAN = tree_plan(FOUR, deaths={"n3": {"a": 20.0}}, movements=[*move("n2"), *move("n3")], closed={"n1": ["t"]},
                 conditions=[Condition(condition_id="peace", text="peace holds", **small.KNOWN)])  # fmt: skip
SEEN = Seen({"n0": {"a": 1.0}, "n1": {"a": 2.0}, "n2": {"a": 10.0}, "n3": {"a": 14.0}})
POLICY = policy_of(PLAN, SEEN, NORMS)
EXTRAS = ReportExtras(policy=POLICY)


def cells(section) -> str:
    return " | ".join(str(part) for part in section.parts)


def test_the_futures_are_told_with_mean_worst_share_and_worst():
    told = cells(futures(Reading(PLAN), EXTRAS))
    # 10 of 20 deaths are out of reach in n3 (chance 0.1): half of the worst fifth.
    assert "('Mean over all futures', '2.0', '1.0', '50.0%', '0.0')" in told
    assert "('Worst 20% of the futures', '10.0', '5.0', '50.0%'" in told
    assert "('Worst future', '20.0', '10.0', '50.0%'" in told
    assert "made for the mean over all futures" in told
    assert "4 futures with 3 courses of action. Until Apr 2020" in told


@pytest.mark.parametrize(("tail", "told"), [(0.5, "worst 50% of the futures (CVaR)"), (0.9, "worst future alone")])
def test_the_measure_that_was_used_is_said(tail, told):
    plan = tree_plan(FOUR, tail=tail)
    assert told in cells(futures(Reading(plan), ReportExtras(policy=policy_of(plan, SEEN, NORMS))))


def test_the_policy_is_told_as_sentences_with_what_it_rests_on():
    told = cells(policy(Reading(PLAN), EXTRAS))
    assert "If deaths in a passed 5 a month over the 3 months before Apr 2020, move 1 × Infantry company" in told
    assert "Keep t open until Apr 2020, in every future." in told
    assert "advice" in told and "'2', '4', '4', 'indicative; other signs" in told


def test_the_first_page_tells_the_futures_and_the_surest_rule():
    (over,), (rule,) = futures_lines(Reading(PLAN), EXTRAS), policy_lines(Reading(PLAN), EXTRAS)
    assert over.label == "Over its futures" and "10.0 in the worst" in over.text
    assert (
        "Decisions that differ between futures: 2; told by a rule on what is seen: 2, explained by no rule: 0."
        in rule.text
    )


def test_a_plan_that_does_the_same_in_all_futures_says_so():
    plan = tree_plan(FOUR)
    extras = ReportExtras(policy=policy_of(plan, SEEN, NORMS))
    assert "does the same in all of them" in cells(futures(Reading(plan), extras))
    assert "No decision differs between the futures" in cells(policy(Reading(plan), extras))
    assert policy_lines(Reading(plan), extras)[0].text == "No decision differs between the futures."


def test_a_plan_that_was_stopped_says_that_a_better_one_may_part_otherwise():
    plan = replace(tree_plan(FOUR), status="stopped")
    plan = replace(plan, tiers=(replace(plan.tiers[0], gap=0.25),))
    extras = ReportExtras(policy=policy_of(plan, SEEN, NORMS))
    assert "largest gap of 25.0%" in cells(policy(Reading(plan), extras))
    assert "largest gap of 25.0%" in policy_lines(Reading(plan), extras)[0].text


def test_a_plan_without_a_policy_has_neither_section_nor_line():
    reading = Reading(PLAN)
    assert policy(reading, ReportExtras()) is None
    assert futures(reading, ReportExtras()) is None
    assert figure(None) is None
    assert policy_lines(reading, ReportExtras()) == futures_lines(reading, ReportExtras()) == ()


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_report_with_a_policy_is_well_formed_and_holds_no_raw_key(language):
    plan = example_plan(2)
    extras = ReportExtras(policy=policy_of(plan, None, NORMS))
    with speaking(language):
        page = render(Reading(plan), extras)
    outline = Outline()
    outline.feed(page)
    assert outline.wrong == [] and outline.open == [] and {"futures", "policy"} <= set(outline.ids)
    cut = page[page.index('id="futures"') : page.index('id="cost"')]
    assert RAW_KEYS.findall(cut) == []


SIGNS = [
    Sign(Observable("condition", "peace"), True, 0.5), Sign(Observable("receipts"), True, 0.9),
    Sign(Observable("receipts_before"), True, 0.9), Sign(Observable("ceiling", "military"), True, 2500.0),
    Sign(Observable("deaths", "a", "area"), True, 12.0), Sign(Observable("outlook", "z", "zone"), True, 0.35),
    Sign(Observable("deaths", "", "all"), True, 12.0),
]  # fmt: skip


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_sign_and_its_opposite_are_said_apart(language):
    reading, trigger = Reading(PLAN), POLICY.triggers[0]
    with speaking(language):
        said = [
            sign_words(reading, replace(sign, above=above), replace(trigger, months_before=months))
            for sign in SIGNS for above in (True, False) for months in (0, 1, 3)
        ]  # fmt: skip
    numbered = 2 * sum(sign.observable.kind == "deaths" for sign in SIGNS)
    assert len(set(said)) == 3 * numbered + 2 * len(SIGNS) - numbered
    assert "90%" in said[6] and not any("{" in one for one in said)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_way_to_keep_is_said_apart(language):
    units = (("infantry_company", 2), ("formed_police_unit", 1))
    keeps = [
        Keep("t", until, kept, given, payment)
        for until, payment in (("", 0), ("2020-04", 0), ("2020-04", 2))
        for kept, given in ((True, ()), (True, units), (False, units))
    ]
    with speaking(language):
        said = [keep_sentence(Reading(PLAN), keep) for keep in keeps]
    assert len(set(said)) == len(keeps)
