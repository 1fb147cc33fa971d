from __future__ import annotations

from datetime import date

import pytest

from bluehelm.norms import Norms, load_norms, rule, trace

DAY = date(2017, 1, 1)


@rule(unit="hour", uses=("move_days",))
def hours_lost(norms: Norms) -> float:
    return 24 * norms.number("move_days", DAY)


@rule(unit="hour", uses=("exit_*",))
def hours_twice(norms: Norms) -> float:
    return norms.number("exit_lag_months", DAY) + hours_lost(norms) + hours_lost(norms)


def test_a_rule_answers_without_a_trace():
    assert hours_lost(load_norms()) == 240


def test_a_trace_unfolds_an_answer_down_to_the_norms():
    with trace("how long?") as answer:
        hours_twice(load_norms({"move_days": 5}))
    told = answer.unfold().splitlines()
    assert told[1] == "  hours_twice = 243.0 hour"
    assert told[2].startswith("    exit_lag_months = 3 month since 1990-01-01 [assumed: ")
    assert told[3] == "    hours_lost = 120.0 hour"
    assert "[assumed, amended: Amended: a what-if laid over the norms.]" in told[4]
    assert [use.key for use in answer.all_uses()] == ["exit_lag_months", "move_days", "move_days"]


def test_a_norm_read_outside_a_trace_leaves_nothing_behind():
    norms = load_norms()
    with trace() as answer:
        pass
    norms.value("move_days", DAY)
    assert not answer.all_uses()


def test_a_norm_read_twice_is_noted_once():
    norms = load_norms()
    with trace() as answer:
        norms.value("move_days", DAY)
        norms.value("move_days", DAY)
    assert len(answer.uses) == 1


def test_a_rule_that_uses_what_it_does_not_say_is_caught_when_traced():
    @rule(unit="hour", uses=())
    def secret(norms: Norms) -> float:
        return norms.number("move_days", DAY)

    with trace(), pytest.raises(AssertionError, match="move_days"):
        secret(load_norms())
