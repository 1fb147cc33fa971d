"""The report says who takes over what, where there is a handover, and nothing where there is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bluehelm.mission.mandate import Handover
from bluehelm.mission.months import Month
from bluehelm.reports.handovers import handover_words
from bluehelm.reports.reading import Reading
from bluehelm.words import speaking
from tests.reports.example_plan import example_plan

PLAN = example_plan()
KINDS = {"protect": "protection_of_civilians", "mediate": "intercommunal_mediation", "escort": "humanitarian_escort"}


def reading(*rows: Handover) -> Reading:
    tasks = tuple(replace(task, kind=KINDS[task.task_id]) for task in PLAN.mission.mandate.task)
    mandate = replace(PLAN.mission.mandate, task=tasks, handover=rows)
    return Reading(replace(PLAN, mission=replace(PLAN.mission, mandate=mandate)))


def handover(*tasks: str, **more: Any) -> Handover:
    given: dict[str, Any] = {"zones": ("north",), **more}
    return Handover(
        handover_id="h", actor="Police of Sudan", actor_kind="national_police", tasks=tasks,
        from_month=Month(2017, 3), full_month=Month(2017, 9), share_start=0.1, share_full=0.5, share_low=0.3,
        share_high=0.6, source="s", status="assumed", **given,
    )  # fmt: skip


def test_each_actor_stands_in_one_line_under_what_it_takes_over() -> None:
    told = reading(handover("protect"), handover("mediate", zones=()))
    (protection,) = handover_words(told, by_presence=True)
    (effort,) = handover_words(told, by_presence=False)
    assert protection.text.startswith("Police of Sudan takes over from the mission: ")
    assert "(North). From 10% in Mar 2017 to 50% from Sep 2017 on; the range of the latter is 30% to 60%." in (
        protection.text
    )
    assert "(all zones)" in effort.text


def test_a_handover_on_a_condition_says_which() -> None:
    condition = PLAN.mission.mandate.condition[0]
    (words,) = handover_words(reading(handover("protect", when=condition.condition_id)), by_presence=True)
    assert words.text.endswith(f"Only where this holds: {condition.text.rstrip('.')}.")
    with speaking("zh"):
        (chinese,) = handover_words(reading(handover("protect", when=condition.condition_id)), by_presence=True)
    assert "。 " not in chinese.text and "Police of Sudan" in chinese.text and "takes over" not in chinese.text


def test_without_handovers_nothing_is_said() -> None:
    assert handover_words(reading(), by_presence=True) == handover_words(reading(), by_presence=False) == ()
