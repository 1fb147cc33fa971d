"""Whole random missions that fit together, for the laws of reading and writing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_origin

import polars as pl
from hypothesis import strategies as st

from bluehelm.mission.bulk import Event, RiskRow, ViolenceRow
from bluehelm.mission.columns import Field, columns_of
from bluehelm.mission.frames import schema_of
from bluehelm.mission.mandate import Ceiling, Condition, Floor, Handover, Mandate, SiteLimit, Task
from bluehelm.mission.mission import Mission, Setting
from bluehelm.mission.months import Month
from bluehelm.mission.records import Area, BudgetLine, Closure, Node, Pledge, Restriction, Route, Site, Unit

FIRST = Month(2020, 1)
CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"))
texts = st.text(CHARACTERS | st.sampled_from("\n\t,;\"'#="), max_size=12).map(str.strip)
keys = st.text(CHARACTERS, min_size=1, max_size=8).map(lambda s: s.replace(";", "").strip()).filter(bool)
months = st.integers(0, 11).map(lambda i: FIRST + i)
amounts = st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=2) | st.integers(0, 10**9).map(Decimal)


def values(one: Field) -> st.SearchStrategy[Any]:
    """Any value that a field may hold."""
    column = one.column
    if get_origin(one.type) is tuple:
        item = st.integers(1, 12) if get_args(one.type)[0] is int else keys
        return st.lists(item, unique=True, max_size=3).map(tuple)
    if column.choices:
        found: st.SearchStrategy[Any] = st.sampled_from(column.choices)
    elif one.type is int:
        found = st.integers(int(column.low or 0), int(column.high or 10**9))
    elif one.type is float:
        low, high = column.low or 0.0, column.high or 1e15
        found = st.floats(low, high) | (st.just(float("inf")) if column.infinite else st.nothing())
    elif one.type is str:
        blank = column.may_be_blank or not one.required
        found = texts if blank else (keys if column.unit == "key" else texts.filter(bool))
    else:
        found = {
            bool: st.booleans(),
            Decimal: amounts,
            Month: months,
            date: st.dates(date(1945, 1, 1), date(2150, 12, 31)),
        }[one.type]
    return st.none() | found if one.optional else found


def records(record: type, **given: Any) -> st.SearchStrategy[Any]:
    """Records with any values, some fields given."""
    drawn = {
        one.name: given.get(one.name, values(one))
        for one in columns_of(record)
        if one.name not in ("condition", "ceiling", "site_limit", "task", "floor", "handover")
    }
    return st.builds(record, **drawn)


def named(record: type, key: str, names: list[str], **given: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """One record for each name."""
    return st.tuples(*(records(record, **given, **{key: st.just(name)}) for name in names))


def frames(record: type, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """A bulk table."""
    return pl.DataFrame(rows, schema=schema_of(record))


@st.composite
def missions(draw: st.DrawFn) -> Mission:
    """A mission without errors: every name is known, every month lies in the year planned."""
    unique = st.lists(keys, unique=True, min_size=1, max_size=3)
    sources, area_ids, site_ids, zones = (draw(unique) for _ in range(4))
    unit_ids, pledge_ids, task_ids, condition_ids = (draw(unique) for _ in range(4))
    source, zone = st.sampled_from(sources), st.sampled_from(zones)
    some_zones = st.lists(zone, unique=True, max_size=2).map(tuple)
    when = st.sampled_from(["", *condition_ids])
    setting = draw(
        records(
            Setting,
            first_month=st.just(FIRST),
            months=st.just(12),
            fixed_cost_source=source,
            countries=st.just(("SDN",)),
            name=keys,
            operation=keys,
        )
    )
    areas = draw(named(Area, "area_id", area_ids, source=source, zone=st.just(zones[0])))
    areas += draw(
        st.tuples(
            *(
                records(Area, area_id=st.just(f"{z} {i} area"), zone=st.just(z), source=source)
                for i, z in enumerate(zones)
            )
        )
    )
    base = {"kind": st.just("company_base"), "open_at_start": st.just(True), "opens_from": st.none()}
    sites = draw(named(Site, "site_id", site_ids, source=source, zone=zone, **base))
    caveats = {"only_zones": some_zones, "source": source}
    units = draw(named(Unit, "unit_id", unit_ids, site_id=st.sampled_from(site_ids), **caveats))
    late = st.dates(date(2021, 1, 1), date(2022, 1, 1))
    pledges = draw(named(Pledge, "pledge_id", pledge_ids, expires_on=late, **caveats))
    mandate = Mandate(
        **{one.name: draw(values(one)) for one in columns_of(Mandate)[:3] if one.type is str},
        adopted_on=date(2019, 12, 1),
        valid_until=draw(late),
        source=sources[0],
        status="verified",
        note=draw(texts),
        condition=draw(named(Condition, "condition_id", condition_ids, source=source)),
        ceiling=draw(
            st.lists(
                records(Ceiling, source=source, when=when),
                max_size=3,
                unique_by=lambda c: (c.component, c.from_month, c.when),
            ).map(tuple)
        ),
        site_limit=draw(
            st.lists(
                records(SiteLimit, source=source, when=when), max_size=2, unique_by=lambda c: (c.from_month, c.when)
            ).map(tuple)
        ),
        task=draw(named(Task, "task_id", task_ids, source=source, when=when, zones=some_zones, ends=st.none())),
        floor=draw(
            st.lists(
                records(
                    Floor,
                    source=source,
                    areas=st.lists(st.sampled_from(area_ids), max_size=2).map(tuple),
                    taken_over_by=st.just("police"),
                    taken_over_from=months,
                ),
                max_size=2,
            ).map(tuple)
        ),
        handover=draw(handovers(source, task_ids, some_zones, when)),
    )
    budget = draw(
        st.lists(
            records(
                BudgetLine,
                source=source,
                kind=st.sampled_from(["receipt", "appropriation", "owed_limit"]),
                first_month=st.just(FIRST),
                last_month=months,
                when=when,
            ),
            max_size=3,
        ).map(tuple)
    )
    routes = draw(
        st.lists(
            records(Route, from_site=st.sampled_from(site_ids), source=source, to_place=st.just(f"{zones[0]} 0 area")),
            max_size=2,
            unique_by=lambda r: (r.from_site, r.mode),
        ).map(tuple)
    )
    nodes = draw(st.just(()) | trees(source, condition_ids))
    closures = draw(st.lists(records(Closure, site_id=st.sampled_from(site_ids), source=source), max_size=2).map(tuple))
    return Mission(
        setting=setting,
        mandate=mandate,
        areas=areas,
        sites=sites,
        units=units,
        pledges=pledges,
        budget=budget,
        routes=routes,
        nodes=nodes,
        restrictions=draw(restrictions(source, site_ids, when)),
        hindsight_closures=closures,
        risk=draw(st.none() | bulk(RiskRow, area_ids, sources)),
        hindsight_violence=draw(st.none() | bulk(ViolenceRow, area_ids, sources)),
        events=draw(st.none() | events()),
        sources={name: draw(keys) for name in sources},
        amendments=draw(
            st.dictionaries(keys, st.floats(-1e9, 1e9) | st.integers(-9, 9) | texts | st.booleans(), max_size=3)
        ),
    )


def handovers(
    source: st.SearchStrategy[str], task_ids: list[str], zones: st.SearchStrategy[Any], when: st.SearchStrategy[str]
) -> st.SearchStrategy[tuple[Handover, ...]]:
    """At most one handover, with shares and months in order."""
    tasks = st.lists(st.sampled_from(task_ids), unique=True, min_size=1).map(tuple)
    spans = st.tuples(months, months).map(sorted)
    shares = st.lists(st.floats(0, 1), min_size=4, max_size=4).map(sorted)

    def ordered(span: list[Month], share: list[float]) -> st.SearchStrategy[Handover]:
        names = ("share_start", "share_low", "share_full", "share_high")
        given: dict[str, Any] = {name: st.just(value) for name, value in zip(names, share, strict=True)}
        given |= {"from_month": st.just(span[0]), "full_month": st.just(span[1])}
        return records(Handover, source=source, tasks=tasks, zones=zones, when=when, **given)

    return st.lists(st.tuples(spans, shares).flatmap(lambda drawn: ordered(*drawn)), max_size=1).map(tuple)


def restrictions(
    source: st.SearchStrategy[str], site_ids: list[str], when: st.SearchStrategy[str]
) -> st.SearchStrategy[tuple[Restriction, ...]]:
    """Sites lost and aircraft grounded."""
    until = st.none() | st.integers(12, 24).map(lambda i: FIRST + i)
    given = {"source": source, "until_month": until, "when": when}
    lost = records(Restriction, kind=st.just("site_lost"), what=st.sampled_from(site_ids), **given)
    grounded = records(Restriction, kind=st.just("grounded"), what=st.just("air"), **given)
    return st.lists(lost | grounded, unique_by=lambda r: (r.what, r.kind, r.from_month, r.when), max_size=3).map(tuple)


@st.composite
def trees(draw: st.DrawFn, source: st.SearchStrategy[str], conditions: list[str]) -> tuple[Node, ...]:
    """A first node and two futures after it."""
    split = draw(st.integers(1, 11))
    share = draw(st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]))
    names = draw(st.lists(keys, unique=True, min_size=3, max_size=3))
    some = st.lists(st.sampled_from(conditions), unique=True).map(tuple)
    spans = [("", 0, split, 1.0), (names[0], split, 12 - split, share), (names[0], split, 12 - split, 1 - share)]
    return tuple(
        draw(
            records(
                Node,
                node_id=st.just(name),
                parent_id=st.just(parent),
                first_month=st.just(FIRST + start),
                months=st.just(length),
                probability=st.just(chance),
                source=source,
                conditions=some,
            )
        )
        for name, (parent, start, length, chance) in zip(names, spans, strict=True)
    )


@st.composite
def bulk(draw: st.DrawFn, record: type, area_ids: list[str], sources: list[str]) -> pl.DataFrame:
    """Rows of risk or violence, one per area."""
    rows = [
        {
            one.name: (
                area
                if one.name == "area_id"
                else ""
                if one.name == "node_id"
                else draw(st.sampled_from(sources))
                if one.name == "source"
                else str(draw(months))
                if one.type is Month
                else draw(values(one))
            )
            for one in columns_of(record)
        }
        for area in area_ids
    ]
    return frames(record, rows)


@st.composite
def events(draw: st.DrawFn) -> pl.DataFrame:
    """A few events."""
    names = draw(st.lists(keys, unique=True, max_size=3))
    rows = [{one.name: draw(values(one)) for one in columns_of(Event)} | {"event_id": name} for name in names]
    return frames(Event, rows)
