from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.sparse import csr_array
from scipy.stats import nbinom

from bluehelm.foresight.excitation import BACKGROUNDS, HALVES, KINDS, State, Weights, backgrounds_of, neighbours
from bluehelm.foresight.excitation import parts_of as parts_of_history
from bluehelm.foresight.history import Harm, history_at
from bluehelm.foresight.models import self_exciting
from bluehelm.foresight.models.self_exciting import (
    LARGEST_BRANCHING,
    MEMORY_MONTHS,
    STRENGTH,
    SelfExciting,
    fit,
    sample,
)
from bluehelm.foresight.severity import fit_severity
from bluehelm.mission.months import Month
from tests.foresight.made import areas, grid, record, war

PARTS = BACKGROUNDS + 2 * KINDS * HALVES + HALVES
WAR = history_at(war(300, 60), grid(9), Month(2014, 12))


def problem(history):
    """Set up the fit of harm: parts, counts, recency, and the exposure of each part in the prior."""
    table = parts_of_history(history, neighbours(history)).table
    counts = self_exciting._harm_counts(history)
    recency = 0.5 ** (np.arange(history.months)[::-1] / MEMORY_MONTHS)
    harm = np.log1p(history.harm.deaths).mean()
    fight = history.fight_marks.sum() / history.fights.sum()
    reach = np.array([0.0, 0.0, *[harm] * 4, *[fight] * 4, *[harm] * 4, *[fight] * 4, *[harm + fight] * 4])
    return table, counts, recency, reach


def penalised(weights, table, counts, recency, reach) -> float:
    """Log likelihood of weighted Poisson counts plus the prior: a record with one more event, shared evenly."""
    mean = np.tensordot(weights, table, 1)
    seen = counts > 0
    likelihood = (recency * (np.where(seen, counts * np.log(np.where(seen, mean, 1.0)), 0.0) - mean)).sum()
    exposure = (table * recency).sum(axis=(1, 2)) / (counts * recency).sum() + reach
    return float(likelihood + STRENGTH * (np.log(weights).mean() - weights @ exposure))


def test_no_step_of_the_climb_lowers_the_penalised_likelihood(monkeypatch):
    given = problem(WAR)
    values = []
    for steps in (*range(1, 15), 30, 60, 200):
        monkeypatch.setattr(self_exciting, "STEPS", steps)
        values.append(penalised(self_exciting._climb(*given), *given))
    assert (np.diff(values) >= -1e-9).all() and values[-1] > values[0] + 1


def test_the_climb_ends_where_another_optimiser_does(monkeypatch):
    given = problem(WAR)
    monkeypatch.setattr(self_exciting, "STEPS", 5000)
    ours = self_exciting._climb(*given)
    table, counts, recency, reach = given
    seen, size = counts > 0, (table * recency).sum(axis=(1, 2))
    exposure = size / (counts * recency).sum() + reach

    def badness(log_weights):
        weights = np.exp(log_weights)
        pull = (table[:, seen] * (recency * counts)[seen] / (weights @ table[:, seen])).sum(axis=1)
        slope = weights * (pull - size - STRENGTH * exposure) + STRENGTH / PARTS
        return -penalised(weights, *given), -slope

    start = np.log(1 / PARTS / (size + 1))
    theirs = minimize(badness, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "ftol": 1e-13})
    assert penalised(ours, *given) == pytest.approx(-theirs.fun, rel=1e-3)
    assert penalised(ours, *given) >= -theirs.fun - 0.01


def test_after_its_usual_steps_the_climb_is_close_to_its_end(monkeypatch):
    given = problem(WAR)
    usual = penalised(self_exciting._climb(*given), *given)
    monkeypatch.setattr(self_exciting, "STEPS", 5000)
    assert usual > penalised(self_exciting._climb(*given), *given) - 1.0


def simulated(count: int, months: int, seed: int = 0):
    """Let violence run in small areas, most of it their own and of four months, with one size of event."""
    draw = np.random.default_rng(seed)
    there = grid(count, step_deg=3.0)
    base = np.full(count, 0.05)
    x, rows, lambdas = np.zeros(count), [], np.zeros((count, months))
    d = 0.5 ** (1 / 4)
    for month in range(months):
        lambdas[:, month] = base + 0.6 / np.log(4) * x
        number = draw.poisson(lambdas[:, month])
        rows += [(area, month, 3) for area in range(count) for _ in range(number[area])]
        x = d * x + (1 - d) * number * np.log(4)
    return record(there, months, rows), lambdas


def test_the_intensity_that_made_a_record_is_found_again():
    history, truth = simulated(300, 90)
    fitted = fit(history)
    table = parts_of_history(history, neighbours(history)).table
    fit_of_harm = fitted.weights[0]
    blocks = (fit_of_harm.background, fit_of_harm.own, fit_of_harm.beside, fit_of_harm.groups)
    weights = np.concatenate([block.ravel() for block in blocks])
    found = np.tensordot(weights, table, 1)
    late = slice(30, None)
    assert np.corrcoef(found[:, late].ravel(), truth[:, late].ravel())[0, 1] > 0.85
    recency = 0.5 ** (np.arange(90)[::-1] / MEMORY_MONTHS)
    counts = self_exciting._harm_counts(history)
    assert (found * recency).sum() == pytest.approx((counts * recency).sum(), rel=0.02)
    # Violence here has no neighbours, no fights, no groups.
    own = fitted.weights[0].own[0] @ np.ones(HALVES) * np.log(4)
    assert 0.4 < own < 1.0 and fitted.weights[0].groups.sum() < 0.05


def made_process(dispersion: float = 50.0, shared: float = 0.0) -> SelfExciting:
    own = np.zeros((KINDS, HALVES, 4))
    own[0, 1] = [2.0, 0.0, 1.0, 0.0]
    weights = Weights(np.array([1.0, 0.0]), np.full((KINDS, HALVES), 0.1), np.full((KINDS, HALVES), 0.05), np.zeros(4))
    none = np.zeros((4, 1))
    return SelfExciting(
        background=np.array([[0.1, 0.2, 0.3, 0.4], [0.0, 0.0, 0.0, 0.0]]), weights=(weights, weights.scaled(0.0)),
        state=State(own, np.zeros((HALVES, 1)), none, none), near=csr_array(np.full((4, 4), 0.25)),
        dispersion=np.array([dispersion, 1.0]), shared=(shared, 0.5),
        severity=fit_severity(Harm(*(np.array([value]) for value in (0, 0, 1))), 4, 1), fight_mark=1.0,
    )  # fmt: skip


# Own marks at a tenth, those of the neighbours (a quarter of all 3) at a twentieth.
FIRST = np.array([0.1, 0.2, 0.3, 0.4]) + 0.1 * np.array([2, 0, 1, 0]) + 0.05 * 0.75


@pytest.mark.parametrize("shared", [0.0, 0.5])
def test_the_first_month_brings_the_intensity_on_average(shared):
    paths = sample(made_process(shared=shared), 1, 40_000, 3)[:, :, 0]
    error = paths.std(axis=0) / np.sqrt(len(paths))
    assert (np.abs(paths.mean(axis=0) - FIRST) < 4.5 * error).all(), "the shared factor has the mean 1"


def test_counts_of_a_month_are_negative_binomial():
    paths = sample(made_process(dispersion=0.5), 1, 60_000, 3)[:, 0, 0]
    mean = FIRST[0]
    for number in range(4):
        chance = nbinom.pmf(number, 0.5, 0.5 / (0.5 + mean))
        assert (paths == number).mean() == pytest.approx(chance, abs=0.01)


def test_the_shared_factor_makes_areas_rise_and_fall_together():
    def together(shared: float) -> float:
        paths = sample(made_process(shared=shared), 1, 20_000, 3)[:, :, 0]
        return float(np.corrcoef(paths[:, 2], paths[:, 3])[0, 1])

    assert abs(together(0.0)) < 0.03 < 0.1 < together(1.0)


def test_an_event_makes_the_next_month_worse_where_it_was():
    paths = sample(made_process(), 2, 40_000, 1)
    struck = paths[:, 1, 0] > 0
    assert paths[struck, 1, 1].mean() > paths[~struck, 1, 1].mean() + 0.02


def test_paths_do_not_depend_on_how_many_more_are_drawn_in_later_blocks():
    fitted = fit(WAR)
    block = self_exciting.PATHS_AT_ONCE
    assert (sample(fitted, 3, 2 * block, 5)[:block] == sample(fitted, 3, block, 5)).all()


def reproduction(fitted: SelfExciting, history) -> float:
    """Largest eigenvalue of the numbers of events that an event of each kind causes; no groups here."""
    marks = [np.log1p(history.harm.deaths).mean() if history.harm.deaths.size else 1.0, fitted.fight_mark]
    caused = [
        [marks[k] * (w.own[k].sum() + w.beside[k].sum() + w.groups.sum()) for k in range(KINDS)] for w in fitted.weights
    ]
    return float(np.abs(np.linalg.eigvals(caused)).max())


@pytest.mark.parametrize("growth", [1.0, 1.2])
def test_a_process_without_end_is_tamed(growth):
    harm = [(0, month, 5) for month in range(40) for _ in range(int(growth**month))]
    history = record(grid(3), 40, harm)
    fitted = fit(history)
    assert reproduction(fitted, history) <= LARGEST_BRANCHING + 1e-9
    assert sample(fitted, 36, 50, 0).max() < 2**31 - 1


def test_a_record_without_fights_is_still_excited_by_its_own_harm():
    # A part that was never seen must not take the room of one that was.
    history, _ = simulated(100, 60)
    fitted = fit(history)
    assert fitted.weights[0].own[0].sum() * np.log(4) > 0.3
    assert reproduction(fitted, history) < LARGEST_BRANCHING


def test_one_fight_long_ago_does_not_calm_a_war():
    quiet, fought = np.zeros((100, 60), int), np.zeros((100, 60), int)
    fought[7, 3] = 1
    history, _ = simulated(100, 60)
    harm = list(zip(history.harm.area, history.harm.month, history.harm.deaths, strict=True))
    one, other = (fit(record(history.areas, 60, harm, fights)).weights[0].own[0].sum() for fights in (quiet, fought))
    assert other == pytest.approx(one, rel=0.1)


def test_futures_of_a_steady_record_are_as_violent_as_the_record():
    history, _ = simulated(100, 120, seed=3)
    paths = sample(fit(history), 12, 200, 0)
    assert paths.sum(axis=1).mean() == pytest.approx(history.deaths[:, -36:].sum(axis=0).mean(), rel=0.25)


def test_more_people_draw_more_violence_only_where_the_record_says_so():
    there = areas((0, 0, 1_000_000), (0, 5, 100), (0, 10, 100))
    everywhere = record(there, 60, [(area, month, 2) for month in range(0, 60, 9) for area in range(3)])
    in_the_city = record(there, 60, [(0, month, 2) for month in range(0, 60, 3)])
    even, city = (fit(history).weights[0].background for history in (everywhere, in_the_city))
    assert city[1] > city[0] and even[0] > even[1]
    assert fit(in_the_city).background[0] == pytest.approx(city @ backgrounds_of(in_the_city))
