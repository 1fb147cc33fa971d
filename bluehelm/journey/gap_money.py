"""Money to ask for where money is what binds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import numpy as np
import polars as pl

from bluehelm.journey.coarse import Question, ask, coarse_mission
from bluehelm.journey.sentences import month_told
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import BudgetLine
from bluehelm.norms.norms import Norms
from bluehelm.planning.families.protection import step_worth
from bluehelm.reports.extras import GapItem, tell
from bluehelm.reports.numbers import decimal
from bluehelm.solve.highs import relax

MILLION = Decimal(1_000_000)
# Enough to pay for a company over some months.
MORE = 10 * MILLION
LEAST_DEATHS = 0.05
# A model beyond this size takes too long to be asked again.
MOST_NON_ZEROS = 400_000


def money_items(plan: Plan, norms: Norms) -> Iterator[GapItem]:
    """Yield ten million more for each approved amount that the plan spends to the full, with what it would buy."""
    binding = plan.tables["binding"].filter(pl.col("family") == "appropriation")
    runs = [line for line in plan.mission.budget if line.kind == "appropriation"]
    spent = sorted({int(row.split("[")[1].split(",")[0]) - 1 for row in binding["row"]})
    if not spent:
        return
    mission = coarse_mission(plan.mission)
    question = ask(mission, norms)
    before = _deaths(question) if question.problem.matrix.nnz <= MOST_NON_ZEROS else None
    for run in [runs[i] for i in spent] if before is not None else []:
        more = tuple(_raised(line) if line == run else line for line in mission.budget)
        after = _deaths(ask(replace(mission, budget=more), norms))
        if before is None or after is None or after - before < LEAST_DEATHS:
            continue
        yield GapItem(
            what=tell("More money approved"),
            where=tell("{first} to {last}", first=month_told(str(run.first_month)),
                       last=month_told(str(run.last_month))),
            first_month=str(run.first_month),
            amount=float(MORE / MILLION),
            unit="million USD",
            buys=tell("up to {deaths} more {deaths:death|deaths} protected, by the bound of a quick plan made anew",
                      deaths=decimal(after - before, 1)),
        )  # fmt: skip


def _raised(line: BudgetLine) -> BudgetLine:
    return replace(line, amount_usd=line.amount_usd + MORE)


def _deaths(question: Question) -> float | None:
    """Deaths protected when no decision needs to be whole; None where there is no plan."""
    values = relax(question.problem, method="simplex", threads=1).values
    if values is None:
        return None
    data = question.data
    share = np.einsum("aln,l->an", values[question.built.columns.y], step_worth(data))
    return float((data.demand.harm * data.timeline.probability * share).sum())
