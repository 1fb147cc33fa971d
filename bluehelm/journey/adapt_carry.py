"""A plan carried over to a shocked mission: the same decisions under the names and nodes of the new model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from bluehelm.adaptation.calendar import Calendar
from bluehelm.adaptation.called_pledges import calls_of
from bluehelm.mission.mission import Mission
from bluehelm.mission.months import Month
from bluehelm.mission.plan import Plan
from bluehelm.mission.records import Pledge, Unit
from bluehelm.norms.norms import Norms
from bluehelm.planning.classes import class_key, classes_of, pledge_classes_of

Change = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """Classes by unit or pledge, and pledge classes by what they are, in one mission."""

    class_of: Mapping[str, str]
    by_key: Mapping[object, str]
    pledges: Mapping[tuple[object, ...], str]

    @classmethod
    def of(cls, mission: Mission, norms: Norms) -> Names:
        """Read the names that the planner gives."""
        by_key = classes_of(mission, norms.unit_types())
        known: list[tuple[str, Unit | Pledge]] = [(unit.unit_id, unit) for unit in mission.units]
        known += [(pledge.pledge_id, pledge) for pledge in mission.pledges]
        key_of = {c.class_id: key for key, c in by_key.items()}
        return cls(
            {name: by_key[class_key(one)].class_id for name, one in known},
            {key: c.class_id for key, c in by_key.items()},
            {
                (key_of[p.unit_class], p.readiness_level, p.available_from, p.last_month): p.pledge_class
                for p in pledge_classes_of(mission, by_key)
            },
        )


def carried(
    plan: Plan, mission: Mission, calendar: Calendar, called_home: Sequence[tuple[str, Month]], norms: Norms
) -> Plan:
    """Return the plan with tables that name nodes, classes and pledge classes as the shocked mission does.

    Units that no longer come, or are called home, are taken out from where the plan has them. Only the tables that
    hold decisions are carried: deployments, sites and movements; the others are those of the plan.
    """
    old, new = Names.of(plan.mission, norms), Names.of(mission, norms)
    key_of = {class_id: key for key, class_id in old.by_key.items()}
    renamed = {class_id: new.by_key.get(key, "") for class_id, key in key_of.items()}
    pledges = {name: new.pledges.get(key, "") for key, name in old.pledges.items()}
    parts = pl.DataFrame(
        [(name, node_id, str(node.first_month), name == node_id)
         for node in calendar.nodes for name, node_id in [(node.node_id, calendar.part_of[node.node_id])]],
        schema={"part": pl.String, "node_id": pl.String, "begins": pl.String, "first": pl.Boolean}, orient="row",
    )  # fmt: skip
    changes = _changes(plan, mission, calendar, called_home, old, new, norms)
    tables = dict(plan.tables)
    tables["deployments"] = _deployments(_split(plan.tables["deployments"], parts), renamed, changes)
    once = pl.col("first")
    tables["sites"] = _split(plan.tables["sites"], parts).with_columns(
        opens=pl.col("opens") & once, closes=pl.col("closes") & once
    )
    deeds = _split(_calls_apart(plan, mission, old, norms), parts).filter(once)
    tables["movements"] = deeds.with_columns(
        class_id=pl.col("class_id").replace_strict(renamed, default=""),
        pledge_class=pl.col("pledge_class").replace_strict(pledges, default="", return_dtype=pl.String),
    )
    return replace(plan, mission=mission, tables=tables)


def _calls_apart(plan: Plan, mission: Mission, old: Names, norms: Norms) -> pl.DataFrame:
    """Return the movements with the calls of pledges that are units by now, or are gone, under no class of pledges."""
    left = {pledge.pledge_id for pledge in mission.pledges}
    deeds = plan.tables["movements"]
    for pledge in plan.mission.pledges:
        called = () if pledge.pledge_id in left else {call.node_id for call in calls_of(plan, pledge.pledge_id, norms)}
        kind = (class_key(pledge), pledge.readiness_level, pledge.available_from, Month.of(pledge.expires_on))
        for node_id in called:
            this = (pl.col("node_id") == node_id) & (pl.col("deed") == "order")
            this &= pl.col("pledge_class") == old.pledges[kind]
            alone = (
                deeds.filter(this).head(1).with_columns(units=pl.lit(1, deeds["units"].dtype), pledge_class=pl.lit(""))
            )
            fewer = pl.when(this).then(pl.col("units") - 1).otherwise(pl.col("units"))
            deeds = pl.concat([deeds.with_columns(units=fewer), alone], how="vertical_relaxed")
    return deeds.filter(pl.col("units") > 0)


def _split(table: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Repeat the rows of a node for each of its parts."""
    joined = table.join(parts, on="node_id", how="inner", maintain_order="left_right")
    return joined.with_columns(node_id=pl.col("part"), month=pl.col("begins")).drop("part", "begins")


def _deployments(table: pl.DataFrame, renamed: Mapping[str, str], changes: Mapping[Change, int]) -> pl.DataFrame:
    """Rename classes and apply changes, (node, class, site) -> units more or fewer."""
    rows = Counter(dict(changes))
    for node_id, class_id, site_id, units in table.select("node_id", "class_id", "site_id", "units").iter_rows():
        rows[node_id, renamed[class_id], site_id] += units
    kept = [(*where, units) for where, units in rows.items() if units > 0 and where[1]]
    schema = {"node_id": pl.String, "class_id": pl.String, "site_id": pl.String, "units": pl.Int64}
    return pl.DataFrame(kept, schema=schema, orient="row")


def _changes(
    plan: Plan, mission: Mission, calendar: Calendar, called_home: Sequence[tuple[str, Month]], old: Names, new: Names,
    norms: Norms,
) -> Counter[Change]:  # fmt: skip
    """Count what differs for single units: a class of their own, a later arrival, or none at all."""
    arrives = {unit.unit_id: unit.arrives for unit in mission.units}
    key_of = {class_id: key for key, class_id in old.by_key.items()}
    notice = norms.number("exit_notice_months", mission.setting.first_month.first_day)
    out = {unit_id: (month - mission.setting.first_month) + notice for unit_id, month in called_home}
    changes: Counter[Change] = Counter()
    named = plan.tables["names"].filter(pl.col("state") == "at_site")
    places = {node_id: rows for (node_id,), rows in named.partition_by("node_id", as_dict=True).items()}
    for node in calendar.nodes:
        rows = places.get(calendar.part_of[node.node_id])
        if rows is None:
            continue
        begins, last = node.first_month - mission.setting.first_month, node.first_month + (node.months - 1)
        for unit_id, site_id in rows.select("unit_id", "site_id").iter_rows():
            before, now = new.by_key.get(key_of[old.class_of[unit_id]], ""), new.class_of.get(unit_id, "")
            due = arrives.get(unit_id)
            if now and ((due is not None and due > last) or begins >= out.get(unit_id, float("inf"))):
                now = ""
            if before != now:
                changes[node.node_id, before, site_id] -= 1
                changes[node.node_id, now, site_id] += 1
    return changes
