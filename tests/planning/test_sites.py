"""Bases: beds, guard, opening after a lead time, closing for good, and how many may be open."""

from __future__ import annotations

import pytest

from bluehelm.errors import InfeasibleMissionError
from tests.planning import small
from tests.planning.small import FIRST, area, column, covering, hospital, money, monthly, node, site, site_limit, unit

AREAS = [area("a"), area("b")]
HALF = {"protection_q": 0.5}


def mission(sites, units, *, reach: dict[str, list[str]], months: int = 4, **more) -> small.Mission:
    more.setdefault("nodes", monthly(months))
    return small.mission(
        areas=AREAS, sites=[*sites, hospital()], units=units, months=months,
        routes=covering({**{s.site_id: [] for s in sites}, **reach}, AREAS), **more,
    )  # fmt: skip


def is_open(made: small.Plan, name: str) -> list[bool]:
    return column(made, "sites", "open", site_id=name)


def test_a_site_keeps_within_its_beds():
    sites = [site("near", capacity_persons=250), site("spare")]
    made = small.plan(
        mission(sites, [unit(f"u{i}", "spare", may_leave=False) for i in range(4)], reach={"near": ["a"]}, months=1),
        HALF,
    )
    assert small.units_at(made)["m0"] == {"near": 2, "spare": 2}
    full = made.tables["binding"].filter(made.tables["binding"]["family"] == "site_capacity")
    # 50 beds are left: too few for a company.
    assert full.select("row", "slack").rows() == [("site_capacity[near, m0]", 50.0)]
    roomy = small.plan(
        mission([site("near", capacity_persons=350), site("spare")],
                [unit(f"u{i}", "spare", may_move=i > 1) for i in range(4)], reach={"near": ["a"]}, months=1),
        HALF,
    )  # fmt: skip
    assert "site_capacity" not in roomy.tables["binding"]["family"].to_list()
    exact = mission(
        [site("near", capacity_persons=200), site("spare")], [unit(f"u{i}", "spare") for i in range(3)],
        reach={"near": ["a"]}, months=1,
    )  # fmt: skip
    told = small.plan(exact, HALF).tables["binding"]["sentence"].to_list()
    assert "no further unit finds beds at near in m0" in told


def test_units_stand_at_open_sites_only():
    closed = site("near", open_at_start=False)
    made = small.plan(mission([closed, site("spare")], [unit("u", "spare")], reach={"near": ["a"]}, months=1))
    assert small.reached(made) == pytest.approx(0, abs=1e-6)
    assert is_open(made, "near") == [False]


def test_an_open_base_keeps_its_guard_and_only_units_that_guard_count():
    """Both bases must stay open with 100 guards; only the third company is free to go where it protects."""
    sites = [site("near"), site("one"), site("two")]
    units = [unit(f"u{i}", "one" if i < 2 else "two") for i in range(3)] + [unit("o", "one", kind="staff_officers")]
    made = small.plan(
        mission(sites, units, reach={"near": ["a", "b"]}, months=1),
        {"guard_persons_per_base": 100, "protection_q": 0.5},
    )
    stand = small.units_at(made)["m0"]
    assert stand == {"near": 1, "one": 1, "two": 1}


def test_a_base_that_has_fewer_guards_today_needs_no_more_than_those():
    sites = [site("near"), site("one")]
    units = [unit("u", "one", persons=40, may_leave=False)]
    made = small.plan(mission(sites, units, reach={"near": ["a"]}, months=1), {"guard_persons_per_base": 60})
    assert small.units_at(made)["m0"] == {"one": 1}


def test_a_site_opens_one_lead_time_after_the_order():
    new = site("near", open_at_start=False, opens_from=FIRST)
    prices = {"site_open_lead_months.company_base": 2, "site_open_usd.company_base": "500",
              "site_run_usd_per_month.company_base": "10"}  # fmt: skip
    made = small.plan(mission([new, site("spare")], [unit("u", "spare")], reach={"near": ["a"]}), prices)
    assert is_open(made, "near") == [False, False, True, True]
    assert column(made, "sites", "opens", site_id="near") == [False, False, True, False]
    assert column(made, "cash", "sites_usd") == pytest.approx([10, 10, 520, 20])
    assert column(made, "protection", "protected_share", area_id="a") == [0, 0, 1, 1]


def test_a_site_opens_no_earlier_than_its_month():
    new = site("near", open_at_start=False, opens_from=FIRST + 3)
    made = small.plan(mission([new, site("spare")], [unit("u", "spare")], reach={"near": ["a"]}))
    assert is_open(made, "near") == [False, False, False, True]


def test_a_site_that_serves_nothing_is_not_opened_and_one_that_costs_is_closed():
    sites = [site("new", open_at_start=False, opens_from=FIRST), site("old", may_close=True), site("stays")]
    made = small.plan(
        mission(sites, [unit("u", "stays")], reach={"stays": ["a"]}),
        {"site_run_usd_per_month.company_base": "10", "site_close_usd.company_base": "5"},
    )
    assert is_open(made, "new") == is_open(made, "old") == [False] * 4
    assert is_open(made, "stays") == [True] * 4
    assert column(made, "sites", "closes", site_id="old") == [True, False, False, False]
    assert column(made, "cash", "sites_usd") == pytest.approx([15, 10, 10, 10])


def harm_comes_and_goes(site_id: str) -> dict:
    """Nobody may be at the site in the middle months; the harm around it comes back at the end."""
    return {
        "site_limits": [site_limit(2), site_limit(1, after=1), site_limit(2, after=3)],
        "reach": {site_id: ["a"], "stays": ["b"]},
    }


@pytest.mark.parametrize(("kind", "comes_back"), [("company_base", False), ("temporary_base", True)])
@pytest.mark.parametrize("opens_from", [None, FIRST])
def test_a_permanent_site_that_closed_never_comes_back(kind, comes_back, opens_from):
    sites = [site("near", kind, may_close=True, opens_from=opens_from), site("stays")]
    units = [unit("u", "near", may_leave=False), unit("v", "stays", may_leave=False)]
    made = small.plan(mission(sites, units, **harm_comes_and_goes("near")))
    assert is_open(made, "near") == [True, False, False, comes_back and opens_from is not None]


@pytest.mark.parametrize(("kind", "months_open"), [("company_base", 1), ("temporary_base", 2)])
def test_a_new_site_opens_once_unless_it_is_temporary(kind, months_open):
    sites = [site("near", kind, open_at_start=False, may_close=True, opens_from=FIRST), site("stays")]
    units = [unit("u", "stays", may_leave=False), unit("v", "stays", may_leave=False)]
    made = small.plan(mission(sites, units, **harm_comes_and_goes("near")))
    assert sum(is_open(made, "near")) == months_open
    assert is_open(made, "near")[1:3] == [False, False]


def test_a_site_that_must_stay_is_not_closed_even_where_the_limit_asks_it():
    sites = [site("one"), site("two")]
    with pytest.raises(InfeasibleMissionError):
        small.plan(mission(sites, [unit("u", "one")], reach={}, site_limits=[site_limit(1)]))


def test_the_limit_on_sites_counts_bases_but_no_hospital_of_a_partner():
    sites = [site("one"), site("two", may_close=True)]
    units = [unit("u", "one", may_leave=False), unit("v", "two", may_leave=False)]
    made = small.plan(mission(sites, units, reach={"one": ["a"], "two": ["b"]}, site_limits=[site_limit(1)], months=1))
    assert is_open(made, "one") == [True] and is_open(made, "two") == [False]
    assert small.reached(made) == pytest.approx(0.5, abs=1e-6)


def test_a_site_ordered_before_the_futures_part_opens_in_both_and_stays_open_at_least_then():
    """What was ordered opens wherever the order lands; only then may it close."""
    new = site("near", open_at_start=False, opens_from=FIRST, may_close=True)
    nodes = (
        node("now", "", 0, 1), node("harm", "now", 1, 1, 0.5), node("calm", "now", 1, 1, 0.5, risk_scale=0.0),
    )  # fmt: skip
    made = small.plan(
        mission([new, site("spare")], [unit("u", "spare", may_leave=False)], reach={"near": ["a"]}, months=2,
                nodes=nodes, budget=(money("opening_cash", 10_000),)),
        {"site_open_lead_months.company_base": 1, "site_open_usd.company_base": "1",
         "site_run_usd_per_month.company_base": "100", "site_close_usd.company_base": "1"},
    )  # fmt: skip
    assert is_open(made, "near") == [False, True, True]
