"""How fast is the plan model built, beside the same model in Pyomo, and in how much memory?

Run: python benchmarks/model_building.py [runs]. Asked: at least 20 times faster than Pyomo, at least 1,000,000
non-zeros a second, at most 3 times the memory of the arrays. Needs Pyomo: pip install -e '.[bench]'.

Both sides start from gathered data. Ours ends with the arrays that the solver takes; Pyomo's time is told twice: for
its constraints alone (which the ratio is taken from) and with its own compiler to arrays. That both are one model is
shown by the best value of the relaxation.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from statistics import median

import numpy as np
from _pyomo_model import Lists, build_in_pyomo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from bluehelm.mission.mandate import Ceiling, Floor, Mandate, Task
from bluehelm.mission.mission import Mission, Setting
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area, BudgetLine, Pledge, Site, Unit
from bluehelm.norms.norms import load_norms
from bluehelm.planning.build import PlanModel, build
from bluehelm.planning.gather import PlanData, gather
from bluehelm.planning.goals import goals_of
from bluehelm.solve.highs import relax
from bluehelm.solve.model import Problem

FIRST = Month(2020, 1)
KNOWN = {"source": "made up", "status": "assumed"}
KINDS = ("infantry_company", "formed_police_unit", "infantry_platoon", "level_2_hospital",
         "engineer_company_construction", "military_observer_team", "individual_police_team",
         "human_rights_team")  # fmt: skip
TIMES_FASTER, NON_ZEROS_A_SECOND, TIMES_THE_ARRAYS = 20.0, 1_000_000.0, 3.0


def mission(sites: int = 60, areas: int = 400, units: int = 90, months: int = 18, seed: int = 0) -> Mission:
    """Make up a mission of one future: 8 types, 60 sites, 400 areas, 18 months with two rainy seasons."""
    draw = np.random.default_rng(seed)

    def place(km: float = 300.0) -> tuple[float, float]:
        north, east = draw.uniform(-km, km, 2)
        return 13.0 + north / 111.0, 25.0 + east / 108.0

    bases = [
        Site(
            site_id=f"s{j}", name=f"s{j}", kind="company_base", zone=f"z{j % 5}", latitude_deg=(at := place())[0],
            longitude_deg=at[1], open_at_start=j % 5 > 0, may_close=j > 1, opens_from=None if j % 5 else FIRST, **KNOWN,
        )
        for j in range(sites)
    ]  # fmt: skip
    towns = [
        Area(
            area_id=f"a{i}", name=f"a{i}", zone=f"z{i % 5}", latitude_deg=(at := place())[0], longitude_deg=at[1],
            population_persons=10_000, fatalities_per_month=float(draw.lognormal(0, 1.5)), **KNOWN,
        )
        for i in range(areas)
    ]  # fmt: skip
    standing = [base for base in bases if base.open_at_start]
    types = load_norms().unit_types()
    contingents = [
        Unit(
            unit_id=f"u{i}", unit_type=kind, contributor="", site_id=standing[i % len(standing)].site_id,
            persons=types[kind].strength_persons, **KNOWN,
        )
        for i, kind in enumerate(KINDS[i % len(KINDS)] for i in range(units))
    ]  # fmt: skip
    promises = [
        Pledge(pledge_id=f"p{i}", unit_type=kind, contributor="", persons=types[kind].strength_persons,
               readiness_level="rapid", available_from=FIRST, expires_on=date(2022, 1, 1), **KNOWN)
        for i, kind in enumerate(KINDS)
    ]  # fmt: skip
    tasks = [
        Task(task_id="protect", title="Protect", kind="protection_of_civilians", priority=1, starts=FIRST, **KNOWN),
        *(Task(task_id=kind, title=kind, kind=kind, priority=2, starts=FIRST, **KNOWN)
          for kind in ("humanitarian_escort", "human_rights_monitoring", "engineering_works")),
    ]  # fmt: skip
    money = [
        BudgetLine(kind=kind, first_month=FIRST, last_month=FIRST + months, amount_usd=Decimal(10**9), **KNOWN)
        for kind in ("opening_cash", "appropriation")
    ]
    return Mission(
        setting=Setting(
            name="Made up", operation="NONE", countries=("SDN",), first_month=FIRST, months=months,
            wet_months=(7, 8, 9), mission_model="protection", fixed_cost_usd_per_month=Decimal(1_000_000),
            fixed_cost_source="made up", fixed_cost_status="assumed",
        ),
        mandate=Mandate(
            resolution="none", adopted_on=date(2019, 12, 1), valid_until=date(2021, 12, 31), **KNOWN, task=tuple(tasks),
            ceiling=(Ceiling(component="military", persons=8000, from_month=FIRST, **KNOWN),
                     Ceiling(component="military", persons=4000, from_month=FIRST + 8, **KNOWN)),
            floor=(Floor(share=0.2, from_month=FIRST + 6, **KNOWN),),
        ),
        areas=tuple(towns), sites=tuple(bases), units=tuple(contingents), pledges=tuple(promises), budget=tuple(money),
        sources={"made up": "drawn at random"},
    )  # fmt: skip


def timed(work: Callable[[], object], runs: int) -> list[float]:
    """Time each run [s] with nothing left over from the one before."""
    took = []
    for _ in range(runs):
        gc.collect()
        began = time.perf_counter()
        made = work()
        took.append(time.perf_counter() - began)
        del made
    return took


def array_bytes(problem: Problem) -> int:
    """Size of everything that the solver is given."""
    matrix = problem.matrix
    vectors = (problem.cost, problem.column_lower, problem.column_upper, problem.row_lower, problem.row_upper,
               problem.integer, problem.stage, problem.soft)  # fmt: skip
    return int(sum(a.nbytes for a in (matrix.data, matrix.indices, matrix.indptr, *vectors)))


def peak_bytes(data: PlanData) -> int:
    """Most memory in use at one time while building."""
    gc.collect()
    tracemalloc.start()
    made = build(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del made
    return peak


def first_goal(data: PlanData, built: PlanModel) -> Problem:
    """Aim the model at its first priority, as a minimisation."""
    goal = goals_of(data, built.columns, tolerance=0.0)[0]
    return replace(built.problem, cost=-goal.vector(len(built.problem.cost)), offset=-goal.constant)


def compiled(model: object) -> tuple[Problem, int]:
    """Turn a Pyomo model into our arrays by its own compiler; return them and the number of non-zeros."""
    form = LinearStandardFormCompiler().write(model, mixed_form=True, set_sense=None)
    lower, upper = np.full(len(form.rhs), -np.inf), np.full(len(form.rhs), np.inf)
    for i, (row, rhs) in enumerate(zip(form.rows, form.rhs, strict=True)):
        lower[i] = rhs if row.bound_type <= 0 else -np.inf
        upper[i] = rhs if row.bound_type >= 0 else np.inf
    bounds = [(-np.inf if low is None else low, np.inf if high is None else high)
              for low, high in (column.bounds for column in form.columns)]  # fmt: skip
    count = len(bounds)
    problem = Problem(
        cost=-np.asarray(form.c.todense()).ravel(), offset=0.0, column_lower=np.array([b[0] for b in bounds], float),
        column_upper=np.array([b[1] for b in bounds], float), row_lower=lower, row_upper=upper,
        matrix=sparse.csc_array(form.A), integer=np.zeros(count, bool), stage=np.full(count, -1),
        soft=np.zeros(len(lower), bool), look_ahead=0,
    )  # fmt: skip
    return problem, int(form.A.nnz)


def spread(values: list[float], unit: str = "s") -> str:
    """Say min, median and max."""
    return f"min {min(values):.4g} {unit}, median {median(values):.4g} {unit}, max {max(values):.4g} {unit}"


def main() -> int:
    """Print the numbers; return 1 if an aim is missed or the two models differ."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    data = gather(mission(), load_norms())
    lists = Lists(data)
    built = build(data)
    rows, columns = built.problem.matrix.shape
    non_zeros = int(built.problem.matrix.nnz)
    counts = (len(data.timeline), len(data.classes), len(data.site_ids), len(data.area_ids))
    print("{} nodes, {} classes, {} sites, {} areas: ".format(*counts), end="")
    print(f"{rows:,} rows, {columns:,} columns, {non_zeros:,} non-zeros; {runs} runs")
    ours = timed(lambda: build(data), runs)
    model = build_in_pyomo(lists)
    theirs, theirs_non_zeros = compiled(model)
    pyomo = timed(lambda: build_in_pyomo(lists), runs)
    arrays = timed(lambda: compiled(model), runs)
    best, other = -relax(first_goal(data, built)).objective, -relax(theirs).objective
    speed, memory = non_zeros / median(ours), peak_bytes(data) / array_bytes(built.problem)
    ratio = median(pyomo) / median(ours)
    print(f"ours, to arrays:        {spread(ours)}")
    print(f"Pyomo, constraints:     {spread(pyomo)} ({theirs_non_zeros:,} non-zeros)")
    print(f"Pyomo, then to arrays:  {spread(arrays)}")
    print(f"best of the relaxation: ours {best:.9f}, Pyomo {other:.9f}")
    to_arrays = ratio + median(arrays) / median(ours)
    print(f"times faster: {ratio:.1f} (to arrays {to_arrays:.1f}); asked {TIMES_FASTER:.0f}")
    print(f"non-zeros a second: {speed:,.0f}; asked {NON_ZEROS_A_SECOND:,.0f}")
    print(f"peak memory over the arrays ({array_bytes(built.problem) / 2**20:.1f} MB): {memory:.2f}; "
          f"asked {TIMES_THE_ARRAYS:.0f} at most")  # fmt: skip
    met = ratio >= TIMES_FASTER and speed >= NON_ZEROS_A_SECOND and memory <= TIMES_THE_ARRAYS
    return 0 if met and abs(best - other) < 1e-6 else 1


if __name__ == "__main__":
    sys.exit(main())
