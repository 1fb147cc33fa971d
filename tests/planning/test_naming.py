"""Names follow the counts, keep contingents together, and are the best of all that a brute force can find."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations, permutations
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import SolverError
from bluehelm.mission.mandate import Mandate
from bluehelm.mission.mission import Mission, Setting
from bluehelm.mission.months import Month
from bluehelm.mission.records import Node, Pledge, Site, Unit
from bluehelm.norms.norms import load_norms
from bluehelm.planning.naming import name_units
from tests.conftest import examples

MAY = Month(2017, 5)
KNOWN: dict[str, Any] = {"source": "hand", "status": "assumed"}
NORMS = load_norms({"exit_lag_months": 1, "lead_months.rapid": 1})
SITES = ("east", "north", "south", "west")
Deed = tuple[str, str, str, str, int]  # node, class, deed, site, units


def mission_of(units: Iterable[Unit], months: int, **more: Any) -> Mission:
    return Mission(
        setting=Setting(
            name="Names", operation="UNNAME", countries=("SDN",), first_month=MAY, months=months, wet_months=(),
            mission_model="protection", fixed_cost_usd_per_month=Decimal(0), fixed_cost_source="hand",
            fixed_cost_status="assumed",
        ),
        mandate=Mandate(resolution="S/RES/0000", adopted_on=date(2017, 4, 1), valid_until=date(2018, 4, 1), **KNOWN),
        areas=(),
        sites=tuple(
            Site(site_id=name, name=name, kind="company_base", zone="z", latitude_deg=0.0, longitude_deg=0.0,
                 open_at_start=True, may_close=True, **KNOWN)
            for name in SITES
        ),
        units=tuple(units),
        **more,
    )  # fmt: skip


def unit(unit_id: str, contributor: str, site_id: str, unit_type: str = "infantry_company", **more: Any) -> Unit:
    return Unit(
        unit_id=unit_id, unit_type=unit_type, contributor=contributor, site_id=site_id, persons=100, **KNOWN, **more
    )


def tables_of(
    mission: Mission, deeds: Iterable[Deed], parents: Mapping[str, str], pledge_class: str = ""
) -> dict[str, pl.DataFrame]:
    """Count where units stand at each node from where they stand today and the deeds."""
    listed = list(deeds)
    today = Counter((u.unit_type, u.site_id) for u in mission.units if u.arrives is None)
    at: dict[str, Counter[tuple[str, str]]] = {"": today}
    sign = {"move_in": 1, "arrive": 1, "move_out": -1, "stop": -1}
    for node, parent in parents.items():
        at[node] = Counter(at[parent])
        for where, kind, deed, site, units in listed:
            if where == node and deed in sign:
                at[node][kind, site] += sign[deed] * units
    stand = [(node, kind, site, units) for node in parents for (kind, site), units in sorted(at[node].items()) if units]
    moved = [(*deed[:4], deed[4], pledge_class if deed[2] == "order" else "") for deed in listed]
    first = {node: next((n.first_month for n in mission.nodes if n.node_id == node), None) for node in parents}
    return {
        "nodes": pl.DataFrame(
            {
                "node_id": list(parents),
                "parent_id": list(parents.values()),
                "month": [str(first[node] or node) for node in parents],
                "months": [1] * len(parents),
                "probability": [1.0] * len(parents),
            }
        ),
        "deployments": pl.DataFrame(stand, schema=["node_id", "class_id", "site_id", "units"], orient="row"),
        "movements": pl.DataFrame(
            moved,
            schema=dict.fromkeys(("node_id", "class_id", "deed", "site_id"), pl.String)
            | {"units": pl.Int64, "pledge_class": pl.String},
            orient="row",
        ),
    }


def months(count: int) -> dict[str, str]:
    names = [str(MAY + i) for i in range(count)]
    return dict(zip(names, ["", *names], strict=False))


def at(names: pl.DataFrame, node: str, state: str = "at_site") -> dict[str, str]:
    here = names.filter((pl.col("node_id") == node) & (pl.col("state") == state))
    return dict(here.select("unit_id", "site_id").iter_rows())


def test_a_contingent_moves_together_and_joins_its_own() -> None:
    """Two of three companies leave the south; those of Aland go, since Aland is in the north already."""
    mission = mission_of(
        [
            unit("a1", "Aland", "north"),
            unit("a2", "Aland", "south"),
            unit("a3", "Aland", "south"),
            unit("b1", "Bland", "south"),
        ],
        2,
    )
    deeds = [
        ("2017-06", "infantry_company", "move_out", "south", 2),
        ("2017-06", "infantry_company", "move_in", "north", 2),
    ]
    names = name_units(mission, tables_of(mission, deeds, months(2)), NORMS)
    assert at(names, "2017-05") == {"a1": "north", "a2": "south", "a3": "south", "b1": "south"}
    assert at(names, "2017-06") == {"a1": "north", "a2": "north", "a3": "north", "b1": "south"}


def test_units_of_other_kinds_draw_their_countrymen() -> None:
    """The hospital of Bland in the north never moves; of two companies, that of Bland joins it."""
    mission = mission_of(
        [unit("a1", "Aland", "south"), unit("b1", "Bland", "south"), unit("b2", "Bland", "north", "level_2_hospital")],
        2,
    )
    deeds = [
        ("2017-06", "infantry_company", "move_out", "south", 1),
        ("2017-06", "infantry_company", "move_in", "north", 1),
    ]
    names = name_units(mission, tables_of(mission, deeds, months(2)), NORMS)
    assert at(names, "2017-06") == {"a1": "south", "b1": "north", "b2": "north"}


def test_who_goes_home_is_named_as_leaving_until_it_is_out() -> None:
    mission = mission_of([unit("a1", "Aland", "south"), unit("a2", "Aland", "south"), unit("b1", "Bland", "south")], 3)
    deeds = [("2017-06", "infantry_company", "stop", "south", 1)]
    names = name_units(mission, tables_of(mission, deeds, months(3)), NORMS)
    assert at(names, "2017-06", "leaving") == {"b1": "south"}
    assert at(names, "2017-07", "leaving") == {}
    assert at(names, "2017-07") == {"a1": "south", "a2": "south"}


def test_a_caveat_makes_a_class_of_its_own_that_others_do_not_stand_in_for() -> None:
    bound = unit("a1", "Aland", "south", only_zones=("z",))
    mission = mission_of([bound, unit("b1", "Bland", "south")], 2)
    deeds = [
        ("2017-06", "infantry_company.1", "move_out", "south", 1),
        ("2017-06", "infantry_company.1", "move_in", "north", 1),
    ]
    tables = tables_of(mission, deeds, months(2))
    stand = [("2017-05", "infantry_company.1", "south", 1), ("2017-05", "infantry_company.2", "south", 1),
             ("2017-06", "infantry_company.1", "north", 1), ("2017-06", "infantry_company.2", "south", 1)]  # fmt: skip
    tables["deployments"] = pl.DataFrame(stand, schema=["node_id", "class_id", "site_id", "units"], orient="row")
    assert at(name_units(mission, tables, NORMS), "2017-06") == {"a1": "north", "b1": "south"}


def test_a_pledge_bears_its_own_name_and_the_country_that_is_there_already_is_called() -> None:
    pledges = [
        Pledge(pledge_id=f"p{i}", unit_type="infantry_company", contributor=contributor, persons=100,
               readiness_level="rapid", available_from=MAY, expires_on=date(2017, 12, 31), **KNOWN)
        for i, contributor in enumerate(("Aland", "Bland", "Bland"))
    ]  # fmt: skip
    mission = mission_of(
        [unit("b9", "Bland", "west"), unit("c1", "Cland", "north", arrives=MAY + 1)], 2, pledges=tuple(pledges)
    )
    deeds = [
        ("2017-05", "infantry_company", "order", "", 2),
        ("2017-06", "infantry_company", "arrive", "west", 2),
        ("2017-06", "infantry_company", "arrive", "north", 1),
    ]
    names = name_units(mission, tables_of(mission, deeds, months(2), "pledges.1"), NORMS)
    assert at(names, "2017-06") == {"b9": "west", "p1": "west", "p2": "west", "c1": "north"}
    assert set(names.filter(pl.col("unit_id") == "p1")["contributor"]) == {"Bland"}


def test_futures_are_named_each_on_their_own_from_what_they_share() -> None:
    nodes = (
        Node(node_id="now", parent_id="", first_month=MAY, months=1, probability=1.0, **KNOWN),
        Node(node_id="calm", parent_id="now", first_month=MAY + 1, months=1, probability=0.5, **KNOWN),
        Node(node_id="worse", parent_id="now", first_month=MAY + 1, months=1, probability=0.5, **KNOWN),
    )
    mission = mission_of(
        [unit("a1", "Aland", "south"), unit("b1", "Bland", "south"), unit("b2", "Bland", "north")], 2, nodes=nodes
    )
    deeds = [
        ("worse", "infantry_company", "move_out", "south", 1),
        ("worse", "infantry_company", "move_in", "north", 1),
        ("calm", "infantry_company", "stop", "north", 1),
    ]
    tables = tables_of(mission, deeds, {"now": "", "calm": "now", "worse": "now"})
    names = name_units(mission, tables, NORMS)
    assert at(names, "worse") == {"a1": "south", "b1": "north", "b2": "north"}
    assert at(names, "calm") == {"a1": "south", "b1": "south"}


def test_counts_that_contradict_each_other_are_refused() -> None:
    mission = mission_of([unit("a1", "Aland", "south")], 2)
    tables = tables_of(mission, [("2017-06", "infantry_company", "move_out", "south", 2)], months(2))
    with pytest.raises(SolverError, match="cannot be named"):
        name_units(mission, tables, NORMS)


def test_a_mission_without_units_has_no_names() -> None:
    mission = mission_of([], 1)
    assert name_units(mission, tables_of(mission, [], months(1)), NORMS).is_empty()


@st.composite
def small_cases(draw: st.DrawFn) -> tuple[Mission, list[Deed]]:
    """A handful of units of two kinds and three countries, with up to two deeds of a kind in each of three months."""
    chance = random.Random(draw(st.integers(0, 10**6)))
    kinds = ("infantry_company", "formed_police_unit")
    units = [
        unit(f"u{i}", chance.choice(("Aland", "Bland", "Cland", "")), chance.choice(SITES), chance.choice(kinds))
        for i in range(draw(st.integers(1, 6)))
    ]
    units = sorted(units, key=lambda u: u.unit_type != "infantry_company")
    mission = mission_of(units, 3)
    standing = Counter((u.unit_type, u.site_id) for u in units)
    deeds: Counter[tuple[str, str, str, str]] = Counter()
    for node in list(months(3))[draw(st.integers(0, 1)) :]:
        for kind in kinds:
            left, come = set(), set()
            for _ in range(draw(st.integers(0, 2))):
                sources = sorted(
                    site for (k, site), count in standing.items() if k == kind and count and site not in come
                )
                if not sources:
                    break
                source, target = chance.choice(sources), chance.choice((*SITES, ""))
                if target == source or target in left:
                    continue
                standing[kind, source] -= 1
                left.add(source)
                deeds[node, kind, "move_out" if target else "stop", source] += 1
                if target:
                    standing[kind, target] += 1
                    come.add(target)
                    deeds[node, kind, "move_in", target] += 1
    return mission, [(*deed, count) for deed, count in sorted(deeds.items())]


def pairs_in(names: pl.DataFrame) -> int:
    known = names.filter((pl.col("state") == "at_site") & (pl.col("contributor") != ""))
    return known.select("node_id", "contributor", "site_id").n_unique()


def least_pairs(mission: Mission, deeds: list[Deed]) -> int:
    """Try every way to name who moves and who goes."""
    contributor = {u.unit_id: u.contributor for u in mission.units}
    kind = {u.unit_id: u.unit_type for u in mission.units}
    nodes = list(months(3))

    def best(n: int, standing: dict[str, str]) -> int:
        if n == len(nodes):
            return 0
        return min(
            len({(contributor[u], site) for u, site in after.items() if contributor[u]}) + best(n + 1, after)
            for after in outcomes(standing, [deed for deed in deeds if deed[0] == nodes[n]], kind)
        )

    return best(0, {u.unit_id: u.site_id for u in mission.units})


def outcomes(standing: dict[str, str], deeds: list[Deed], kind: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Yield where units can stand after the deeds of one node."""
    for kind_done in sorted({deed[1] for deed in deeds}):
        mine = [deed for deed in deeds if deed[1] == kind_done]
        rest = [deed for deed in deeds if deed[1] != kind_done]
        into = [site for _, _, deed, site, count in mine if deed == "move_in" for _ in range(count)]
        for gone, moving in leavers(standing, [deed for deed in mine if deed[2] != "move_in"], kind):
            for order in set(permutations(into)):
                after = {u: site for u, site in standing.items() if u not in gone}
                yield from outcomes(after | dict(zip(moving, order, strict=True)), rest, kind)
        return
    yield standing


def leavers(
    standing: dict[str, str], deeds: list[Deed], kind: Mapping[str, str]
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    if not deeds:
        yield (), ()
        return
    (_, name, deed, site, count), *rest = deeds
    here = [u for u, at_site in standing.items() if at_site == site and kind[u] == name]
    for chosen in combinations(here, count):
        left = {u: s for u, s in standing.items() if u not in chosen}
        for gone, moving in leavers(left, rest, kind):
            yield ((*chosen, *gone), moving) if deed == "stop" else (gone, (*chosen, *moving))


@examples(60, 3_000)
@given(small_cases())
def test_no_other_naming_has_fewer_pairs_of_country_and_site(case: tuple[Mission, list[Deed]]) -> None:
    mission, deeds = case
    tables = tables_of(mission, deeds, months(3))
    names = name_units(mission, tables, NORMS)
    assert pairs_in(names) == least_pairs(mission, deeds)
    assert names.equals(name_units(replace(mission, units=mission.units), tables, NORMS))


@examples(60, 3_000)
@given(small_cases())
def test_names_stand_where_the_counts_stand_and_move_no_more_than_the_plan(case: tuple[Mission, list[Deed]]) -> None:
    mission, deeds = case
    tables = tables_of(mission, deeds, months(3))
    names = name_units(mission, tables, NORMS)
    named = names.filter(pl.col("state") == "at_site").group_by("node_id", "class_id", "site_id").len("units")
    counted = tables["deployments"].with_columns(pl.col("units").cast(pl.UInt32)).select(named.columns)
    assert sorted(named.rows()) == sorted(counted.rows())
    before = {u.unit_id: u.site_id for u in mission.units}
    moves = 0
    for node in months(3):
        now = at(names, node)
        moves += sum(before[u] != site for u, site in now.items())
        before = now
    assert moves == sum(count for _, _, deed, _, count in deeds if deed == "move_in")


def test_a_large_plan_is_named_in_seconds() -> None:
    """110 units at 38 sites move 40 times in 18 months; on two quiet cores it takes a tenth of a second."""
    chance = random.Random(0)
    sites = tuple(f"s{j:02d}" for j in range(38))
    kinds = list(NORMS.unit_types())[:15]
    units = [
        unit(f"u{i:03d}", chance.choice([f"Land {c}" for c in range(20)]), chance.choice(sites), kinds[i % 15])
        for i in range(110)
    ]
    mission = mission_of(sorted(units, key=lambda u: u.unit_type), 18)
    standing = Counter((u.unit_type, u.site_id) for u in units)
    deeds: list[Deed] = []
    for n in range(40):
        node = str(MAY + n * 18 // 40)
        kind, source = chance.choice(sorted(place for place, count in standing.items() if count))
        target = chance.choice([site for site in sites if site != source])
        standing[kind, source] -= 1
        standing[kind, target] += 1
        deeds += [(node, kind, "move_out", source, 1), (node, kind, "move_in", target, 1)]
    merged = Counter(deed[:4] for deed in deeds)
    tables = tables_of(mission, [(*deed, count) for deed, count in sorted(merged.items())], months(18))
    began = time.perf_counter()
    names = name_units(mission, tables, NORMS)
    assert time.perf_counter() - began < 5.0
    assert len(names) == 110 * 18
