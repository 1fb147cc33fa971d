"""Ways to site bases: each knows only what was known, pays for its moves, and leaves what is permanent."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from bluehelm.journey.backtest.arms import (
    MoveRules,
    adaptive,
    deaths_of_year,
    fixed_at,
    recipe,
    rigid,
    standing,
)
from bluehelm.journey.backtest.measure import best_reach, scored_events
from bluehelm.journey.backtest.risk import Foresight, FutureRules, decayed_violence
from bluehelm.journey.backtest.theatre import theatre_of
from tests.journey.backtest.ground import base, events, places, violence

RULES = FutureRules(months=3, paths=60)
BASES = (base("HQ", 21.0, 3), base("Camp", 23.0))


def theatre(table=None, bases=BASES):
    table = violence() if table is None else table
    return theatre_of("UNTEST", 2014, bases, table, places(), radius_km=50.0, theatre_km=400.0)


def foresight(ground, table=None):
    return Foresight(ground, violence() if table is None else table, places(), RULES)


def names(ground, track):
    return [[ground.spots["name"][int(spot)] for spot in month] for month in track.spot]


def reached(ground, track):
    return best_reach(ground, track, ground.reach)


def test_the_recipe_follows_the_violence_and_headquarters_stay():
    ground = theatre()
    track = recipe(ground, 1)
    assert names(ground, track)[0] == ["HQ", "West"]
    assert {month[0] for month in names(ground, track)} == {"HQ"}
    assert names(ground, track)[-1] == ["HQ", "East"]
    # Five months in the west, then the recipe runs after it until the east weighs more.
    assert reached(ground, track)[:5].tolist() == [1, 1, 1, 1, 1]


def test_the_recipe_weighs_by_the_log_of_deaths_and_halves_in_six_months():
    ground = theatre(events([(date(2014, 6, 1), 20.0, 9), (date(2014, 12, 1), 22.0, 9)]))
    weight = decayed_violence(ground, 2015 * 12)
    west, east = ground.events.point
    assert weight[east] == pytest.approx(np.log(10))
    assert weight[west] == pytest.approx(np.log(10) / 2)


def test_a_publication_lag_hides_the_last_months():
    ground = theatre(events([(date(2014, 6, 1), 20.0, 9), (date(2014, 12, 1), 22.0, 9)]))
    assert decayed_violence(ground, 2015 * 12, lag_months=1)[ground.events.point[1]] == 0


def test_no_moves_leave_the_mission_where_it_stood():
    ground = theatre()
    for track in (recipe(ground, 0), adaptive(ground, foresight(ground), MoveRules(0, 10.0))):
        assert np.array_equal(track.spot, standing(ground).spot)
        assert track.moves == 0


def test_an_adaptive_base_follows_the_violence_and_is_out_of_action_on_its_way():
    ground = theatre()
    track = adaptive(ground, foresight(ground), MoveRules(1, 10.0, months_ahead=3))
    assert names(ground, track)[0] == ["HQ", "West"]
    assert track.ready_day[0].tolist() == [1, 11]
    # The killing of 5 January comes before the base is there; that of 5 February does not.
    assert reached(ground, track)[:2].tolist() == [0, 1]


def test_moves_are_as_many_as_allowed():
    bases = (base("HQ", 21.0, 3), base("Camp", 23.0), base("Post", 23.2))
    ground = theatre(bases=bases)
    for most in (1, 2):
        track = adaptive(ground, foresight(ground), MoveRules(most, 0.0, months_ahead=3))
        before = np.vstack([np.arange(3)[None], track.spot[:-1]])
        assert (track.spot != before).sum(axis=1).max() <= most
        assert (track.spot != before).sum() == track.moves


def test_a_rigid_plan_moves_once_and_stays():
    ground = theatre()
    track = rigid(ground, foresight(ground), MoveRules(None, 10.0))
    assert (track.spot == track.spot[0]).all()
    assert names(ground, track)[0][0] == "HQ"
    assert (track.ready_day[1:] == 1).all()


def test_the_oracle_covers_at_least_as_much_as_any_fixed_siting():
    ground = theatre()
    oracle = fixed_at(ground, deaths_of_year(ground, 2015, one_sided=True))
    deaths = ground.events.deaths[scored_events(ground)]
    best = (deaths * reached(ground, oracle)).sum()
    assert best == 60
    assert best >= (deaths * reached(ground, standing(ground))).sum()


def planted(when: date) -> pl.DataFrame:
    """The same violence, and a huge massacre in a far town from a day on."""
    return pl.concat([violence(), events([(when, 23.0, 500)]).with_columns(event_id=pl.lit("x"))]).sort("date")


@pytest.mark.parametrize("month", [1, 4, 9, 12])
def test_nothing_after_the_planning_date_leaks(month):
    """A massacre planted in a month changes no siting up to and with that month."""
    bases = (base("HQ", 21.0, 3), base("Camp", 21.2))
    calm, later = theatre(bases=bases), theatre(planted(date(2015, month, 1)), bases)
    tracks = []
    for ground, table in ((calm, violence()), (later, planted(date(2015, month, 1)))):
        seen = foresight(ground, table)
        tracks.append(
            (
                recipe(ground, 2).spot[:month],
                adaptive(ground, seen, MoveRules(2, 10.0, months_ahead=3)).spot[:month],
                rigid(ground, seen, MoveRules(None, 10.0)).spot,
                fixed_at(ground, deaths_of_year(ground, 2014, one_sided=False)).spot,
            )
        )
    for one, other in zip(*tracks, strict=True):
        assert np.array_equal(one, other)


def test_the_planted_massacre_is_seen_once_it_has_come():
    table = planted(date(2015, 4, 1))
    ground = theatre(table)
    massacre = ground.events.point[table["event_id"].to_list().index("x")]
    april = 2015 * 12 + 3
    assert decayed_violence(ground, april)[massacre] == 0
    assert decayed_violence(ground, april + 1)[massacre] > 0
    seen = foresight(ground, table)
    assert seen.before(april + 1, 3).mean()[massacre] > 3 * seen.before(april, 3).mean()[massacre]


def test_same_seed_same_tracks():
    first, second = (adaptive(theatre(), foresight(theatre()), MoveRules(1, 10.0)) for _ in range(2))
    assert np.array_equal(first.spot, second.spot)
