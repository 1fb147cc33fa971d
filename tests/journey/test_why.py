"""Two bases, one area in reach of each; a ceiling or money leaves one unit from March on. Worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bluehelm.errors import InvalidRecordError, PlanFilesError
from bluehelm.journey.why import why
from bluehelm.mission.plan_folder import write_plan
from bluehelm.words import speaking
from tests.planning import small
from tests.planning.small import area, ceiling, covering, hospital, money, monthly, site, task, unit

AREAS = [area("west", 2.0), area("east", 1.0)]


def folder(out: Path, *, amendments: dict[str, object] | None = None, **more) -> Path:
    changes = {**small.FREE, "guard_persons_per_base": 100, "move_usd_per_person": "1", **(amendments or {})}
    given = small.mission(
        areas=AREAS, sites=[site("a", may_close=True), site("b", may_close=True), hospital()],
        units=[unit("ua", "a"), unit("ub", "b", not_tasks=("humanitarian_escort",))],
        routes=covering({"a": ["west"], "b": ["east"]}, AREAS), months=4, nodes=monthly(4), amendments=changes, **more,
    )  # fmt: skip
    write_plan(small.plan(given, changes), out)
    return out


@pytest.fixture(scope="module")
def ceiling_plan(tmp_path_factory) -> Path:
    tasks = [task(), task("escort", "humanitarian_escort", priority=2, demand_hours_per_zone_month=1e6)]
    return folder(tmp_path_factory.mktemp("why") / "plan", ceilings=[ceiling(100, after=2)], tasks=tasks)


@pytest.fixture(scope="module")
def money_plan(tmp_path_factory) -> Path:
    budget = (money("appropriation", 600, last=3),)
    return folder(tmp_path_factory.mktemp("why") / "plan", budget=budget)


def test_a_site_says_when_it_is_open_and_what_binds(ceiling_plan):
    told = why(ceiling_plan, site="b")
    assert "Open from Jan 2020 to Feb 2020." in told
    assert "Closed from Mar 2020 to Apr 2020." in told
    assert "The ceiling for Military personnel is reached in Mar 2020, and so in 2 of 4 periods." in told
    assert "Without its units, everyone else as planned, 2.00 expected deaths would no longer be answered." in told


def test_a_closed_site_says_what_staying_open_would_cost_the_goals(ceiling_plan):
    told = why(ceiling_plan, site="b")
    assert "'protect' 66.7% instead of 83.3%" in told
    assert "answer 8.00 expected deaths instead of 10.00" in told
    assert "a would be closed from Mar 2020 instead." in told


def test_an_open_site_says_what_closing_it_would_lose(ceiling_plan):
    told = why(ceiling_plan, site="a")
    assert "Were it closed as soon as units told to leave can stop" in told
    assert "'protect' 33.3% instead of 83.3%" in told


def test_a_partners_hospital_is_nobodys_decision(ceiling_plan):
    assert "the plan decides nothing about it" in why(ceiling_plan, site="clinic")


def test_a_unit_says_where_it_goes_and_its_caveats(ceiling_plan):
    told = why(ceiling_plan, unit="ub")
    assert "At b from Jan 2020 to Feb 2020." in told
    assert "Not in theatre from Mar 2020 to Apr 2020." in told
    assert "Caveat: it will not do Humanitarian escort." in told
    assert "Were one more of its kind to stay to the end, the plan found that loses least falls short" in told
    assert "'escort' 0.2% instead of 0.4%" in told


def test_a_unit_that_stays_says_what_would_be_lost_without_it(ceiling_plan):
    told = why(ceiling_plan, unit="ua")
    assert "At a from Jan 2020 to Apr 2020." in told
    assert "Were one of its kind to leave as soon as it can" in told
    assert "'protect' 66.7% instead of 83.3%" in told


def test_an_area_says_its_harm_who_reaches_it_and_what_more_would_do(ceiling_plan):
    told = why(ceiling_plan, area="east")
    assert "4.00 civilian deaths are expected" in told and "presence answers 2.00 of them (50.0%)." in told
    assert "At the end of the plan no unit reaches it in time." in told
    reached = why(ceiling_plan, area="west")
    assert "1 × Infantry company" in reached and "each worth 1.00 of a unit on the spot" in reached


def test_a_shortfall_says_where_and_what_one_more_unit_buys_at_least_and_at_most(ceiling_plan):
    told = why(ceiling_plan, shortfall="protect")
    assert "2.00 deaths expected unmet" in told
    assert "Worst at: east (2.00)." in told
    assert "go from 10.0 to 12.0 or better, all else as good. No plan with it can pass 12.0." in told


def test_a_shortfall_of_work_says_who_could_do_it_and_who_will_not(ceiling_plan):
    told = why(ceiling_plan, shortfall="escort")
    assert "Caveats keep these from it: Infantry company" in told
    assert "All their hours are used: there are too few of them." in told
    assert "hours not given go from" in told


@pytest.mark.parametrize("kind", ["care", "surgery", "enhanced_care", "floor"])
def test_nothing_unmet_is_said_to_be_so(ceiling_plan, kind):
    assert why(ceiling_plan, shortfall=kind).endswith("nothing is unmet.")


def test_money_that_does_not_bind_buys_nothing(ceiling_plan):
    assert "No limit on money is given, so one million USD more would buy nothing." in why(ceiling_plan, area="east")


def test_one_million_more_says_what_it_buys_where_money_binds(money_plan):
    told = why(money_plan, shortfall="protection")
    assert "One million USD more: expected civilian deaths that are answered go from 10.0 to 12.0 or better" in told


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ({"site": "clinik"}, "clinic"),
        ({"unit": "uaa"}, "ua"),
        ({"area": "x"}, "west, east"),
        ({"shortfall": "protct"}, "protect"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(ceiling_plan, question, offered):
    with pytest.raises(InvalidRecordError, match=f"Nearest: {offered}"):
        why(ceiling_plan, **question)


def test_exactly_one_question_is_asked(ceiling_plan):
    with pytest.raises(InvalidRecordError, match="exactly one"):
        why(ceiling_plan)
    with pytest.raises(InvalidRecordError, match="exactly one"):
        why(ceiling_plan, site="a", area="west")


def test_a_folder_that_is_no_plan_is_refused(tmp_path):
    with pytest.raises(PlanFilesError):
        why(tmp_path, site="a")


def test_a_plan_by_other_norms_says_so(tmp_path, ceiling_plan):
    record = (ceiling_plan / "plan.json").read_text("utf-8")
    part = record.index('"norms_hash": "') + len('"norms_hash": "')
    other = folder(tmp_path / "plan", ceilings=[ceiling(100, after=2)])
    text = (other / "plan.json").read_text("utf-8")
    (other / "plan.json").write_text(text.replace(record[part : part + 64], "0" * 64), "utf-8")
    assert why(other, area="west").startswith("Norms have changed since this plan was made")


def test_answers_are_spoken_in_the_readers_language(ceiling_plan):
    with speaking("zh"):
        assert why(ceiling_plan, site="clinic")
