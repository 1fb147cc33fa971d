"""Named units follow the counts: each is one real unit, in one place, and goes only where its class goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bluehelm.checks.balance import leaving_months
from bluehelm.checks.evidence import Evidence, class_key
from bluehelm.mission.records import Pledge, Unit
from bluehelm.words import say

Place = tuple[str, str]
LEAVING = "leaving"
AT_SITE = "at_site"


def name_labels(e: Evidence) -> Iterator[str]:
    """Every name belongs to the class, contributor and state stated."""
    known: dict[str, Unit | Pledge] = {unit.unit_id: unit for unit in e.mission.units}
    known |= {pledge.pledge_id: pledge for pledge in e.mission.pledges}
    key_of = {c.class_id: c.key for c in e.classes}
    for row in e.tables["names"].iter_rows(named=True):
        unit = known[row["unit_id"]]
        right = class_key(unit) == key_of[row["class_id"]] and (row["contributor"] or "") == unit.contributor
        if not right or row["state"] not in (AT_SITE, LEAVING):
            yield say(
                "Table names, {node} / {unit}: {contributor}, {class_id}, {state} is not what this unit is.",
                node=row["node_id"], unit=row["unit_id"], contributor=row["contributor"], class_id=row["class_id"],
                state=row["state"],
            )  # fmt: skip


def name_counts(e: Evidence) -> Iterator[str]:
    """At every site as many units are named as stand there; as many are named leaving as are on their way out."""
    names = e.tables["names"]
    named = Counter(names.filter(names["state"] == AT_SITE).select("node_id", "class_id", "site_id").iter_rows())
    leaving = Counter(names.filter(names["state"] == LEAVING).select("node_id", "class_id").iter_rows())
    on_their_way_out = leaving_months(e) > 0
    for n, node in enumerate(e.futures):
        for k, c in enumerate(e.classes):
            for j, site in enumerate(e.mission.sites):
                count = named[node.node_id, c.class_id, site.site_id]
                if count != e.units[k, j, n]:
                    yield say(
                        "Table names, {node}: {named} units of {class_id} are named at {site}; {units} stand there.",
                        node=node.node_id, named=count, class_id=c.class_id, site=site.site_id, units=e.units[k, j, n],
                    )  # fmt: skip
            count = leaving[node.node_id, c.class_id]
            there = _leaving_units(e, k, n) if on_their_way_out[k, n] else 0
            if count != there:
                yield say(
                    "Table names, {node}: {named} units of {class_id} are named as leaving; {units} are.",
                    node=node.node_id, named=count, class_id=c.class_id, units=there,
                )  # fmt: skip


def _leaving_units(e: Evidence, k: int, n: int) -> int:
    """Units that have stopped and are in theatre during some part of node n."""
    lag_months = e.norm("exit_lag_months")
    node = e.futures[n]
    return int(sum(e.deeds["stop"][k, :, m].sum() for m in node.path if node.start < e.futures[m].start + lag_months))


def name_paths(e: Evidence) -> Iterator[str]:
    """A named unit starts where it stands today, and comes and goes no more often than its class."""
    names = e.tables["names"].partition_by("node_id", as_dict=True)
    today = {unit.unit_id: unit.site_id for unit in e.mission.units if e.mission.stands_today(unit)}
    at: list[dict[str, str]] = []
    class_of: dict[str, str] = {}
    for node in e.futures:
        frame = names.get((node.node_id,))
        rows = list(frame.iter_rows(named=True)) if frame is not None else []
        class_of |= {row["unit_id"]: row["class_id"] for row in rows}
        at.append({row["unit_id"]: row["site_id"] for row in rows if row["state"] == AT_SITE})
    class_of |= {u.unit_id: c.class_id for u in e.mission.units for c in e.classes if c.key == class_key(u)}
    for n, node in enumerate(e.futures):
        before = at[node.parent] if node.parent >= 0 else today
        yield from _compare_deeds(e, n, before, at[n], class_of)


def _compare_deeds(
    e: Evidence, n: int, before: dict[str, str], now: dict[str, str], class_of: dict[str, str]
) -> Iterator[str]:
    """Say where more named units come or go by a deed than the plan counts."""
    deeds: Counter[tuple[str, str, str]] = Counter()
    for unit in before.keys() | now.keys():
        was, is_at = before.get(unit), now.get(unit)
        if was == is_at:
            continue
        deeds["move_out" if is_at else "stop", class_of[unit], was or ""] += was is not None
        deeds["move_in" if was else "arrive", class_of[unit], is_at or ""] += is_at is not None
    k_of = {c.class_id: k for k, c in enumerate(e.classes)}
    j_of = {site.site_id: j for j, site in enumerate(e.mission.sites)}
    for (deed, class_id, site_id), count in sorted(deeds.items()):
        planned = int(e.deeds[deed][k_of[class_id], j_of[site_id], n]) if site_id else 0
        if count > planned:
            yield say(
                "Table names, {node}: {count} units of {class_id} do '{deed}' at {site}; the plan counts {planned}.",
                node=e.futures[n].node_id, count=count, class_id=class_id, deed=deed, site=site_id, planned=planned,
            )  # fmt: skip
