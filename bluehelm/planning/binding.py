"""What binds: limits that the plan uses to the full, each with its sentence."""

from __future__ import annotations

import numpy as np
import polars as pl

from bluehelm.mission.plan import TABLES
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


def binding_rows(data: PlanData, built: PlanModel, values: FloatArray) -> pl.DataFrame:
    """List the rows of limiting families that are full in a solution, with what is left of them."""
    problem = built.problem
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
        full = np.isfinite(slack) & (slack <= 1e-6 * np.maximum(1.0, np.abs(limit)))
        if family == "site_capacity":
            full &= (values[built.columns.opened] > 0.5).ravel()
        for row in rows[full]:
            key = block.key(int(row))
            listed.append(_told(family, key, float(slack[row - block.first])))
    schema = {name: pl.Float64 if name == "slack" else pl.String for name in TABLES["binding"]}
    return pl.DataFrame(listed, schema=schema)


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
