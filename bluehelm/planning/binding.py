"""What binds: limits that leave too little for one more unit, each with its sentence."""

from __future__ import annotations

import numpy as np
import polars as pl

from bluehelm.mission.plan import TABLES
from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.build import PlanModel
from bluehelm.planning.equations import EQUATIONS
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import FloatArray
from bluehelm.words import say, speaking

# Families in which a full row tells a planner something; the others hold by their nature.
TOLD = (
    "ceiling", "ceiling_within", "site_capacity", "site_limit", "cash", "appropriation", "pledges", "floor",
    "minimum_share",
)  # fmt: skip
NEARLY = 1e-6


def binding_rows(data: PlanData, built: PlanModel, values: FloatArray) -> pl.DataFrame:
    """List the rows of limiting families that leave too little for one more unit, with what is left of them."""
    problem, needs = built.problem, _one_more(data)
    activity = problem.matrix @ values
    listed: list[dict[str, object]] = []
    for family in TOLD:
        block = built.model.row_blocks[family]
        rows = np.arange(block.first, block.first + block.size)
        upper, lower = problem.row_upper[rows], problem.row_lower[rows]
        slack = np.minimum(
            np.where(np.isfinite(upper), upper - activity[rows], np.inf),
            np.where(np.isfinite(lower), activity[rows] - lower, np.inf),
        )
        limit = np.where(np.isfinite(upper), upper, lower)
        nothing = NEARLY * np.maximum(1.0, np.where(np.isfinite(limit), np.abs(limit), 1.0))
        too_little = needs.get(family, np.zeros(block.shape)).ravel() - nothing
        full = np.isfinite(slack) & ((slack <= nothing) | (slack < too_little))
        if family == "site_capacity":
            full &= (values[built.columns.opened] > 0.5).ravel()
        for row in rows[full]:
            key = block.key(int(row))
            listed.append(_told(family, key, float(slack[row - block.first])))
    schema = {name: pl.Float64 if name == "slack" else pl.String for name in TABLES["binding"]}
    return pl.DataFrame(listed, schema=schema)


def _one_more(data: PlanData) -> dict[str, FloatArray]:
    """Return what the smallest unit would need of each limit on persons or money, in the shape of its rows."""
    persons = data.persons.astype(float)
    component = np.array([COMPONENTS.index(c.unit_type.component) for c in data.classes], int)
    smallest = np.array([persons[component == c].min(initial=np.inf) for c in range(len(COMPONENTS))])[:, None]
    at_site = np.where(data.allowed, persons[:, None], np.inf).min(axis=0, initial=np.inf)[:, None]
    nodes, inner, runs = len(data.timeline), len(data.demand.inner), len(data.prices.approved)
    month = float(data.prices.month.min(initial=np.inf))
    return {
        "ceiling": np.repeat(smallest, nodes, axis=1),
        "ceiling_within": np.repeat(smallest, inner, axis=1),
        "site_capacity": np.repeat(at_site, nodes, axis=1),
        "cash": np.full(nodes, month),
        "appropriation": np.full((runs, nodes), month),
    }


def _told(family: str, key: tuple[str, ...], slack: float) -> dict[str, object]:
    equation = EQUATIONS[family]
    named = dict(zip(equation.over, key, strict=True))
    return {
        "family": family,
        "row": f"{family}[{', '.join(key)}]",
        "node_id": named.get("node", ""),
        "sentence": _in_english(family, key),
        "slack": max(slack, 0.0),
    }


def _in_english(family: str, key: tuple[str, ...]) -> str:
    """Plans hold the English sentence, so that their bytes do not hang on the reader; reports say it anew."""
    with speaking("en"):
        return sentence_of(family, key)


def sentence_of(family: str, key: tuple[str, ...]) -> str:
    """Say in words what a row of a family means when it binds."""
    equation = EQUATIONS[family]
    return say(equation.sentence, **dict(zip(equation.over, key, strict=True)))
