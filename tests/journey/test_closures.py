"""Reasons for closures, by hand."""

from __future__ import annotations

from bluehelm.journey.closures import closure_reasons
from bluehelm.planning.gather import gather
from bluehelm.reports.extras import read
from bluehelm.reports.reading import Reading
from bluehelm.words import speaking
from tests.journey.worked import worked_norms, worked_plan


def test_the_reason_tells_harm_in_reach_protection_and_money():
    plan = worked_plan()
    reasons = closure_reasons(Reading(plan), gather(plan.mission, worked_norms()))
    assert set(reasons) == {"quiet"}
    told = read(reasons["quiet"])
    # The headquarters reaches nobody, so that of three bases this one is second from the least.
    assert told.startswith("0.50 deaths a month are expected in its reach: number 2 of 3 bases, from the least.")
    assert "Nothing else protects there: 0.0% is protected, 50.0% if its units had stayed." in told
    assert told.endswith("Closing costs more than running it to the end of the plan.")


def test_a_reason_is_said_in_the_language_of_its_reader():
    plan = worked_plan()
    reasons = closure_reasons(Reading(plan), gather(plan.mission, worked_norms()))
    with speaking("zh"):
        assert read(reasons["quiet"]).isascii() is False
