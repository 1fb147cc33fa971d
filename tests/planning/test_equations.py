"""The table of equations, the rows of a built model and the pages say the same."""

from __future__ import annotations

import importlib.util
import sys
from string import Formatter

import numpy as np
import pytest
from hypothesis import given

from bluehelm.planning.binding import TOLD
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.equations import EQUATIONS
from bluehelm.planning.gather import PlanData, gather
from tests.conftest import REPOSITORY, examples
from tests.planning import by_hand, small
from tests.planning.missions import TREE, missions
from tests.planning.small import (
    FIRST,
    area,
    ceiling,
    floor,
    handover,
    hospital,
    money,
    pledge,
    restriction,
    site,
    site_limit,
    task,
    unit,
)


def script():
    path = REPOSITORY / "scripts" / "make_equations.py"
    spec = importlib.util.spec_from_file_location("make_equations", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def rich() -> tuple[small.Mission, dict[str, object]]:
    """A mission in which every family has something to say."""
    areas = [area("a"), area("b", 2.0, zone="s")]
    given = small.mission(
        areas=areas,
        sites=[site("one"), site("two", "temporary_base", zone="s", open_at_start=False, may_close=True,
                                 opens_from=FIRST), site("three", may_close=True), hospital()],
        units=[
            unit("u", "one"), unit("v", "three"), unit("w", "one", persons=50, not_tasks=("humanitarian_escort",)),
            unit("x", "one", arrives=FIRST + 2), unit("h", "one", kind="utility_helicopter_unit"),
            unit("m", "three", kind="level_2_hospital", may_move=False, may_leave=False),
        ],
        tasks=[
            task(), task("escort", "humanitarian_escort", 2, demand_hours_per_zone_month=500.0, minimum_share=0.2),
        ],
        pledges=(pledge("p"), pledge("q", available_from=FIRST + 3)), ceilings=[ceiling(500), ceiling(400, after=3)],
        site_limits=[site_limit(2, after=2)], floors=[floor(0.3, "a")], months=5, nodes=TREE, fixed=1000,
        budget=(money("opening_cash", 10**6), money("appropriation", 10**6, last=2), money("appropriation", 10**6,
                after=3), money("appropriation", 9 * 10**5, when="worse")),
        restrictions=(restriction("site_lost", "three", after=3, when="worse"), restriction("grounded", "air", until=1),
                      restriction("no_consent", "s", when="worse")),
        handovers=[handover(0.5, "protect", "escort", months=4)],
        routes=small.routes({("one", "a"): 0.5, ("one", "b"): 1.5, ("three", "b"): 0.5, ("two", "a"): 1.25}),
    )  # fmt: skip
    changes: dict[str, object] = {
        "protection_q": 0.6, "move_days": 10, "guard_persons_per_base": 60, "exit_notice_months": 1,
        "exit_lag_months": 2, "lead_months.rapid": 2, "site_open_lead_months.temporary_base": 1,
        "repatriation_usd_per_person": "3", "deployment_usd_per_person": "2", "move_usd_per_person": "1",
        "site_run_usd_per_month.company_base": "50", "site_open_usd.temporary_base": "40",
        "site_close_usd.temporary_base": "30",
    }  # fmt: skip
    return given, changes


@pytest.fixture(scope="module")
def built() -> tuple[PlanData, PlanModel]:
    mission, changes = rich()
    data = gather(mission, small.norms(changes), tail=0.5)
    return data, build(data)


def test_the_table_lists_just_the_families_of_a_built_model(built):
    blocks = built[1].model.row_blocks
    assert {name for name in blocks if blocks[name].size} == set(EQUATIONS)


def test_each_row_is_over_what_the_table_says(built):
    for name, block in built[1].model.row_blocks.items():
        assert len(block.axes) == len(EQUATIONS[name].over), name
        assert ("node" in EQUATIONS[name].over) == (block.axes[-1] is built[0].timeline.node_ids), name


def test_sentences_speak_only_of_what_their_rows_are_about():
    for name, equation in EQUATIONS.items():
        fields = {field for _, field, _, _ in Formatter().parse(equation.sentence) if field}
        assert fields <= set(equation.over), name
        assert equation.formula and equation.why, name


def test_every_family_that_is_told_has_a_sentence():
    assert [name for name in TOLD if not EQUATIONS[name].sentence] == []


def test_every_family_stands_on_one_page():
    listed = [name for group in script().GROUPS.values() for name in group.families]
    assert sorted(listed) == sorted(EQUATIONS)


def test_the_pages_are_what_the_code_says():
    assert script().stale() == [], "run: python scripts/make_equations.py"


def as_built(model: PlanModel, family: str) -> dict[tuple[str, ...], tuple[by_hand.Terms, float, float]]:
    """Return the rows of a family as the solver gets them, by their names."""
    block, problem = model.model.row_blocks[family], model.problem
    matrix = problem.matrix.tocsr()[block.first : block.first + block.size].tocoo()
    found: dict[tuple[str, ...], tuple[by_hand.Terms, float, float]] = {}
    for row in range(block.first, block.first + block.size):
        found[block.key(row)] = {}, float(problem.row_lower[row]), float(problem.row_upper[row])
    for entry, column, value in zip(matrix.row, matrix.col, matrix.data, strict=True):
        found[block.key(int(entry) + block.first)][0][model.model.column_key(int(column))] = float(value)
    return found


def differences(data: PlanData, model: PlanModel) -> list[str]:
    """Name the rows that differ from those written out by hand."""
    hand, wrong = by_hand.Hand(data, model), []
    for family in by_hand.FAMILIES:
        found, name = as_built(model, family.__name__), family.__name__
        for key, terms, lower, upper in family(hand):
            built_terms, built_lower, built_upper = found.pop(key)
            kept = {column: value for column, value in terms.items() if value}
            same = built_terms.keys() == kept.keys() and all(
                abs(built_terms[column] - value) <= 1e-9 * max(1.0, abs(value)) for column, value in kept.items()
            )
            limits = np.isclose(built_lower, lower) and np.isclose(built_upper, upper)
            wrong += [] if same and limits else [f"{name}[{', '.join(key)}]"]
        wrong += [f"{name}[{', '.join(key)}] is extra" for key in found]
    return wrong


def test_every_row_of_a_rich_mission_is_the_one_written_out_by_hand(built):
    assert differences(*built) == []


@examples(8, 300)
@given(missions())
def test_every_row_of_any_small_mission_is_the_one_written_out_by_hand(drawn):
    data = gather(drawn[0], small.norms(drawn[1]))
    assert differences(data, build(data)) == []


def test_what_is_written_out_by_hand_is_everything_but_care_and_minimum_shares():
    care = {name for name in EQUATIONS if name.startswith(("enhanced_care", "surgery", "lift"))}
    assert {family.__name__ for family in by_hand.FAMILIES} == set(EQUATIONS) - care - {"minimum_share"}
