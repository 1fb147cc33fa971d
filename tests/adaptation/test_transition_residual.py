"""What stays, and how long mission and actor work side by side, added up by hand."""

from __future__ import annotations

import pytest

from bluehelm.adaptation.transition_file import Leaving
from bluehelm.adaptation.transition_residual import bridges, presence, presence_today
from tests.adaptation.leaving import by_month, handover, months_of, planned
from tests.planning import small

LEAVES = {"ceilings": (small.ceiling(400), small.ceiling(200, after=6)), "site_limits": (small.site_limit(1, after=6),)}
HEAD = Leaving(ends=by_month(6), source="hand", status="assumed", overlap_months=9)


def test_today_is_what_the_tables_say():
    today = presence_today(months_of(planned(**LEAVES)))
    assert today.sites == ("hq", "out") and today.persons == {"military": 400, "police": 0, "civilian": 0}
    # 400 persons at 1 USD and two bases at 40.
    assert today.running_usd == pytest.approx(480.0)


def test_the_last_month_holds_what_stays():
    months = months_of(planned(**LEAVES))
    last = presence(months, -1)
    assert last.sites == ("hq",) and sum(last.persons.values()) == 200
    assert last.running_usd == pytest.approx(240.0)
    # Two companies at hq hold three quarters of `near`, and nobody `far`, where three deaths of four are.
    assert last.protected_share == pytest.approx(0.75 / 4)


def test_the_overlap_counts_months_with_units_of_the_mission_in_the_zone():
    months = months_of(planned(**LEAVES, handover=(handover(),)))
    (bridge,) = bridges(months, HEAD)
    there = [m for m in months.all if m >= by_month(2) and months.persons(m, sites=frozenset({"out"}))]
    assert bridge.overlap == len(there) > 0
    units = sum(months.persons(m, sites=frozenset({"out"})) for m in there)
    assert bridge.cost_usd == pytest.approx(units + 40 * sum("out" in months.open_in(m) for m in there))
    assert bridge.wanted == 9


def test_a_gap_is_the_months_in_which_the_mission_is_gone_and_the_actor_not_whole():
    months = months_of(planned(**LEAVES, handover=(handover(full_month=by_month(8)),)))
    (bridge,) = bridges(months, HEAD)
    gone = [m for m in months.all if m >= by_month(2) and not months.persons(m, sites=frozenset({"out"}))]
    assert bridge.alone_from == str(gone[0])
    assert bridge.gap_months == sum(m < by_month(8) for m in gone) > 0
    assert bridge.share_alone == pytest.approx(0.1 + 0.4 * (gone[0] - by_month(2)) / 6)


def test_where_the_mission_stays_the_actor_is_never_alone():
    months = months_of(planned(ceilings=(small.ceiling(400),), handover=(handover(zones=()),)))
    (bridge,) = bridges(months, HEAD)
    assert (bridge.alone_from, bridge.gap_months, bridge.overlap) == ("", 0, 8)
