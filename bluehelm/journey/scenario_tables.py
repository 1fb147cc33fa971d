"""The tables of a scenario tree: `nodes.csv` and `risk.csv` of a mission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bluehelm.foresight.reduce import FloatArray, IntArray
from bluehelm.foresight.states import Chain, History
from bluehelm.foresight.tree import Futures, Leaf, Tree
from bluehelm.mission.bulk import RiskRow
from bluehelm.mission.frames import clean_frame
from bluehelm.mission.mission import Mission
from bluehelm.mission.records import Node

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Matched:
    """The forecast in the mission's areas and months. place: the mission's area of each forecast area, or -1."""

    paths: NDArray[np.int64]
    place: IntArray
    by_name: int
    by_name_but_far: int
    outside_share: float

    @property
    def foreseen(self) -> IntArray:
        """Areas of the mission of which the forecast says something."""
        return np.unique(self.place[self.place >= 0])


@dataclass(frozen=True, slots=True)
class Laid:
    """A tree with all that it was made from. factors: (histories, stages, areas), by what states multiply risk."""

    tree: Tree
    futures: Futures
    chains: tuple[Chain, ...]
    histories: tuple[History, ...]
    factors: FloatArray
    matched: Matched
    starts: tuple[int, ...]

    @property
    def ends(self) -> tuple[int, ...]:
        """Months after the first at which each stage is over."""
        return (*self.starts[1:], int(self.matched.paths.shape[2]))

    @property
    def chance(self) -> FloatArray:
        """Chance of each history of the states."""
        return np.array([float(chance) for chance in self.futures.chance])


def receipts_shares(histories: Sequence[History], stage: int) -> FloatArray:
    """Return by what each history multiplies receipts in a stage."""
    return np.array([float(np.prod([v.receipts_share for v in history.values[stage]])) for history in histories])


def conditions_of(history: History, stage: int) -> frozenset[str]:
    """Return the conditions of the mandate that hold in a stage."""
    return frozenset(name for value in history.values[stage] for name in value.conditions)


def nodes_of(laid: Laid, mission: Mission, source: str) -> tuple[Node, ...]:
    """Make the rows of nodes.csv; conditions that no state steers hold from their month on, as without a tree."""
    tree, starts, first = laid.tree, laid.starts, mission.setting.first_month
    steered = {name for chain in laid.chains for value in chain.values for name in value.conditions}
    names = _names(tree, starts)
    nodes = []
    for n, (stage, parent) in enumerate(zip(tree.stage, tree.parent, strict=True)):
        leaves = tree.leaves_of(n)
        ways = sorted({int(h) for leaf in leaves for h in leaf.histories})
        month = first + starts[stage]
        dated = {
            c.condition_id
            for c in mission.mandate.condition
            if c.condition_id not in steered and c.holds_from is not None and c.holds_from <= month
        }
        given = tree.probability[parent] if parent >= 0 else Fraction(1)
        nodes.append(
            Node(
                node_id=names[n],
                parent_id=names[parent] if parent >= 0 else "",
                first_month=month,
                months=laid.ends[stage] - starts[stage],
                probability=float(tree.probability[n] / given),
                source=source,
                status="assumed",
                receipts_scale=round(_mean_over(laid, n, receipts_shares(laid.histories, stage)), DIGITS),
                conditions=tuple(sorted(dated | conditions_of(laid.histories[ways[0]], stage))),
                note=_note(laid, leaves, ways, stage),
            )
        )
    return tuple(nodes)


def _names(tree: Tree, starts: Sequence[int]) -> list[str]:
    """Name nodes by the month in which they begin, and number them within it: m03_02."""
    seen: dict[int, int] = {}
    names = []
    for stage in tree.stage:
        seen[stage] = seen.get(stage, 0) + 1
        names.append(f"m{starts[stage]:02d}" + (f"_{seen[stage]:02d}" if stage else ""))
    return names


def _mean_over(laid: Laid, node: int, of_history: FloatArray) -> float:
    weights = np.zeros(len(of_history))
    for leaf in laid.tree.leaves_of(node):
        weights[leaf.histories] += len(leaf.paths) * laid.chance[leaf.histories]
    return float(weights @ of_history / weights.sum())


def _note(laid: Laid, leaves: Sequence[Leaf], ways: Sequence[int], stage: int) -> str:
    count = len(np.unique(np.concatenate([leaf.paths for leaf in leaves])))
    parts = [f"{count} of {laid.futures.paths} sample paths"]
    for i, chain in enumerate(laid.chains):
        names = sorted({laid.histories[way].values[stage][i].name for way in ways})
        parts.append(f"{chain.name}: {' or '.join(names)}")
    return "; ".join(parts)


def risk_of(laid: Laid, nodes: Sequence[Node], mission: Mission) -> pl.DataFrame:
    """Make the rows of risk.csv for every area that the forecast or a state speaks of; the others keep theirs."""
    own, every = own_risk(mission), np.arange(len(mission.areas))
    foreseen = np.isin(every, laid.matched.foreseen)
    touched = every[foreseen | (laid.factors != 1).any(axis=(0, 1))]
    area_ids = np.array([area.area_id for area in mission.areas])[touched]
    frames = []
    for n, node in enumerate(nodes):
        stage = laid.tree.stage[n]
        window = slice(laid.starts[stage], laid.ends[stage])
        deaths, weight = np.zeros_like(own[:, window]), 0.0
        for leaf in laid.tree.leaves_of(n):
            ways, count = laid.chance[leaf.histories], len(leaf.paths)
            on_paths = laid.matched.paths[leaf.paths, :, window].sum(axis=0)
            expected = np.where(foreseen[:, None], on_paths, own[:, window] * count)
            deaths += (ways @ laid.factors[leaf.histories, stage])[:, None] * expected
            weight += float(ways.sum()) * count
        frames.append(_rows(node, area_ids, deaths[touched] / weight))
    return clean_frame(pl.concat([*_kept_rows(mission, area_ids), *frames]), RiskRow)


def _rows(node: Node, area_ids: NDArray[np.str_], deaths: FloatArray) -> pl.DataFrame:
    months = [str(node.first_month + i) for i in range(node.months)]
    return pl.DataFrame(
        {
            "area_id": np.repeat(area_ids, len(months)),
            "month": months * len(area_ids),
            "fatalities_per_month": deaths.ravel().round(DIGITS),
        }
    ).with_columns(
        source=pl.lit(node.source),
        status=pl.lit("assumed"),
        node_id=pl.lit(node.node_id),
        note=pl.lit("mean of the futures that pass through the node"),
    )


def own_risk(mission: Mission) -> FloatArray:
    """Return what the mission itself expects where nodes say nothing; shape (areas, months)."""
    own = np.repeat([[float(area.fatalities_per_month)] for area in mission.areas], mission.setting.months, axis=1)
    if mission.risk is not None:
        place = {area.area_id: i for i, area in enumerate(mission.areas)}
        month_of = {str(month): i for i, month in enumerate(mission.months)}
        every = mission.risk.filter(pl.col("node_id") == "")
        for area_id, month, deaths in every.select("area_id", "month", "fatalities_per_month").iter_rows():
            if month in month_of:
                own[place[area_id], month_of[month]] = deaths
    return own


def _kept_rows(mission: Mission, touched: NDArray[np.str_]) -> list[pl.DataFrame]:
    if mission.risk is None:
        return []
    for_every_node = pl.col("node_id") == ""
    kept = clean_frame(mission.risk, RiskRow).filter(for_every_node & ~pl.col("area_id").is_in(touched.tolist()))
    return [kept] if kept.height else []
