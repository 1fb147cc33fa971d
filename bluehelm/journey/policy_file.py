"""The policy of a plan as policy.json in its folder: for machines as data, for people as sentences in each language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bluehelm.adaptation.policy import Policy, Trigger
from bluehelm.adaptation.policy_decisions import Decision
from bluehelm.adaptation.policy_futures import Future, Parting
from bluehelm.adaptation.policy_keep import Keep
from bluehelm.adaptation.policy_observables import Observable
from bluehelm.adaptation.policy_rules import Sign
from bluehelm.errors import PlanFilesError
from bluehelm.mission.plan import Plan
from bluehelm.mission.plan_folder import json_bytes
from bluehelm.reports.policy_words import keep_sentence, trigger_sentence
from bluehelm.reports.reading import Reading
from bluehelm.words import LANGUAGES, speaking

POLICY_FILE = "policy.json"


def policy_bytes(policy: Policy, plan: Plan) -> bytes:
    """Write a policy as JSON; every trigger and every keep carries its sentence in each language."""
    reading, held = Reading(plan), asdict(policy)
    for row, trigger in zip(held["triggers"], policy.triggers, strict=True):
        row["sentence"] = _in_each_language(lambda one=trigger: trigger_sentence(reading, one))
    for row, keep in zip(held["keeps"], policy.keeps, strict=True):
        row["sentence"] = _in_each_language(lambda one=keep: keep_sentence(reading, one))
    proof = {tier.name: {"objective": tier.objective, "bound": tier.bound, "gap": tier.gap} for tier in plan.tiers}
    made_from = {"input_hash": plan.input_hash, "provenance": dict(plan.provenance), "tiers": proof}
    return json_bytes({"read_from": made_from, **held})


def _in_each_language(told: Any) -> dict[str, str]:
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = told()
    return found


def read_policy(folder: Path) -> Policy | None:
    """Read the policy of a plan folder; None where the plan was not made with one.

    Raises
    ------
    PlanFilesError
        If the file is not as we wrote it.
    """
    path = folder / POLICY_FILE
    if not path.is_file():
        return None
    try:
        held = json.loads(path.read_bytes())
        return Policy(
            futures=tuple(Future(**row) for row in held["futures"]),
            tail=float(held["tail"]),
            courses=int(held["courses"]),
            partings=tuple(_parting(row) for row in held["partings"]),
            triggers=tuple(_trigger(row) for row in held["triggers"]),
            keeps=tuple(_keep(row) for row in held["keeps"]),
            knows_before=bool(held["knows_before"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise PlanFilesError(
            "'{file}' of a plan cannot be read: {reason}. Restore the file, or plan the mission again.",
            file=str(path),
            reason=repr(trouble),
        ) from trouble


def _parting(row: Mapping[str, Any]) -> Parting:
    return Parting(**{**row, "ways": tuple(tuple(way) for way in row["ways"])})


def _trigger(row: Mapping[str, Any]) -> Trigger:
    given = {name: value for name, value in row.items() if name != "sentence"}
    signs = tuple(_sign(sign) for sign in row["signs"])
    also = _sign(row["also"]) if row["also"] else None
    return Trigger(**{**given, "decision": Decision(**row["decision"]), "signs": signs, "also": also})


def _sign(row: Mapping[str, Any]) -> Sign:
    return Sign(Observable(**row["observable"]), row["above"], row["threshold"])


def _keep(row: Mapping[str, Any]) -> Keep:
    given = {name: value for name, value in row.items() if name != "sentence"}
    return Keep(**{**given, "units": tuple((kind, count) for kind, count in row["units"])})
