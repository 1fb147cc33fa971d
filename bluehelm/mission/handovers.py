"""A mission whose handovers go as badly, as planned, or as well as their range allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, get_args

from bluehelm.errors import InvalidRecordError, nearest
from bluehelm.mission.mandate import Handover
from bluehelm.mission.mission import Mission

Growth = Literal["low", "full", "high"]
GROWTHS: tuple[Growth, ...] = get_args(Growth)


def with_handover_at(mission: Mission, growth: Growth) -> Mission:
    """Return the mission with every handover at one end of its range.

    Parameters
    ----------
    mission : Mission
    growth : "low", "full" or "high"
        Actors end at share_low, share_full or share_high. None begins with more than it ends with.

    Returns
    -------
    Mission, whose handovers have this share as share_full, share_low and share_high

    Raises
    ------
    InvalidRecordError
        If growth is another word.
    """
    if growth not in GROWTHS:
        raise InvalidRecordError(
            "Handovers have no growth '{given}'; one of {known} was expected. Nearest: '{nearest}'.",
            given=growth,
            known=", ".join(GROWTHS),
            nearest=nearest(growth, GROWTHS) or GROWTHS[1],
        )
    moved = tuple(_at(handover, getattr(handover, f"share_{growth}")) for handover in mission.mandate.handover)
    return replace(mission, mandate=replace(mission.mandate, handover=moved)) if moved else mission


def _at(handover: Handover, share: float) -> Handover:
    start = min(handover.share_start, share)
    return replace(handover, share_start=start, share_full=share, share_low=share, share_high=share)
