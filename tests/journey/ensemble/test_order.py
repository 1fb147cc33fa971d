"""FILE.toml is read strictly: what is wrong is told with its place and the nearest name."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import BluehelmError, ImportFileError
from bluehelm.journey.ensemble.design import settings_of
from bluehelm.journey.ensemble.order import AxisAsked, EnsembleOrder, read_order, settle_axes
from bluehelm.mission.folder import read_mission
from bluehelm.mission.template import write_template
from bluehelm.norms import load_norms
from tests.conftest import REPOSITORY, examples
from tests.journey.ensemble.made import AXES, mission, written


def axis(name: str, given: str = "values = [1.0]") -> str:
    return f'[[axis]]\nname = "{name}"\n{given}\n'


def read(folder, axes: str = AXES, **more: str) -> EnsembleOrder:
    order = read_order(written(folder, axes, **more))
    here = mission()
    settings_of(order, settle_axes(order, here, load_norms(here.amendments)))
    return order


HEAD = 'name = "S"\nmission = "mission"\n'


@pytest.mark.parametrize(
    ("axes", "more", "told"),
    [
        (axis("risk_scal"), {}, "Axis 'risk_scal' is not known. Nearest name: 'risk_scale'"),
        (axis("norm.protection_p"), {}, "Norm 'protection_p' is unknown. Nearest name: 'protection_q'"),
        (axis("norm.protection_q", "values = [1.5]"), {}, "a number from 0 to 1"),
        (axis("risk_scale", "valeus = [1.0]"), {}, "has no 'low'"),
        (axis("risk_scale", "values = [1.0]\nstep = 3"), {}, "unknown key 'step'"),
        (axis("risk_scale", "values = []"), {}, "has no values"),
        (axis("risk_scale", "values = [[1.0]]"), {}, "numbers or texts were expected"),
        (axis("risk_scale", "values = 1.0"), {}, "a list in square brackets"),
        (axis("risk_scale", "low = 2.0\nhigh = 1.0\nsteps = 3"), {}, "a low end below the high one"),
        (axis("risk_scale", "low = 1.0\nhigh = 2.0"), {}, "has no 'steps'"),
        (axis("order", "values = ['revers']"), {}, "Nearest name: 'reverse'"),
        (axis("order", "low = 0\nhigh = 1\nsteps = 2"), {}, "give them as values"),
        (axis("risk_scale") * 2, {}, "stands twice"),
        (axis("tree_seed", "values = [1]"), {}, r"no \[tree\]"),
        (axis("pledges_seed", "low = 0\nhigh = 999999\nsteps = 999999"), {}, "The grid has 999999 settings"),
        ("", {}, "has no 'axis'"),
        (AXES, {"head": HEAD + 'desing = "grid"\n'}, "Nearest name: 'design'"),
        (AXES, {"head": HEAD + 'design = "latin_hypercub"\n'}, "Nearest name: 'latin_hypercube'"),
        (AXES, {"head": HEAD + 'design = "random"\n'}, "has no 'points'"),
        (AXES, {"head": HEAD + 'design = "random"\npoints = 0\n'}, "asks for 0 points"),
        (AXES, {"head": HEAD + "points = 3\n"}, "unknown key 'points'"),
        (AXES, {"head": 'mission = "mission"\n'}, "has no 'name'"),
        (AXES, {"head": HEAD + "seed = -1\n"}, "a seed of 0 or more"),
        (AXES, {"limits": "[limits]\ngap = 2.0\n"}, "a gap from 0 to 1"),
        (AXES, {"limits": "[limits]\nseconds = 5.0\nwork = 1\n"}, "by seconds and by work"),
        (AXES, {"limits": "[limits]\nsecond = 5.0\n"}, "Nearest name: 'seconds'"),
        (AXES, {"limits": "[limits\n"}, "cannot be read as TOML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(tmp_path, axes, more, told):
    with pytest.raises(BluehelmError, match=told):
        read(tmp_path, axes, **more)


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path):
    with pytest.raises(ImportFileError, match="is not there"):
        read_order(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ImportFileError, match="cannot be read"):
        read_order(tmp_path / "bytes.toml")


def asked(design: str, axes: tuple[AxisAsked, ...], points: int = 0, seed: int = 0) -> list[dict[str, object]]:
    order = EnsembleOrder("S", None, axes, design, points, seed)  # type: ignore[arg-type]
    return settings_of(order, axes)[0]  # type: ignore[return-value]


def test_a_grid_is_every_combination_with_the_last_axis_first():
    axes = (
        AxisAsked("risk_scale", low=0.0, high=1.0, steps=3),
        AxisAsked("order", ("mandate", "reverse"), form="text"),
    )
    found = [tuple(point.values()) for point in asked("grid", axes)]
    assert found == list(itertools.product([0.0, 0.5, 1.0], ["mandate", "reverse"]))


def test_a_setting_that_comes_up_twice_is_planned_once():
    order = EnsembleOrder("S", None, (), "grid")  # type: ignore[arg-type]
    axes = (AxisAsked("risk_scale", (1, 1.0, 2.0)),)
    assert settings_of(order, axes) == ([{"risk_scale": 1.0}, {"risk_scale": 2.0}], 1)


@examples(30, 1000)
@given(st.integers(1, 60), st.integers(0, 2**31 - 1), st.sampled_from(["latin_hypercube", "random"]))
def test_samples_lie_in_their_ranges_and_hang_on_the_seed_alone(points, seed, design):
    axes = (
        AxisAsked("risk_scale", low=0.5, high=2.0),
        AxisAsked("pledges_late_months", low=0, high=6, form="whole"),
        AxisAsked("norm.rations_usd_per_person_month", low=100.0, high=200.0, form="money"),
        AxisAsked("order", ("mandate", "reverse", "weighted"), form="text"),
    )
    found = asked(design, axes, points, seed)
    assert found == asked(design, axes, points, seed)
    for point in found:
        risk, late, rations = (point[one.name] for one in axes[:3])
        assert isinstance(risk, float) and 0.5 <= risk <= 2.0
        assert isinstance(late, int) and 0 <= late <= 6
        assert isinstance(rations, str) and 100 <= float(rations) <= 200
    if design == "latin_hypercube" and len(found) == points:
        assert sorted(int((point["risk_scale"] - 0.5) / 1.5 * points - 1e-9) for point in found) in (  # type: ignore[operator]
            list(range(points)), sorted(range(points)),
        ) or points > 20  # fmt: skip


def test_the_example_of_the_page_is_one(tmp_path):
    page = (REPOSITORY / "docs" / "ensemble.md").read_text("utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    write_template(tmp_path / "my_mission")
    (tmp_path / "money.toml").write_text(example, "utf-8")
    order = read_order(tmp_path / "money.toml")
    here = read_mission(order.mission)
    assert len(settings_of(order, settle_axes(order, here, load_norms(here.amendments)))[0]) == order.points == 200
