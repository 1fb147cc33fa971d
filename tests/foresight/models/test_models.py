from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import InvalidRecordError
from bluehelm.foresight.history import history_at
from bluehelm.foresight.models import MODELS, PRODUCT, YARDSTICKS, model
from bluehelm.mission.months import Month
from tests.conftest import examples
from tests.foresight.made import areas, grid, record, war

RECORDS = {
    "a war": history_at(war(300, 60), grid(9), Month(2014, 12)),
    "ten events": history_at(war(10, 60), grid(9), Month(2014, 12)),
    "one area": history_at(war(100, 60), areas((8, 20, 5)), Month(2014, 12)),
    "one month": record(grid(4), 1, [(0, 0, 5), (2, 0, 1)], [[0], [3], [0], [0]]),
    "one event": record(grid(4), 1, [(1, 0, 2)]),
    "no harm": record(grid(4), 40, fights=np.eye(4, 40) * 3),
    "no fights": record(grid(4), 40, [(0, month, 3) for month in range(40)]),
    "nothing in twenty years": record(grid(4), 240),
    "one area without people": record(areas((8, 20, 0)), 50, [(0, 3, 1)]),
    "a massacre": record(grid(4), 50, [(1, 49, 10_000_000)]),
    "long ago": record(grid(4), 240, [(1, 0, 40), (1, 1, 40)], np.eye(4, 240)),
}


def test_the_product_and_the_yardsticks_are_models():
    assert {PRODUCT, *YARDSTICKS} <= set(MODELS)
    assert all(callable(model(name).fit) and callable(model(name).sample) for name in MODELS)


def test_an_unknown_model_is_answered_with_the_nearest_name():
    with pytest.raises(InvalidRecordError, match=r"'self_exiting' is not a model.*Nearest name: 'self_exciting'"):
        model("self_exiting")


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("name", MODELS)
def test_every_model_draws_from_every_record(name, kind):
    history = RECORDS[kind]
    paths = model(name).sample(model(name).fit(history), 14, 30, 5)
    assert paths.shape == (30, history.areas.height, 14) and paths.dtype == np.int32
    assert paths.min() >= 0
    again = model(name).sample(model(name).fit(history), 14, 30, 5)
    assert paths.tobytes() == again.tobytes()


@pytest.mark.parametrize("name", MODELS)
def test_another_seed_gives_other_futures(name):
    fitted = model(name).fit(RECORDS["a war"])
    one, other = (model(name).sample(fitted, 6, 200, seed) for seed in (1, 2))
    assert (one != other).any() or name == "none"
    assert one.mean() == pytest.approx(other.mean(), rel=0.4)


@examples(10, 300)
@given(
    st.integers(1, 5), st.integers(1, 30), st.integers(0, 1000), st.sampled_from(["self_exciting", "sampled_history"]),
)  # fmt: skip
def test_no_record_ends_in_a_negative_or_missing_number(count, months, seed, name):
    draw = np.random.default_rng(seed)
    events = int(draw.integers(0, 20))
    harm = [(int(draw.integers(count)), int(draw.integers(months)), int(draw.geometric(0.1))) for _ in range(events)]
    fights = draw.poisson(0.1 * draw.random(), (count, months))
    groups = draw.poisson(0.1, (2, count, months)) * np.log(3)
    history = record(grid(count), months, harm, fights, groups)
    fitted = model(name).fit(history)
    paths = model(name).sample(fitted, 12, 20, seed)
    assert paths.min() >= 0
    if name == "self_exciting":
        assert np.isfinite(fitted.background).all() and np.isfinite(fitted.dispersion).all()
        assert np.isfinite([*fitted.shared, fitted.fight_mark]).all() and fitted.background.min() > 0
