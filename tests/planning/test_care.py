"""10-1-2 by hand: enhanced care within one hour and surgery within two, from the far end of a patrol."""

from __future__ import annotations

import polars as pl
import pytest

from bluehelm.mission.records import Route
from tests.planning import small
from tests.planning.small import NEVER, area, cell, reached, routes, site, unit

# Launch 15 minutes; a patrol is 30 minutes out in the dry season, an hour in the rains, 3 minutes by air.
TIMES = {
    "enhanced_care_hours": 1.0,
    "surgery_hours": 2.0,
    "evacuation_launch_hours": 0.25,
    "patrol_radius_km": 10,
    "road_detour_ratio": 1.0,
    "road_speed_dry_km_per_hour": 20,
    "road_speed_wet_km_per_hour": 10,
    "air_speed_km_per_hour": 200,
}
DRY, WET = "2020-01", "2020-02"
BASES = ("base", "field", "town")


def apart(road: dict[tuple[str, str], float], air: dict[tuple[str, str], float] | None = None) -> tuple[Route, ...]:
    """Return travel times between bases; where none is given there is no way."""
    pairs = [(a, b) for a in (*BASES, "clinic") for b in (*BASES, "clinic") if a < b]
    return (
        *routes({pair: road.get(pair, NEVER) for pair in pairs}),
        *routes({pair: (air or {}).get(pair, NEVER) for pair in pairs}, mode="air"),
    )


def care_mission(
    ways: tuple[Route, ...], units: list[small.Unit], *, partner_level: int = 0, open_bases: tuple[str, ...] = BASES
) -> small.Mission:
    """Bases that stay as they are for a dry and a wet month; only care is asked about."""
    return small.mission(
        areas=[area("a")],
        sites=[*(site(name, open_at_start=name in open_bases) for name in BASES), small.hospital(partner_level)],
        units=[unit("guard", "base", kind="staff_officers", may_move=False, may_leave=False), *units],
        tasks=[], routes=ways, months=2,
        wet_months=(2,),
    )  # fmt: skip


def covered(made: small.Plan, base: str = "base") -> dict[str, tuple[bool, bool]]:
    """Return, for each month, whether enhanced care and surgery are in time at a base."""
    rows = made.tables["care"].filter(pl.col("site_id") == base)
    return {
        month: (enhanced == 1, surgery == 1)
        for month, enhanced, surgery in rows.select("month", "enhanced_care_covered", "surgery_covered").iter_rows()
    }


def stays(unit_id: str, at: str, kind: str) -> small.Unit:
    return unit(unit_id, at, kind=kind, persons=50, may_move=False, may_leave=False)


@pytest.mark.parametrize(
    ("hours", "dry", "wet"),
    [
        (0.25, (True, True), (False, True)),  # 0.25 launch + 0.5 patrol + 0.25 = 1 h in the dry; 1.5 h in the rains
        (0.26, (False, True), (False, True)),
        (0.75, (False, True), (False, True)),  # 0.25 + 1 + 0.75 = 2 h in the rains
        (1.25, (False, True), (False, False)),  # 2 h in the dry
        (1.26, (False, False), (False, False)),
    ],
)
def test_a_partners_hospital_by_road(hours, dry, wet):
    made = small.plan(care_mission(apart({("base", "clinic"): hours}), [], partner_level=2), TIMES)
    assert covered(made) == {DRY: dry, WET: wet}


def test_a_partners_clinic_of_level_1_gives_enhanced_care_but_no_surgery():
    made = small.plan(care_mission(apart({("base", "clinic"): 0.1}), [], partner_level=1), TIMES)
    assert covered(made) == {DRY: (True, False), WET: (False, False)}


def test_a_hospital_of_the_mission_serves_its_own_base_and_those_in_time_by_road():
    ways = apart({("base", "town"): 1.25, ("base", "field"): 2.0, ("field", "town"): 2.0})
    made = small.plan(care_mission(ways, [stays("m", "town", "level_2_hospital")]), TIMES)
    assert covered(made, "town")[DRY] == (True, True)
    assert covered(made, "base")[DRY] == (False, True)
    assert covered(made, "field")[DRY] == (False, False)


AIR = {("base", "field"): 0.7, ("base", "town"): 1.0, ("field", "town"): 0.2}


def test_an_air_link_needs_both_ends():
    """0.25 launch + 0.7 out + 0.05 patrol + 1.0 to the hospital = 2 h."""
    heli, hospital = stays("h", "field", "utility_helicopter_unit"), stays("m", "town", "level_2_hospital")
    for units, surgery in (([heli, hospital], True), ([heli], False), ([hospital], False), ([], False)):
        made = small.plan(care_mission(apart({}, AIR), units), TIMES)
        assert {month: found[1] for month, found in covered(made).items()} == {DRY: surgery, WET: surgery}


@pytest.mark.parametrize(("back", "surgery"), [(1.0, True), (1.01, False)])
def test_both_legs_of_the_flight_count(back, surgery):
    heli, hospital = stays("h", "field", "utility_helicopter_unit"), stays("m", "town", "level_2_hospital")
    ways = apart({}, {**AIR, ("base", "town"): back})
    assert covered(small.plan(care_mission(ways, [heli, hospital]), TIMES))[DRY][1] is surgery


@pytest.mark.parametrize(("out", "enhanced"), [(0.7, True), (0.71, False)])
def test_enhanced_care_is_given_on_board(out, enhanced):
    ways = apart({}, {("base", "field"): out})
    made = small.plan(care_mission(ways, [stays("h", "field", "utility_helicopter_unit")]), TIMES)
    assert covered(made) == {DRY: (enhanced, False), WET: (enhanced, False)}


def test_a_helicopter_flies_casualties_to_a_partners_hospital():
    ways = apart({}, {("base", "field"): 0.2, ("base", "clinic"): 0.5})
    made = small.plan(care_mission(ways, [stays("h", "field", "utility_helicopter_unit")], partner_level=3), TIMES)
    assert covered(made)[DRY] == (True, True)


def test_what_is_lacking_is_counted_and_listed():
    """Three open bases without any care: 2 limits lack at 3 of 4 sites."""
    made = small.plan(care_mission(apart({}), []), TIMES)
    assert reached(made, "care") == pytest.approx(1 - 3 / 4, abs=1e-6)
    assert len(made.tables["shortfalls"].filter(pl.col("kind") == "care")) == 3 * 2 * 2


def test_a_closed_base_needs_no_care():
    made = small.plan(care_mission(apart({}), [], open_bases=("base",)), TIMES)
    assert reached(made, "care") == pytest.approx(1 - 1 / 4, abs=1e-6)
    assert made.tables["care"]["site_id"].unique().to_list() == ["base"]


def test_a_hospital_goes_where_it_serves_most_bases():
    ways = apart({("base", "town"): 1.0, ("base", "field"): 1.0, ("field", "town"): 3.0})
    made = small.plan(care_mission(ways, [unit("m", "town", kind="level_2_hospital", persons=50)]), TIMES)
    assert small.units_at(made, "level_2_hospital")[DRY] == {"base": 1}
    assert cell(made, "care", "surgery_covered", site_id="field", node_id=DRY) == 1
    assert cell(made, "care", "surgery_covered", site_id="town", node_id=DRY) == 1


def test_care_ranks_after_the_first_priority():
    """The one infantry company has a clinic; it still goes where it protects, not where care lacks."""
    areas = [area("a")]
    pairs = {(a, b): NEVER for a in BASES for b in BASES if a < b}
    ways = (*small.covering({"base": [], "field": ["a"], "town": []}, areas), *routes(pairs))
    mission = small.mission(
        areas=areas, sites=[site("base"), site("field"), site("town", may_close=True)], units=[unit("i", "base")],
        routes=ways,
    )  # fmt: skip
    made = small.plan(mission, TIMES)
    assert small.units_at(made)["2020-01"] == {"field": 1}
    # The town may close, so it does: a base without care is worse than none.
    assert cell(made, "sites", "open", site_id="town") is False
