"""What a report tells beside the plan: results that other rooms worked out and the journey hands in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from bluehelm.words import say

if TYPE_CHECKING:
    from bluehelm.adaptation.policy import Policy


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence kept with its values, and said only when read, in the language of that moment."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self.message, **{name: str(value) for name, value in self.values.items()})


def tell(message: str, **values: object) -> Told:
    """Keep a sentence for a report in several languages; the catalogue finds it here as it finds `say`.

    Examples
    --------
    >>> str(tell("{count} sites close.", count=11))
    '11 sites close.'
    """
    return Told(message, values)


Text = str | Told
"""A text of the report. A plain `str` is looked up in the catalogue as it stands, and shown as it is if unknown."""


def read(text: Text) -> str:
    """Return a text in the language in use."""
    return str(text) if isinstance(text, Told) else say(text) if text else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Yardstick:
    """A simple rule, or what the mission itself did, measured as the plan is.

    name "plan" is the plan itself. hindsight_share_within_reach: share of the violence that came later and lay
    within reach of what stood there then; None where nothing is known of it.
    """

    name: str
    title: Text
    protected_share: float
    protected_deaths: float
    cost_usd: float
    moves: float
    sites_closed: tuple[str, ...] = ()
    hindsight_share_within_reach: float | None = None
    unmet_hours: float | None = None
    unmet_share: float | None = None
    note: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """What changes when one unverified norm stands at its low or its high end and the mission is planned again."""

    norm_key: str
    unit: str
    value: object
    low: object
    high: object
    status: str
    protected_share_low: float
    protected_share_base: float
    protected_share_high: float
    cost_low: float
    cost_base: float
    cost_high: float
    closures_changed_low: int
    closures_changed_high: int
    reason: Text = ""
    sentence: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NormUse:
    """A norm that the plan rests on, as it stood on the first day planned."""

    key: str
    unit: str
    value: object
    status: str
    source: str
    reason: Text = ""
    low: object = None
    high: object = None
    meaning: Text = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme of the founding documents, and whether this version models it."""

    title: Text
    modelled: Literal["yes", "partly", "no"]
    sentence: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GapItem:
    """Something to ask for at the next pledging conference, with what it would buy."""

    what: Text
    where: Text
    first_month: str
    amount: float
    unit: Text
    buys: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportExtras:
    """Everything a report can tell beside its plan; each part may be empty and is then said to be missing.

    policy: of a plan that was asked to decide for a whole tree; None for any other. It has a file of its own.
    """

    yardsticks: tuple[Yardstick, ...] = ()
    sensitivities: tuple[Sensitivity, ...] = ()
    norms_used: tuple[NormUse, ...] = ()
    themes: tuple[Theme, ...] = ()
    notes: tuple[Text, ...] = ()
    gap_list: tuple[GapItem, ...] = ()
    closure_reasons: Mapping[str, Text] = field(default_factory=dict)
    policy: Policy | None = None

    def meaning_of(self, norm_key: str) -> str:
        """Say what a norm is in words, with what it is for where it has several values; blank if not known."""
        found = next((read(norm.meaning) for norm in self.norms_used if norm.key == norm_key), "")
        part = _part(norm_key)
        if not found or not part or part.lower() in found.lower():
            return found
        return say("{name} ({size})", name=found, size=part)


def _part(norm_key: str) -> str:
    """Write what follows the dot of a key (`site_run_usd_per_month.company_base`) as words."""
    words = norm_key.partition(".")[2].replace("_", " ")
    return say(words[:1].upper() + words[1:]) if words else ""
