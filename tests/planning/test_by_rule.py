"""Plans made by a simple rule, worked out by hand, and held against the model."""

from __future__ import annotations

import numpy as np
import pytest

from bluehelm.mission.folder import read_mission
from bluehelm.mission.mandate import Condition
from bluehelm.mission.template import write_template
from bluehelm.norms import load_norms
from bluehelm.planning.build import build
from bluehelm.planning.by_rule import by_rule
from bluehelm.planning.fixed import Stand, stand_of, tables_with
from bluehelm.planning.from_tables import start_of_rule
from bluehelm.planning.gather import gather
from bluehelm.planning.leaving import closing_node
from bluehelm.planning.proportional import close_least, harm_in_reach, open_today, proportional
from bluehelm.planning.spending import overspent, spending_by_rule
from tests.conftest import REPOSITORY
from tests.planning import small

TWO_SITES = (small.site("a"), small.site("b", place=(13.0, 25.5)))


def camp(counts, **more):
    """So many companies of 100 at each site."""
    return [small.unit(f"{site}-{i}", site, **more) for site, count in counts.items() for i in range(count)]


def gathered(given, changes=None):
    return gather(given, small.norms(changes))


def counts(data, x):
    """Units at each site, node by node."""
    assert x is not None
    return {site_id: x[:, j].sum(axis=0).tolist() for j, site_id in enumerate(data.site_ids)}


def test_nobody_moves_while_no_ceiling_falls():
    given = small.mission(areas=[small.area("p")], sites=TWO_SITES, units=camp({"a": 3, "b": 1}), months=4)
    data = gathered(given)
    x = by_rule(data, open_today(data), closing_first=False)
    assert counts(data, x) == {"a": [3] * len(data.timeline), "b": [1] * len(data.timeline)}


def test_just_enough_units_leave_in_proportion_over_the_sites():
    given = small.mission(
        areas=[small.area("p")], sites=TWO_SITES, units=camp({"a": 6, "b": 2}), months=3,
        ceilings=[small.ceiling(800), small.ceiling(400, after=1)],
    )  # fmt: skip
    data = gathered(given)
    x = by_rule(data, open_today(data), closing_first=False)
    assert counts(data, x) == {"a": [6, 3, 3], "b": [2, 1, 1]}


def test_units_stop_one_lag_before_the_ceiling_and_are_told_one_notice_before_that():
    given = small.mission(
        areas=[small.area("p")], sites=TWO_SITES, units=camp({"a": 4}), months=6,
        ceilings=[small.ceiling(400), small.ceiling(200, after=4)],
    )  # fmt: skip
    data = gathered(given, {"exit_notice_months": 1, "exit_lag_months": 2})
    x = by_rule(data, open_today(data), closing_first=False)
    assert x is not None
    last = {int(s): int(n) for s, n in zip(data.timeline.start, x[0, 0], strict=True)}
    # Counted at the end of month 5: out after two months, so they stop at the start of month 4 (3 months in).
    assert last[3] == 2
    assert all(units == 4 for start, units in last.items() if start < 3)


def test_the_guard_of_an_open_base_stays():
    given = small.mission(
        areas=[small.area("p")], sites=TWO_SITES, units=camp({"a": 1, "b": 3}), months=2,
        ceilings=[small.ceiling(400), small.ceiling(200, after=1)],
    )  # fmt: skip
    data = gathered(given, {"guard_persons_per_base": 100})
    x = by_rule(data, open_today(data), closing_first=False)
    assert counts(data, x) == {"a": [1, 1], "b": [3, 1]}


def closing_b(first):
    sites = (small.site("a"), small.site("b", may_close=True), small.site("c", place=(13.0, 29.0)))
    given = small.mission(
        areas=[small.area("p")], sites=sites, units=camp({"a": 2, "b": 2, "c": 4}), months=2,
        ceilings=[small.ceiling(800), small.ceiling(600, after=1)],
    )  # fmt: skip
    data = gathered(given)
    opened = open_today(data)
    opened[1, 1:] = False
    return counts(data, by_rule(data, opened, closing_first=first))


def test_units_of_a_closing_site_leave_before_any_other():
    assert closing_b(first=True) == {"a": [2, 2], "b": [2, 0], "c": [4, 4]}


def test_without_that_rule_all_sites_give_their_part_and_the_rest_moves_to_the_nearest():
    assert closing_b(first=False) == {"a": [2, 3], "b": [2, 0], "c": [4, 3]}


def test_a_rule_without_beds_for_all_is_a_dead_end():
    sites = (small.site("a", capacity_persons=300), small.site("b", may_close=True))
    given = small.mission(areas=[small.area("p")], sites=sites, units=camp({"a": 3, "b": 3}), months=2)
    data = gathered(given)
    opened = open_today(data)
    opened[1] = False
    assert by_rule(data, opened, closing_first=True) is None


def test_one_order_holds_on_every_path_that_follows_it():
    given = small.mission(
        areas=[small.area("p")], sites=TWO_SITES, units=camp({"a": 4}), months=2,
        ceilings=[small.ceiling(400), small.ceiling(200, after=1, when="calm")],
        conditions=[Condition(condition_id="calm", text="calm", **small.KNOWN)],
        nodes=(
            small.node("now", "", 0, 1),
            small.node("calm", "now", 1, 1, 0.5, conditions=("calm",)),
            small.node("not", "now", 1, 1, 0.5),
        ),
    )  # fmt: skip
    data = gathered(given, {"exit_notice_months": 1})
    x = by_rule(data, open_today(data), closing_first=False)
    assert counts(data, x)["a"] == [4, 2, 2]


def test_sites_close_where_the_least_harm_is_in_reach_and_early_enough():
    areas = [small.area("p", 5.0), small.area("q", 1.0)]
    sites = (small.site("hq"), small.site("a", may_close=True), small.site("b", may_close=True))
    given = small.mission(
        areas=areas, sites=sites, units=camp({"hq": 1, "a": 1, "b": 1}), months=4,
        site_limits=[small.site_limit(2, after=3)],
        routes=small.covering({"hq": ["p", "q"], "a": ["p"], "b": ["q"]}, areas),
    )  # fmt: skip
    data = gathered(given, {"exit_lag_months": 1})
    worth = harm_in_reach(data)
    assert worth[1] > worth[2] > 0
    opened = close_least(data, worth)
    assert opened is not None
    assert opened[:2].all()
    limited = int(np.flatnonzero(np.isfinite(data.demand.site_limit))[0])
    assert opened[2].tolist() == [n < closing_node(data, limited) for n in range(len(data.timeline))]


def test_when_money_is_short_all_are_cut_alike_until_it_suffices():
    given = small.mission(
        areas=[small.area("p")], sites=TWO_SITES, units=camp({"a": 6, "b": 4}), months=4,
        budget=(small.money("appropriation", 3000, last=3),),
    )  # fmt: skip
    data = gathered(given)
    rule = proportional(data)
    assert rule is not None
    x, opened = rule
    assert not overspent(data, spending_by_rule(data, x, opened), x.sum(axis=1)).any()
    assert counts(data, x)["a"][-1] < 6 and counts(data, x)["b"][-1] < 4
    # One unit more for the whole time would cost 400 USD: less than that is left.
    assert 3.0 - spending_by_rule(data, x, opened).sum() < 0.4


@pytest.fixture(scope="module", params=["template", "darfur_2017"])
def real(request, tmp_path_factory):
    folder = REPOSITORY / "bluehelm" / "data" / "missions" / "darfur_2017"
    if request.param == "template":
        folder = tmp_path_factory.mktemp("rule") / "mission"
        write_template(folder)
    mission = read_mission(folder)
    data = gather(mission, load_norms(mission.amendments))
    rule = proportional(data)
    assert rule is not None
    return data, build(data), Stand(*rule)


def test_the_model_accepts_the_plan_of_the_rule(real):
    _, built, stand = real
    assert start_of_rule(built, stand.x, stand.opened) is not None


def test_the_tables_of_a_rule_lead_back_to_it_and_cost_what_it_costs(real):
    data, built, stand = real
    tables = tables_with(data, built, stand)
    again = stand_of(data, tables)
    assert (again.x == stand.x).all() and (again.opened == stand.opened).all()
    assert tables["cash"]["spent_usd"].to_numpy() == pytest.approx(
        1000 * spending_by_rule(data, stand.x, stand.opened), rel=1e-9
    )
