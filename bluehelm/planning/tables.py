"""The tables of a plan, from its whole decisions: every number is worked out again from what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from bluehelm.mission.plan import TABLES
from bluehelm.mission.records import COMPONENTS
from bluehelm.planning.build import PlanModel
from bluehelm.planning.decisions import Decisions
from bluehelm.planning.families.care import CARE_LEVELS
from bluehelm.planning.families.effort import effort_share
from bluehelm.planning.families.protection import step_worth
from bluehelm.planning.families.units import months_leaving
from bluehelm.planning.gather import PlanData
from bluehelm.planning.prices import KUSD
from bluehelm.planning.timeline import Timeline
from bluehelm.solve.model import BoolArray, FloatArray, IntArray

Names = Sequence[str]


def tables_of(data: PlanData, built: PlanModel, made: Decisions) -> dict[str, pl.DataFrame]:
    """Return all tables of `bluehelm.mission.plan.TABLES` but names and binding, which later steps add."""
    given = effort_given(data, built, made)
    effort = _effort(data, given)
    protection = _protection(data, made)
    care = _care(data, made)
    tables = {
        "nodes": _nodes(data),
        "classes": _classes(data),
        "deployments": _deployments(data, made),
        "movements": _movements(data, made),
        "sites": _sites(data, made),
        "protection": protection,
        "effort": effort,
        "effort_given": given,
        "care": care,
        "ceilings": _ceilings(data, made),
        "cash": _cash(data, made),
        "shortfalls": _shortfalls(data, effort, protection, care),
    }
    return {name: table.select(list(TABLES[name])) for name, table in tables.items()}


def _months(data: PlanData) -> list[str]:
    return [str(month) for month in data.timeline.first_month]


def _long(data: PlanData, shape_names: Mapping[str, Names], columns: Mapping[str, object]) -> pl.DataFrame:
    """Lay arrays (..., nodes) out as rows, node by node, with the names of each axis and the node's month."""
    nodes = data.timeline.node_ids
    axes = {"node_id": nodes, "month": _months(data)}
    sizes = [len(names) for names in shape_names.values()]
    at = np.indices((len(nodes), *sizes)).reshape(len(sizes) + 1, -1)
    laid: dict[str, object] = {name: np.array(values, str)[at[0]] for name, values in axes.items()}
    for i, (name, values) in enumerate(shape_names.items()):
        laid[name] = np.array(values, str)[at[i + 1]]
    for name, array in columns.items():
        laid[name] = np.moveaxis(np.asarray(array), -1, 0).ravel()
    return pl.DataFrame(laid)


def _nodes(data: PlanData) -> pl.DataFrame:
    line = data.timeline
    slowest = max([data.exit_notice_months, *data.lead_months.tolist(), *data.opening_lead.tolist()])
    horizon = np.zeros(len(line))
    for leaf in np.flatnonzero(line.leaf).tolist():
        horizon[line.path(leaf)] = np.maximum(horizon[line.path(leaf)], line.end[leaf])
    return pl.DataFrame(
        {
            "node_id": line.node_ids,
            "parent_id": [line.node_ids[p] if p >= 0 else "" for p in line.parent],
            "month": _months(data),
            "months": line.months,
            "probability": line.probability,
            "indicative": horizon - line.start < slowest,
        }
    )


def _classes(data: PlanData) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "class_id": data.class_ids,
            "unit_type": [c.unit_type.unit_type for c in data.classes],
            "component": [c.unit_type.component for c in data.classes],
            "persons": data.persons,
            "only_zones": [";".join(c.only_zones) for c in data.classes],
            "not_tasks": [";".join(c.not_tasks) for c in data.classes],
            "may_move": [c.may_move for c in data.classes],
            "may_leave": [c.may_leave for c in data.classes],
            "units_at_start": data.at_start.sum(axis=1),
            "monthly_cost_usd": data.prices.month * KUSD,
        }
    )


def _deployments(data: PlanData, made: Decisions) -> pl.DataFrame:
    persons = made.x * data.persons[:, None, None]
    listed = _long(data, {"class_id": data.class_ids, "site_id": data.site_ids}, {"units": made.x, "persons": persons})
    kinds = _classes(data).select("class_id", "unit_type", "component")
    return listed.filter(pl.col("units") > 0).join(kinds, on="class_id", how="left", maintain_order="left")


def _movements(data: PlanData, made: Decisions) -> pl.DataFrame:
    kinds = _classes(data).select("class_id", "unit_type")
    kj = {"class_id": data.class_ids, "site_id": data.site_ids}
    parts = [
        _long(data, kj, {"units": block}).with_columns(deed=pl.lit(deed), pledge_class=pl.lit(""))
        for deed, block in (
            ("arrive", made.arrive),
            ("move_in", made.move_in),
            ("move_out", made.move_out),
            ("stop", made.stop),
        )
    ]
    told = _long(data, {"class_id": data.class_ids}, {"units": made.exit_order})
    parts.append(told.with_columns(deed=pl.lit("exit_order"), site_id=pl.lit(""), pledge_class=pl.lit("")))
    if data.pledge_classes:
        called = _long(data, {"pledge_class": [p.pledge_class for p in data.pledge_classes]}, {"units": made.order})
        of = {p.pledge_class: p.unit_class for p in data.pledge_classes}
        named = pl.col("pledge_class").replace_strict(of).alias("class_id")
        parts.append(called.with_columns(named, deed=pl.lit("order"), site_id=pl.lit("")))
    listed = pl.concat([part.filter(pl.col("units") > 0) for part in parts], how="diagonal")
    order = pl.col("node_id").replace_strict(
        {n: i for i, n in enumerate(data.timeline.node_ids)}, return_dtype=pl.Int64
    )
    return listed.sort(order, maintain_order=True).join(kinds, on="class_id", how="left", maintain_order="left")


def _sites(data: PlanData, made: Decisions) -> pl.DataFrame:
    persons = (made.x * data.persons[:, None, None]).sum(axis=0)
    capacity = np.broadcast_to(data.capacity[:, None], persons.shape)
    columns = {
        "open": made.opened, "opens": made.opens, "closes": made.closes, "persons": persons,
        "capacity_persons": capacity,
    }  # fmt: skip
    return _long(data, {"site_id": data.site_ids}, columns)


def presence(data: PlanData, x: IntArray, move_in: IntArray) -> FloatArray:
    """Sum of sigma·units present over each area; shape (areas, nodes)."""
    here = x - move_in * data.lost
    total = np.zeros((len(data.area_ids), len(data.timeline)))
    for n in range(len(data.timeline)):
        by_group = data.ground.sigma[data.ground.pattern[n]]
        for k in range(len(data.classes)):
            total[:, n] += by_group[data.ground.group[k]].T @ here[k, :, n]
    return total


def protected_share(data: PlanData, present: FloatArray) -> FloatArray:
    """Value of the steps that a presence fills: exact at whole steps, a little low between them."""
    steps = np.clip(present[..., None] - np.arange(data.steps), 0.0, 1.0)
    return np.asarray(steps @ step_worth(data))


def _protection(data: PlanData, made: Decisions) -> pl.DataFrame:
    present = presence(data, made.x, made.move_in)
    share = protected_share(data, present)
    floors = data.demand.floors
    columns = {
        "fatalities": data.demand.harm,
        "presence": present,
        "protected_share": share,
        "curve_share": 1 - (1 - data.q) ** np.minimum(present, data.steps),
        "floor_share": np.where(floors > 0, floors, np.nan),
        "floor_shortfall": np.maximum(floors - share, 0.0),
    }
    return _long(data, {"area_id": data.area_ids}, columns)


def effort_given(data: PlanData, built: PlanModel, made: Decisions) -> pl.DataFrame:
    """Share the hours of a group of sites among them, each by the hours of the units it holds."""
    effort = built.effort
    some = np.flatnonzero(made.effort > 1e-6)
    frames = []
    for group, sites in enumerate(effort.sites):
        mine = some[effort.group[some] == group]
        if not len(mine):
            continue
        here = np.flatnonzero(sites)
        k, n = int(effort.unit_class[mine[0]]), effort.node[mine]
        hours = (made.x[k, here] - made.move_in[k, here] * data.lost)[:, n]
        share = hours / hours.sum(axis=0)
        j, column = np.nonzero(share)
        at = mine[column]
        frames.append(
            pl.DataFrame(
                {
                    "node_id": np.array(data.timeline.node_ids)[effort.node[at]],
                    "class_id": np.full(len(at), data.class_ids[k]),
                    "site_id": np.array(data.site_ids)[here[j]],
                    "task_id": np.array([task.task_id for task in data.demand.tasks])[effort.task[at]],
                    "zone": np.array(data.mission.zones)[effort.zone[at]],
                    "hours": made.effort[at] * share[j, column],
                }
            )
        )
    schema = {name: pl.Float64 if name == "hours" else pl.String for name in TABLES["effort_given"]}
    return pl.concat(frames) if frames else pl.DataFrame(schema=schema)


def _effort(data: PlanData, given: pl.DataFrame) -> pl.DataFrame:
    chosen = np.flatnonzero(~data.demand.presence)
    ids = [data.demand.tasks[m].task_id for m in chosen]
    asked = _long(
        data, {"task_id": ids, "zone": data.mission.zones}, {"demand_hours": data.demand.hours[chosen]}
    ).filter(pl.col("demand_hours") > 0)
    shares = effort_share(data)
    counted = pl.DataFrame(
        {
            "class_id": np.repeat(data.class_ids, len(data.demand.tasks)),
            "task_id": [task.task_id for task in data.demand.tasks] * len(data.class_ids),
            "share": shares.ravel(),
        },
        schema_overrides={"class_id": pl.String, "task_id": pl.String},
    )
    total = (
        given.join(counted, on=["class_id", "task_id"])
        .group_by("node_id", "task_id", "zone")
        .agg(given_hours=(pl.col("hours") * pl.col("share")).sum())
    )
    joined = asked.join(total, on=["node_id", "task_id", "zone"], how="left", maintain_order="left")
    return joined.with_columns(
        given_hours=pl.min_horizontal(pl.col("given_hours").fill_null(0.0), pl.col("demand_hours"))
    ).with_columns(unmet_hours=(pl.col("demand_hours") - pl.col("given_hours")).clip(0.0))


def _care(data: PlanData, made: Decisions) -> pl.DataFrame:
    """Say for every open base and node whether care is in time; 1 or 0."""
    ground, line = data.ground, data.timeline
    partner = np.array([site.hospital_level for site in data.mission.sites])
    lifts = np.array([c.unit_type.casualty_lift for c in data.classes], bool)
    level_of = np.array([c.unit_type.medical_level for c in data.classes])
    covered: list[BoolArray] = []
    lift = ((made.x > 0) & ~data.restricted.grounded[:, None])[lifts].any(axis=0)
    for limit, level in enumerate(CARE_LEVELS):
        hospital = (made.x[level_of >= level] > 0).any(axis=0)
        hospital |= (partner >= level)[:, None] & ~data.restricted.lost
        dry, wet = ground.care_road[limit]
        here = np.zeros((len(data.site_ids), len(line)), bool)
        for n in range(len(line)):
            road = wet if ground.wet_node[n] else dry
            by_road = road[hospital[:, n]].any(axis=0)
            by_air = ground.care_air[limit][lift[:, n]][:, hospital[:, n]].any(axis=(0, 1))
            here[:, n] = by_road | by_air | (ground.lift_alone[lift[:, n]].any(axis=0) if limit == 0 else False)
        covered.append(here)
    columns = {"enhanced_care_covered": covered[0] * 1.0, "surgery_covered": covered[1] * 1.0, "open": made.opened}
    return _long(data, {"site_id": data.site_ids}, columns).filter(pl.col("open"))


def _ceilings(data: PlanData, made: Decisions) -> pl.DataFrame:
    later, stopped, _, counted = months_leaving(data)
    still_there = np.zeros((len(data.timeline), len(data.timeline)))
    still_there[stopped, later] = counted
    present = made.x.sum(axis=1) + made.stop.sum(axis=1) @ still_there
    persons = np.zeros((len(COMPONENTS), len(data.timeline)))
    component = [COMPONENTS.index(c.unit_type.component) for c in data.classes]
    np.add.at(persons, component, present * data.persons[:, None])
    limit = np.where(np.isfinite(data.demand.ceilings), data.demand.ceilings, np.nan)
    columns = {"persons": np.rint(persons).astype(np.int64), "ceiling_persons": limit}
    return _long(data, {"component": COMPONENTS}, columns)


def _cash(data: PlanData, made: Decisions) -> pl.DataFrame:
    line, price = data.timeline, data.prices
    later, stopped, months, _ = months_leaving(data)
    leaving = np.zeros(len(line))
    np.add.at(leaving, later, (price.month @ made.stop.sum(axis=1))[stopped] * months)
    parts = {
        "units_usd": price.month @ made.x.sum(axis=1) * line.months,
        "leaving_usd": leaving,
        "transport_usd": price.move @ made.move_in.sum(axis=1)
        + price.deploy @ made.arrive.sum(axis=1)
        + price.repatriate @ made.stop.sum(axis=1),
        "sites_usd": (price.run_site * data.base) @ made.opened * line.months
        + price.open_site @ made.opens
        + price.close_site @ made.closes,
        "fixed_usd": price.fixed * line.months,
    }
    spent = np.sum(list(parts.values()), axis=0)
    approved, in_run = _approved(data, spent, line)
    limit = np.where(np.isfinite(price.cash_limit), price.cash_limit, np.nan)
    cumulative = np.array([spent[line.path(n)].sum() for n in range(len(line))])
    columns = {
        **parts, "spent_usd": spent, "cumulative_usd": cumulative, "cash_limit_usd": limit,
        "fiscal_year_spent_usd": in_run, "approved_usd": approved,
    }  # fmt: skip
    listed = _long(data, {}, {name: np.asarray(values) * KUSD for name, values in columns.items()})
    years = [month.fiscal_year for month in line.first_month]
    return listed.with_columns(fiscal_year=pl.Series([f"{y}/{(y + 1) % 100:02d}" for y in years]))


def _approved(data: PlanData, spent: FloatArray, line: Timeline) -> tuple[FloatArray, FloatArray]:
    """Amount approved for the run that each node is spent from, and what its path has spent of it so far."""
    approved, in_run = np.full(len(line), np.nan), np.full(len(line), np.nan)
    for run, nodes in enumerate(data.prices.appropriation):
        for n in np.flatnonzero(nodes & data.prices.approval_holds[run]):
            path = [m for m in line.path(int(n)) if nodes[m]]
            approved[n], in_run[n] = data.prices.approved[run], spent[path].sum()
    return approved, in_run


def _shortfalls(data: PlanData, effort: pl.DataFrame, protection: pl.DataFrame, care: pl.DataFrame) -> pl.DataFrame:
    """List what is unmet, node by node: hours, harm not answered, floors, care; ranked by priority, then share.

    Harm that actors have taken over is not asked of the mission, and so not unmet.
    """
    tasks = [(task.task_id, task.priority) for task in data.demand.tasks]
    ranks = pl.DataFrame(tasks, schema={"task_id": pl.String, "priority": pl.Int64}, orient="row")
    first = min((t.priority for t, p in zip(data.demand.tasks, data.demand.presence, strict=True) if p), default=1)
    lacking = effort.filter(pl.col("unmet_hours") > 1e-6).join(ranks, on="task_id", maintain_order="left")
    hours = lacking.select(
        "node_id", "month", kind=pl.lit("effort"), what="task_id", where="zone", amount="unmet_hours",
        unit=pl.lit("hour"), share_unmet=pl.col("unmet_hours") / pl.col("demand_hours"), priority="priority",
    )  # fmt: skip
    asked = protection.with_columns(pl.col("fatalities") * pl.Series((1 - data.demand.taken).T.ravel()))
    harm = asked.filter((pl.col("fatalities") > 0) & (pl.col("protected_share") < 1)).select(
        "node_id", "month", kind=pl.lit("protection"), what=pl.lit("protection"), where="area_id",
        amount=pl.col("fatalities") * (1 - pl.col("protected_share")), unit=pl.lit("expected death"),
        share_unmet=1 - pl.col("protected_share"), priority=pl.lit(first, pl.Int64),
    )  # fmt: skip
    floors = protection.filter(pl.col("floor_shortfall") > 1e-9).select(
        "node_id", "month", kind=pl.lit("floor"), what=pl.lit("floor"), where="area_id", amount="floor_shortfall",
        unit=pl.lit("share"), share_unmet=pl.col("floor_shortfall") / pl.col("floor_share"),
        priority=pl.lit(first, pl.Int64),
    )  # fmt: skip
    without = [
        care.filter(pl.col(f"{name}_covered") < 1).select(
            "node_id",
            "month",
            kind=pl.lit("care"),
            what=pl.lit(name),
            where="site_id",
            amount=pl.lit(1.0),
            unit=pl.lit("base"),
            share_unmet=pl.lit(1.0),
            priority=pl.lit(first, pl.Int64),
        )
        for name in ("enhanced_care", "surgery")
    ]
    return pl.concat([harm, floors, *without, hours])
