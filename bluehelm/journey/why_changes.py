"""Changes to a plan's model, each a question: one more unit, more money, a site forced, one base more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bluehelm.journey.why_again import Change, with_row
from bluehelm.journey.why_asked import Asked
from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.prices import KUSD
from bluehelm.solve.model import IntArray, Problem

MONEY = ("cash", "appropriation")
# Classes that are free where a question is not about one of them.
MOST_FREE = 3


def one_more_unit(asked: Asked, k: int, site: int | None = None) -> Change:
    """Allow one more unit of a class to arrive in the first node, with room under the ceiling and the money it costs.

    site: where it arrives; None: wherever it does most. Beds are not added.
    """
    data, at, blocks = asked.data, asked.built.columns, asked.built.model.row_blocks
    first, nodes = int(np.flatnonzero(data.timeline.parent < 0)[0]), len(data.timeline)
    place = np.flatnonzero(data.allowed[k]) if site is None else np.array([site])
    c = COMPONENTS.index(data.classes[k].unit_type.component)

    def change(problem: Problem) -> Problem:
        row_upper, upper = problem.row_upper.copy(), problem.column_upper.copy()
        row_upper[blocks["arrivals"].first + k * nodes + first] += 1
        for family in ("ceiling", "ceiling_within"):
            count = blocks[family].shape[1]
            start = blocks[family].first + c * count
            row_upper[start : start + count] += data.persons[k]
        for family in MONEY:
            row_upper[blocks[family].first : blocks[family].first + blocks[family].size] += unit_usd(asked, k) / KUSD
        upper[at.arrive[k, place, first]] += 1
        upper[at.x[k, np.flatnonzero(data.allowed[k])]] += 1
        return replace(problem, row_upper=row_upper, column_upper=upper)

    return change


def free_to_place(asked: Asked, classes: Sequence[int]) -> IntArray:
    """Return the whole columns that a question on units leaves free: some classes, pledges, which bases are open."""
    at = asked.built.columns
    return np.concatenate([at.x[list(classes)].ravel(), at.order.ravel(), at.opened.ravel()])


def unit_usd(asked: Asked, k: int) -> float:
    """What one more unit of a class costs: the way in, all months planned, and the way home."""
    price, months = asked.data.prices, float(asked.data.timeline.end.max())
    return float(price.deploy[k] + price.month[k] * (months + asked.data.exit_lag_months) + price.repatriate[k]) * KUSD


def more_money(asked: Asked, usd: float) -> Change:
    """Raise every limit on money."""
    blocks = asked.built.model.row_blocks

    def change(problem: Problem) -> Problem:
        upper = problem.row_upper.copy()
        for family in MONEY:
            upper[blocks[family].first : blocks[family].first + blocks[family].size] += usd / KUSD
        return replace(problem, row_upper=upper)

    return change


def site_forced(asked: Asked, j: int, nodes: Sequence[int], *, open_: bool, extra_site: bool = False) -> Change:
    """Force a site open or closed in some nodes; extra_site: with one more base allowed."""
    columns = asked.built.columns.opened[j, list(nodes)]
    limit = asked.built.model.row_blocks["site_limit"]

    def change(problem: Problem) -> Problem:
        lower, upper, row_upper = problem.column_lower.copy(), problem.column_upper.copy(), problem.row_upper.copy()
        lower[columns] = upper[columns] = float(open_)
        row_upper[limit.first : limit.first + limit.size] += extra_site
        return replace(problem, column_lower=lower, column_upper=upper, row_upper=row_upper)

    return change


def class_total(asked: Asked, k: int, nodes: Sequence[int], *, more: int) -> Change:
    """Force a class in some nodes to count at least (more > 0) or at most (more < 0) as the plan does, plus `more`."""
    at = asked.built.columns

    def change(problem: Problem) -> Problem:
        for n in nodes:
            total = float(asked.x[k, :, n].sum() + more)
            columns: IntArray = at.x[k, :, n]
            limits = (total, np.inf) if more > 0 else (-np.inf, total)
            problem = with_row(problem, columns, np.ones(len(columns)), *limits)
        return problem

    return change


def units_stay(asked: Asked, k: int, j: int, nodes: Sequence[int]) -> Change:
    """Force one more unit of a class to stand at a site in some nodes than the plan has there."""
    columns = asked.built.columns.x[k, j, list(nodes)]

    def change(problem: Problem) -> Problem:
        lower = problem.column_lower.copy()
        lower[columns] = np.minimum(asked.x[k, j, list(nodes)] + 1, problem.column_upper[columns])
        return replace(problem, column_lower=lower)

    return change
