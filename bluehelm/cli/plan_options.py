"""Options that several commands which plan share, word for word: when to stop, and from which seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from bluehelm.cli.spoken import option

GAP = option(
    "--gap", type=click.FloatRange(0, 1), metavar="SHARE", default=0.01, show_default=True,
    help="Stop when the plan is proven to be this close to the best possible.",
)  # fmt: skip
SEED = option(
    "--seed", type=click.IntRange(0), metavar="N", default=0, show_default=True,
    help="Seed of the solver: the same seed gives the same plan.",
)  # fmt: skip
WORK = option(
    "--work", type=click.IntRange(1), metavar="ROUNDS", default=None,
    help="Stop by rounds of improvement for each goal, not by the clock: the same plan each time.",
)  # fmt: skip


def seconds_of(default: int) -> Callable[[Any], Any]:
    """Make the option of the time that a command takes unless told otherwise."""
    return option(
        "--seconds", type=click.FloatRange(1), metavar="SECONDS", default=default, show_default=True,
        help="Stop after this time with the best plan found.",
    )  # fmt: skip
