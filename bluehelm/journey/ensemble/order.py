"""What an ensemble is asked for: `FILE.toml`, read strictly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from bluehelm.adaptation.settings import NORM, Axis, Value, axis_of, check_value
from bluehelm.errors import ImportFileError, InvalidRecordError
from bluehelm.mission.files import read_text
from bluehelm.mission.mission import Mission
from bluehelm.mission.toml_documents import MOST_BYTES
from bluehelm.norms.entry import MEASURES
from bluehelm.norms.norms import Norms
from bluehelm.norms.strict import StrictTable, one_of, read_toml
from bluehelm.planning.goals import ORDERS

Design = Literal["grid", "latin_hypercube", "random"]
DESIGNS: tuple[str, ...] = get_args(Design)
MOST_SETTINGS = 100_000
OPTION_AXES: Mapping[str, Axis] = {
    "order": Axis("text", choices=ORDERS),
    "tail": Axis("number", high=0.999),
    "gap": Axis("number", high=1.0),
    "work": Axis("whole", 1, 1000),
    "steps": Axis("whole", 1, 12),
    "solver_seed": Axis("whole", high=2**31 - 1),
}
"""Axes that change how a mission is planned, not what it is."""
TREE_AXES: Mapping[str, Axis] = {
    "tree_seed": Axis("whole", high=2**31 - 1),
    "tree_leaves": Axis("whole", 1, 1000),
}
"""Axes that change the tree of futures which is laid over the mission; they need [tree]."""


@dataclass(frozen=True, slots=True)
class AxisAsked:
    """One axis: a list of values, or numbers from low to high (in a grid: so many steps)."""

    name: str
    values: tuple[Value, ...] = ()
    low: float = 0.0
    high: float = 0.0
    steps: int = 0
    form: Literal["number", "whole", "money", "text"] = "number"


@dataclass(frozen=True, slots=True)
class TreeAsked:
    """A tree of futures laid over the mission before each plan, as `bluehelm scenario tree` does."""

    forecast: Path
    states: Path | None = None
    stages: tuple[int, ...] = (0, 3, 6, 12)
    leaves: int = 8
    knows: str = "seen"
    within_km: float = 30.0
    least_share: float = 0.01


@dataclass(frozen=True, slots=True)
class EnsembleOrder:
    """What is asked for. points: settings of a sampled design. gap, seconds, work: limits of each plan."""

    name: str
    mission: Path
    axes: tuple[AxisAsked, ...]
    design: Design = "grid"
    points: int = 0
    seed: int = 0
    gap: float = 0.01
    seconds: float = 60.0
    work: int | None = None
    tree: TreeAsked | None = None


def read_order(path: Path | str) -> EnsembleOrder:
    """Read the file of an ensemble; what its axes may be is only known beside its mission (see `settle_axes`).

    Raises
    ------
    ImportFileError
        If the file is not there or is no text.
    InvalidRecordError
        If a key is unknown, missing or of the wrong kind.
    """
    path = Path(path)
    if not path.is_file():
        raise ImportFileError(
            "The file of an ensemble '{file}' is not there, or is not a file. Check the name.", file=str(path)
        )
    text, faults = read_text(path, MOST_BYTES)
    if text is None:
        raise ImportFileError(
            "The file of an ensemble '{file}' cannot be read. {fault}", file=str(path), fault=str(faults[0])
        )
    top = StrictTable(read_toml(text, path.name), path.name)
    design = one_of(top.take_or("design", str, "grid"), DESIGNS, path.name, "design")
    limits = StrictTable(top.take_any("limits") or {}, f"{path.name}: limits")
    order = EnsembleOrder(
        name=top.take("name", str),
        mission=path.parent / top.take("mission", str),
        axes=tuple(_axes(top.take("axis", list), path.name, design)),
        design=cast(Design, design),
        points=top.take("points", int) if design != "grid" else 0,
        seed=top.take_or("seed", int, 0),
        gap=limits.take_or("gap", float, 0.01),
        seconds=limits.take_or("seconds", float, 60.0),
        work=limits.take("work", int) if "work" in limits else None,
        tree=_tree(top.take_any("tree"), path),
    )
    limits.done()
    top.done()
    _refuse_numbers(order, path.name, seconds_too="seconds" in limits and order.work is not None)
    return order


def _axes(listed: list[object], file: str, design: str) -> Iterator[AxisAsked]:
    names: set[str] = set()
    if not listed:
        raise InvalidRecordError("{file} has no axis. Write [[axis]] with a name and values.", file=file)
    for number, raw in enumerate(listed, 1):
        table = StrictTable(raw, f"{file}: axis {number}")
        name = table.take("name", str)
        table.place = f"{file}: axis '{name}'"
        if name in names:
            raise InvalidRecordError("{place} stands twice. Write one of them.", place=table.place)
        names.add(name)
        values: list[object] = table.take_or("values", list, [])
        if not all(isinstance(value, int | float | str) for value in values):
            raise InvalidRecordError("{place} has values {values!r}; numbers or texts were expected.",
                                     place=table.place, values=values)  # fmt: skip
        if values:
            axis = AxisAsked(name, tuple(cast(list[Value], values)))
        elif "values" in table:
            raise InvalidRecordError("{place} has no values. Give at least one.", place=table.place)
        else:
            low, high = table.take("low", float), table.take("high", float)
            steps = table.take("steps", int) if design == "grid" else 0
            axis = AxisAsked(name, low=low, high=high, steps=steps)
            if not low < high or (design == "grid" and steps < 2):
                raise InvalidRecordError(
                    "{place} goes from {low} to {high} in {steps} {steps:step|steps}; a low end below the high one, "
                    "and in a grid "
                    "2 steps or more, were expected.",
                    place=table.place,
                    low=low,
                    high=high,
                    steps=steps,
                )
        table.done()
        yield axis


def _tree(raw: object, path: Path) -> TreeAsked | None:
    if raw is None:
        return None
    table = StrictTable(raw, f"{path.name}: tree")
    states = table.take("states", str) if "states" in table else None
    stages: list[object] = table.take_or("stages", list, [0, 3, 6, 12])
    asked = TreeAsked(
        forecast=path.parent / table.take("forecast", str),
        states=None if states is None else path.parent / states,
        stages=tuple(stage for stage in stages if isinstance(stage, int)),
        leaves=table.take_or("leaves", int, 8),
        knows=one_of(table.take_or("knows", str, "seen"), ("seen", "coming"), table.place, "knows"),
        within_km=table.take_or("within_km", float, 30.0),
        least_share=table.take_or("least_share", float, 0.01),
    )
    table.done()
    if len(asked.stages) < len(stages) or asked.leaves < 1:
        raise InvalidRecordError(
            "{place} has stages {stages} and leaves {leaves}; whole months such as [0, 3, 6] and 1 leaf or more were "
            "expected.",
            place=table.place,
            stages=stages,
            leaves=asked.leaves,
        )
    return asked


def _refuse_numbers(order: EnsembleOrder, file: str, *, seconds_too: bool) -> None:
    fits = 0 <= order.gap <= 1 and order.seconds > 0 and 0 <= order.seed < 2**31
    if not fits or (order.work is not None and not 1 <= order.work <= 1000):
        raise InvalidRecordError(
            "{file} asks for gap {gap}, seconds {seconds}, work {work}, seed {seed}; a gap from 0 to 1, seconds above "
            "0, work from 1 to 1000 and a seed of 0 or more were expected.",
            file=file,
            gap=order.gap,
            seconds=order.seconds,
            work=order.work,
            seed=order.seed,
        )
    if seconds_too:
        raise InvalidRecordError(
            "{file} limits each plan by seconds and by work. Keep one: work gives the same plans each time.", file=file
        )
    if order.design != "grid" and not 1 <= order.points <= MOST_SETTINGS:
        raise InvalidRecordError(
            "{file} asks for {points} {points:point|points}; from 1 to {most} were expected.",
            file=file,
            points=order.points,
            most=MOST_SETTINGS,
        )


def settle_axes(order: EnsembleOrder, mission: Mission, norms: Norms) -> tuple[AxisAsked, ...]:
    """Refuse axes and values that cannot be; return the axes with what form their values take."""
    more = {**OPTION_AXES, **(TREE_AXES if order.tree else {})}
    settled = []
    for axis in order.axes:
        if axis.name in TREE_AXES and not order.tree:
            raise InvalidRecordError(
                "Axis '{axis}' changes the tree of futures, but the file has no [tree]. Write [tree] with the folder "
                'of a forecast: forecast = "DIR".',
                axis=axis.name,
            )
        known = axis_of(axis.name, mission, more)
        form = known.kind if known else _form_of_norm(norms, axis.name.removeprefix(NORM))
        if form == "text" and not axis.values:
            raise InvalidRecordError("Axis '{axis}' has texts; give them as values.", axis=axis.name)
        low, high = (round(axis.low), round(axis.high)) if form == "whole" else (axis.low, axis.high)
        asked = AxisAsked(axis.name, axis.values, low, high, axis.steps, form)
        for value in axis.values or (in_form(axis.low, form), in_form(axis.high, form)):
            if known:
                check_value(axis.name, value, mission, more)
            else:
                norms.with_amendments({axis.name.removeprefix(NORM): value})
        settled.append(asked)
    return tuple(settled)


def _form_of_norm(norms: Norms, key: str) -> Literal["number", "whole", "money", "text"]:
    measure = MEASURES[norms.norm(key).unit]
    if measure.choices:
        return "text"
    return "money" if measure.money else "whole" if measure.whole else "number"


def in_form(value: float, form: str) -> Value:
    """Write a number as an axis takes it: whole, as an amount of money, or with six figures.

    Examples
    --------
    >>> in_form(0.123456789, "number"), in_form(3.2, "whole"), in_form(1428.456, "money")
    (0.123457, 3, '1428.46')
    """
    if form == "whole":
        return round(value)
    return f"{value:.2f}" if form == "money" else float(f"{value:.6g}")
