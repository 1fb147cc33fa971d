"""Every row of a plan's tables names things that exist, once, and its labels say what those things are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from bluehelm.checks.compare import differ, number
from bluehelm.checks.evidence import DEEDS, SITE_DEEDS, UnitClass, pledge_groups
from bluehelm.checks.futures import Futures
from bluehelm.mission.mission import Mission
from bluehelm.mission.plan import TABLES
from bluehelm.mission.records import COMPONENTS
from bluehelm.words import say

KEYS: Mapping[str, tuple[str, ...]] = {
    "nodes": ("node_id",),
    "classes": ("class_id",),
    "deployments": ("node_id", "class_id", "site_id"),
    "movements": ("node_id", "class_id", "deed", "site_id", "pledge_class"),
    "sites": ("node_id", "site_id"),
    "protection": ("node_id", "area_id"),
    "effort": ("node_id", "task_id", "zone"),
    "effort_given": ("node_id", "class_id", "site_id", "task_id", "zone"),
    "care": ("node_id", "site_id"),
    "ceilings": ("node_id", "component"),
    "cash": ("node_id",),
    "names": ("node_id", "unit_id"),
}


def form_faults(tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """Say which tables or columns are missing or unknown, which cells are blank, and which rows stand twice."""
    for name, columns in TABLES.items():
        if name not in tables:
            yield say("The plan has no table '{table}'.", table=name)
            continue
        if set(tables[name].columns) != set(columns):
            wrong = sorted(set(tables[name].columns) ^ set(columns))
            yield say("Table {table}: columns missing or unknown: {columns}.", table=name, columns=", ".join(wrong))
            continue
        blank = [c for c, dtype in tables[name].schema.items() if not dtype.is_float() and tables[name][c].null_count()]
        if blank and name in KEYS:
            yield say("Table {table} has blank cells in {columns}.", table=name, columns=", ".join(blank))
        keys = KEYS.get(name, ())
        twice = len(tables[name]) - len(tables[name].unique(keys)) if keys else 0
        if twice:
            yield say(
                "Table {table}: {count} rows stand twice for the same {keys}.",
                table=name, count=twice, keys=", ".join(keys),
            )  # fmt: skip


def name_faults(
    mission: Mission, tables: Mapping[str, pl.DataFrame], futures: Futures, classes: tuple[UnitClass, ...]
) -> Iterator[str]:
    """Say which names in the tables are unknown."""
    sites = {site.site_id for site in mission.sites}
    known = {
        "node_id": {node.node_id for node in futures},
        "class_id": {c.class_id for c in classes},
        "site_id": sites,
        "area_id": {area.area_id for area in mission.areas},
        "task_id": {task.task_id for task in mission.mandate.task},
        "component": set(COMPONENTS),
        "deed": set(DEEDS),
        "unit_id": {u.unit_id for u in mission.units} | {p.pledge_id for p in mission.pledges},
        "pledge_class": {"", *pledge_groups(mission, classes)},
    }
    for table in KEYS:
        for column in TABLES[table]:
            if column not in known or table in ("nodes", "classes"):
                continue
            allowed = known[column] | ({""} if table == "movements" and column == "site_id" else set())
            for name in tables[table][column].fill_null("").unique().sort():
                if name not in allowed:
                    yield say("Table {table}: {column} '{name}' is unknown.", table=table, column=column, name=name)


def label_faults(tables: Mapping[str, pl.DataFrame], futures: Futures, classes: tuple[UnitClass, ...]) -> Iterator[str]:
    """Say which labels beside a name are not those of the thing named."""
    month = {node.node_id: str(node.first_month) for node in futures}
    of_class = {c.class_id: c for c in classes}
    for table, frame in tables.items():
        if table not in KEYS or table in ("nodes", "classes"):
            continue
        for row in frame.iter_rows(named=True):
            right = _right_labels(row, month, of_class, units="units" in row)
            for column, value in right.items():
                if column in row and row[column] != value:
                    yield say(
                        "Table {table}, {where}: {column} is '{stated}'; '{right}' is right.",
                        table=table, where=" / ".join(str(row[key]) for key in KEYS[table]), column=column,
                        stated=row[column], right=value,
                    )  # fmt: skip


def _right_labels(
    row: Mapping[str, object], month: Mapping[str, str], of_class: Mapping[str, UnitClass], *, units: bool
) -> dict[str, object]:
    right: dict[str, object] = {"month": month[str(row["node_id"])]}
    if "class_id" in row:
        c = of_class[str(row["class_id"])]
        right["unit_type"] = c.unit_type.unit_type
        right["component"] = c.unit_type.component
        if units:
            right["persons"] = c.persons * int(str(row["units"]))
    return right


def class_label_faults(
    stated: pl.DataFrame, classes: tuple[UnitClass, ...], units_at_start: list[int], monthly_cost_usd: list[float]
) -> Iterator[str]:
    """Say which class is described otherwise than its units are."""
    rows = {row["class_id"]: row for row in stated.iter_rows(named=True)}
    for c, units, cost in zip(classes, units_at_start, monthly_cost_usd, strict=True):
        row = rows[c.class_id]
        if row["component"] != c.unit_type.component or row["units_at_start"] != units:
            yield say(
                "Class '{class_id}' is stated as {stated} {component} units in place; {units} {right} units was found.",
                class_id=c.class_id, stated=row["units_at_start"], component=row["component"], units=units,
                right=c.unit_type.component,
            )  # fmt: skip
        if differ(row["monthly_cost_usd"], cost):
            yield say(
                "Class '{class_id}' is priced at {stated} USD a month; {found} was found.",
                class_id=c.class_id, stated=number(row["monthly_cost_usd"]), found=number(cost),
            )  # fmt: skip


def movement_faults(movements: pl.DataFrame) -> Iterator[str]:
    """Say which movement lacks its site, its pledges, or a number of units."""
    for row in movements.iter_rows(named=True):
        at_site, of_pledge = row["deed"] in SITE_DEEDS, row["deed"] == "order"
        if bool(row["site_id"]) != at_site or (of_pledge and not row["pledge_class"]):
            yield say(
                "Table movements, {node} / {class_id}: a deed '{deed}' has site '{site}' and pledges '{pledges}'.",
                node=row["node_id"], class_id=row["class_id"], deed=row["deed"], site=row["site_id"] or "",
                pledges=row["pledge_class"] or "",
            )  # fmt: skip
