"""Whole decisions read off a solution: the fewest movements that explain where units stand, node by node."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bluehelm.planning.build import PlanModel
from bluehelm.planning.families.units import order_landing
from bluehelm.planning.gather import PlanData
from bluehelm.solve.model import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the plan decides, in whole numbers; shapes as in Columns. effort: hours per effort column."""

    x: IntArray
    move_in: IntArray
    move_out: IntArray
    arrive: IntArray
    stop: IntArray
    order: IntArray
    exit_order: IntArray
    opened: BoolArray
    opens: BoolArray
    closes: BoolArray
    effort: FloatArray


def decisions_of(data: PlanData, built: PlanModel, values: FloatArray) -> Decisions:
    """Round what must be whole and settle movements: a solver may leave idle to-and-fro that costs it nothing."""
    at, line = built.columns, data.timeline
    x = _whole(values[at.x])
    opened = _whole(values[at.opened]).astype(bool)
    before = opened[:, np.maximum(line.parent, 0)]
    today = np.array([site.open_at_start for site in data.mission.sites], bool) & data.base
    before = np.where(line.parent < 0, today[:, None], before)
    order = _whole(values[at.order])
    exit_order = _whole(values[at.exit_order])
    arrivals, stops = _totals(data, order, exit_order)
    arrive, stop, move_in, move_out = _settle(data, x, arrivals, stops, _whole(values[at.arrive]))
    return Decisions(
        x=x,
        move_in=move_in,
        move_out=move_out,
        arrive=arrive,
        stop=stop,
        order=order,
        exit_order=exit_order,
        opened=opened,
        opens=opened & ~before,
        closes=~opened & before,
        effort=np.maximum(values[built.effort.column], 0.0),
    )


def _whole(values: FloatArray) -> IntArray:
    return np.rint(values).astype(np.int32)


def _totals(data: PlanData, order: IntArray, exit_order: IntArray) -> tuple[IntArray, IntArray]:
    """Count arrivals and stops of each class at each node from what was ordered earlier."""
    arrivals = data.arriving.copy()
    place = {class_id: k for k, class_id in enumerate(data.class_ids)}
    for c, pledge in enumerate(data.pledge_classes):
        ordered, lands = order_landing(data, c)
        np.add.at(arrivals[place[pledge.unit_class]], lands, order[c, ordered])
    effect = np.zeros((len(data.timeline), len(data.timeline)), np.int32)
    effect[data.timeline.landing(data.exit_notice_months)] = 1
    return arrivals, exit_order @ effect


def _settle(
    data: PlanData, x: IntArray, arrivals: IntArray, stops: IntArray, wished: IntArray
) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Explain every change between nodes; what arrives goes first to where the solution has it arrive."""
    arrive, stop, move_in, move_out = (np.zeros_like(x) for _ in range(4))
    parent = data.timeline.parent
    for n in range(len(data.timeline)):
        before = x[:, :, parent[n]] if parent[n] >= 0 else data.at_start
        change = x[:, :, n] - before
        for k in np.flatnonzero(change.any(axis=1) | (stops[:, n] > 0) | (arrivals[:, n] > 0)):
            gain, loss = np.maximum(change[k], 0), np.maximum(-change[k], 0)
            stop[k, :, n] = _stops(data, int(k), n, loss, int(stops[k, n]))
            arrive[k, :, n] = _take(np.minimum(gain, wished[k, :, n]), int(arrivals[k, n]))
            arrive[k, :, n] += _take(gain - arrive[k, :, n], int(arrivals[k, n] - arrive[k, :, n].sum()))
            # A unit that leaves while another of its class comes may do so at one site: nobody moves.
            relieved = int(stops[k, n] - stop[k, :, n].sum())
            if relieved > 0:
                open_to_it = data.allowed[k] & ~data.restricted.lost[:, n]
                swap = _take(np.where(open_to_it, before[k] - stop[k, :, n], 0), relieved)
                stop[k, :, n] += swap
                arrive[k, :, n] += swap
            net = change[k] - arrive[k, :, n] + stop[k, :, n]
            move_in[k, :, n], move_out[k, :, n] = np.maximum(net, 0), np.maximum(-net, 0)
    return arrive, stop, move_in, move_out


def _stops(data: PlanData, k: int, n: int, loss: IntArray, wanted: int) -> IntArray:
    """Take those who end their work from the sites that lose units; who may not move leaves a lost site last."""
    if data.classes[k].may_move:
        return _take(loss, wanted)
    elsewhere = _take(np.where(data.restricted.lost[:, n], 0, loss), wanted)
    return np.asarray(elsewhere + _take(loss - elsewhere, wanted - int(elsewhere.sum())))


def _take(available: IntArray, wanted: int) -> IntArray:
    """Take `wanted` from what is available, in the order of the sites."""
    return np.asarray(np.clip(wanted - (np.cumsum(available) - available), 0, available))
