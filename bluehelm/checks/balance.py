"""Units do not appear or vanish: they stand, move, arrive one lead time after an order, and leave after notice."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bluehelm.checks.evidence import Evidence, FloatArray, IntArray, class_key
from bluehelm.checks.futures import lands_at
from bluehelm.checks.restrictions import begins_lost
from bluehelm.words import say


def whole_units(e: Evidence) -> Iterator[str]:
    """No number of units is below 0."""
    for table in ("deployments", "movements"):
        count = int((e.tables[table]["units"] <= 0).sum())
        if count:
            yield say("Table {table}: {count} rows have 0 units or fewer.", table=table, count=count)


def balance(e: Evidence) -> Iterator[str]:
    """Units at a site = units there before + moved in - moved out + arrived - stopped."""
    for n, node in enumerate(e.futures):
        before = e.start_units if node.parent < 0 else e.units[:, :, node.parent]
        d = {deed: block[:, :, n] for deed, block in e.deeds.items()}
        right = before + d["move_in"] - d["move_out"] + d["arrive"] - d["stop"]
        for k, j in np.argwhere(right != e.units[:, :, n]):
            yield say(
                "{class_id} at {site} in {node}: {stated} units, but those before and all movements give {right}.",
                class_id=e.classes[k].class_id, site=e.mission.sites[j].site_id, node=node.node_id,
                stated=e.units[k, j, n], right=right[k, j],
            )  # fmt: skip


def moves(e: Evidence) -> Iterator[str]:
    """As many units move in as move out; those that may not move leave no site but one that is lost."""
    into, out = (e.deeds[deed].sum(axis=1) for deed in ("move_in", "move_out"))
    for k, n in np.argwhere(into != out):
        yield say(
            "{class_id} in {node}: {into} units move in somewhere, {out} move out.",
            class_id=e.classes[k].class_id, node=e.futures[n].node_id, into=into[k, n], out=out[k, n],
        )  # fmt: skip
    for k, n in np.argwhere(into + out > 0):
        if e.classes[k].may_move:
            continue
        lost = [begins_lost(e, site.site_id, e.futures[n]) for site in e.mission.sites]
        if max(into[k, n], out[k, n]) > e.deeds["move_out"][k, lost, n].sum():
            yield say(
                "{class_id} in {node}: {units} units are moved; their caveat says they may not be.",
                class_id=e.classes[k].class_id, node=e.futures[n].node_id, units=into[k, n],
            )  # fmt: skip


def orders(e: Evidence) -> Iterator[str]:
    """A pledge is ordered when it is available, and at most once on each path."""
    for name, group in e.pledge_groups.items():
        for n, node in enumerate(e.futures):
            if e.orders[name][n] and node.first_month < group.available_from:
                yield say(
                    "{pledges} ordered in {node}, {month}; available from {available}.",
                    pledges=name, node=node.node_id, month=node.first_month, available=group.available_from,
                )  # fmt: skip
            ordered = int(e.orders[name][list(node.path)].sum())
            if ordered > group.count:
                yield say(
                    "{pledges}: {ordered} units ordered up to {node}, {count} pledged; {over} too many.",
                    pledges=name, ordered=ordered, node=node.node_id, count=group.count, over=ordered - group.count,
                )  # fmt: skip
    for row in e.tables["movements"].iter_rows(named=True):
        if row["deed"] == "order" and e.pledge_groups[row["pledge_class"]].class_id != row["class_id"]:
            yield say("{pledges} are not of class {class_id}.", pledges=row["pledge_class"], class_id=row["class_id"])


def arrivals(e: Evidence) -> Iterator[str]:
    """What arrives was on its way today, or was ordered one lead time before."""
    due = _on_the_way(e) + _ordered(e)
    came = e.deeds["arrive"].sum(axis=1)
    for k, n in np.argwhere(due != came):
        yield say(
            "{class_id} in {node}: {came} units arrive; {due} were due from orders and from those on their way.",
            class_id=e.classes[k].class_id, node=e.futures[n].node_id, came=came[k, n], due=due[k, n],
        )  # fmt: skip


def _on_the_way(e: Evidence) -> IntArray:
    due = np.zeros_like(e.exit_orders)
    position = {c.key: k for k, c in enumerate(e.classes)}
    for unit in e.mission.units:
        for n, node in enumerate(e.futures):
            if unit.arrives in node.all_months:
                due[position[class_key(unit)], n] += 1
    return due


def _ordered(e: Evidence) -> IntArray:
    due = np.zeros_like(e.exit_orders)
    position = {c.class_id: k for k, c in enumerate(e.classes)}
    for name, group in e.pledge_groups.items():
        lead_months = e.norm(f"lead_months.{group.readiness_level}")
        for m in np.flatnonzero(e.orders[name]):
            for n in lands_at(e.futures, int(m), lead_months):
                if e.futures[n].first_month <= group.last_month:
                    due[position[group.class_id], n] += e.orders[name][m]
    return due


def departures(e: Evidence) -> Iterator[str]:
    """A unit stops work one notice after it is told to leave; those that may not leave are not told."""
    due = np.zeros_like(e.exit_orders)
    notice_months = e.norm("exit_notice_months")
    for k, m in np.argwhere(e.exit_orders):
        due[k, lands_at(e.futures, int(m), notice_months)] += e.exit_orders[k, m]
        if not e.classes[k].may_leave:
            yield say(
                "{class_id} in {node}: {units} units are told to leave; they may not.",
                class_id=e.classes[k].class_id, node=e.futures[m].node_id, units=e.exit_orders[k, m],
            )  # fmt: skip
    stopped = e.deeds["stop"].sum(axis=1)
    for k, n in np.argwhere(due != stopped):
        yield say(
            "{class_id} in {node}: {stopped} units stop work; {due} were told to leave one notice before.",
            class_id=e.classes[k].class_id, node=e.futures[n].node_id, stopped=stopped[k, n], due=due[k, n],
        )  # fmt: skip


def leaving_months(e: Evidence) -> FloatArray:
    """Unit-months paid to units on their way out, by class and node: until the exit lag after their stop is over."""
    stopped = e.deeds["stop"].sum(axis=1)
    lag_months = e.norm("exit_lag_months")
    paid = np.zeros(stopped.shape)
    for n, node in enumerate(e.futures):
        for m in node.path:
            gone_at = e.futures[m].start + lag_months
            paid[:, n] += stopped[:, m] * max(0.0, min(node.end, gone_at) - node.start)
    return paid


def leaving_at_end(e: Evidence, months_before_end: int = 0) -> IntArray:
    """Units that have stopped and are still in theatre on the last day of a node, by class and node.

    months_before_end: 1 for the last day of the month before the last one, and so on.
    """
    stopped = e.deeds["stop"].sum(axis=1)
    lag_months = e.norm("exit_lag_months")
    there = np.zeros_like(stopped)
    for n, node in enumerate(e.futures):
        for m in node.path:
            if node.end - months_before_end < e.futures[m].start + lag_months:
                there[:, n] += stopped[:, m]
    return np.asarray(there, dtype=np.int64)
