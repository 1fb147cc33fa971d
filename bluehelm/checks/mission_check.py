"""Faults that show only beside norms and ground: what cannot leave, arrive, be paid for or be reached."""

from __future__ import annotations

from pathlib import Path

from bluehelm.checks.mission_ground import ground_faults
from bluehelm.checks.mission_limits import limit_faults
from bluehelm.checks.mission_money import money_faults
from bluehelm.checks.mission_names import name_faults
from bluehelm.checks.mission_restrictions import restriction_faults
from bluehelm.checks.mission_subject import Subject
from bluehelm.errors import BluehelmError
from bluehelm.mission.faults import Fault
from bluehelm.mission.folder import find_faults
from bluehelm.mission.mission import Mission
from bluehelm.norms import Norms, load_norms


def check_mission(mission: Mission, norms: Norms) -> tuple[Fault, ...]:
    """List every fault of a mission that was read without errors; lines are those of the folder as it is written."""
    subject = Subject(mission, norms)
    families = (name_faults, restriction_faults, limit_faults, money_faults, ground_faults)
    return tuple(fault for family in families for fault in family(subject))


def check_folder(path: Path | str) -> tuple[Mission | None, tuple[Fault, ...]]:
    """Read a mission folder and list every fault of any kind; the mission is None where one is an error."""
    mission, faults = find_faults(path)
    if mission is None:
        return None, faults
    faults += amendment_faults(mission) or check_mission(mission, load_norms(mission.amendments))
    return (None if any(fault.grade == "error" for fault in faults) else mission), faults


def amendment_faults(mission: Mission) -> tuple[Fault, ...]:
    """List what-ifs that cannot be laid over the norms."""
    together = _trouble(dict(mission.amendments))
    if together is None:
        return ()
    # Laid over the norms one by one, each tells its own fault; some only clash with each other.
    alone = {key: _trouble({key: value}) for key, value in mission.amendments.items()}
    told = {key: trouble for key, trouble in alone.items() if trouble} or {"amendments": together}
    return tuple(
        Fault(
            "error",
            "mission.toml",
            trouble.message,
            "Amendments that the norms can take were expected.",
            "Correct the line under [amendments], or take it out.",
            column=key,
            value=str(mission.amendments.get(key, "")),
            values=trouble.values,
        )
        for key, trouble in told.items()
    )


def _trouble(amendments: dict[str, object]) -> BluehelmError | None:
    try:
        load_norms(amendments)
    except BluehelmError as trouble:
        return trouble
    return None
