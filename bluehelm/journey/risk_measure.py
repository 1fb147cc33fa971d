"""Over which futures harm is measured: all of them, the worst share, or the worst alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, get_args

from bluehelm.errors import InvalidRecordError
from bluehelm.mission.mission import Mission
from bluehelm.planning.timeline import timeline_of
from bluehelm.reports.extras import Text, tell
from bluehelm.reports.numbers import percent

Risk = Literal["mean", "cvar", "worst"]
RISKS: tuple[Risk, ...] = get_args(Risk)


def check_measure(risk: Risk | None, tail: float) -> None:
    """Refuse options that contradict each other.

    Raises
    ------
    InvalidRecordError
        If the measure is unknown, or measure and tail say different things.
    """
    if risk is not None and risk not in RISKS:
        raise InvalidRecordError("risk is '{risk}'; one of {known} was expected.", risk=risk, known=", ".join(RISKS))
    if not 0 <= tail < 1:
        raise InvalidRecordError("tail is {tail}; a share from 0 to below 1 was expected.", tail=tail)
    if risk == "mean" and tail:
        raise InvalidRecordError(
            "--risk mean measures harm over all futures, and --tail {tail} leaves some out. Leave out one of them.",
            tail=f"{tail:g}",
        )
    if risk == "worst" and tail:
        raise InvalidRecordError(
            "--risk worst measures harm in the worst future alone, and --tail {tail} over a share of them. Leave out "
            "one of them.",
            tail=f"{tail:g}",
        )
    if risk == "cvar" and not tail:
        raise InvalidRecordError(
            "--risk cvar needs the share of futures to leave out, the mildest. Add --tail, such as --tail 0.8 for the "
            "worst fifth."
        )


def tail_of(mission: Mission, risk: Risk | None, tail: float) -> float:
    """Return the share of the futures, the mildest, that is left out when harm is measured.

    For the worst future alone it is 1 - the smallest chance of a future: CVaR is then the mean over a chance that the
    worst future has by itself, which is its harm.

    Raises
    ------
    InvalidRecordError
        If measure and tail contradict each other.
    """
    check_measure(risk, tail)
    if risk != "worst":
        return tail
    line = timeline_of(mission)
    chances = line.probability[line.leaf]
    return 1.0 - float(min((chance for chance in chances if chance > 0), default=1.0))


def measure_told(risk: Risk | None, tail: float) -> Iterator[Text]:
    """Say in the report which measure was used, where it was asked for or is not the mean."""
    if risk == "worst":
        yield tell(
            "Harm is measured at the end of the horizon, in the worst future alone: the one in which most harm is not "
            "answered."
        )
    elif tail:
        yield tell(
            "Harm is measured at the end of the horizon, over the worst {share} of the futures (CVaR), not over all.",
            share=percent(1 - tail),
        )
    elif risk == "mean":
        yield tell("Harm is measured as the mean over all futures, each counted by its chance.")
