"""A policy in words: signs, deeds and what is kept, as sentences that a mission leader can use."""

from __future__ import annotations

from bluehelm.adaptation.policy import Trigger
from bluehelm.adaptation.policy_keep import Keep
from bluehelm.adaptation.policy_observables import Observable
from bluehelm.adaptation.policy_rules import Sign
from bluehelm.reports.names import component_name, spoken_name, unit_type_name
from bluehelm.reports.numbers import chance, listing, month_name
from bluehelm.reports.reading import Reading
from bluehelm.words import say


def trigger_sentence(reading: Reading, trigger: Trigger) -> str:
    """Say when a decision is taken."""
    month, deed = month_name(trigger.month), deed_words(reading, trigger)
    if trigger.signs:
        signs = [sign_words(reading, sign, trigger) for sign in trigger.signs]
        told = signs[0] if len(signs) == 1 else say("{first} and {second}", first=signs[0], second=signs[1])
        values = {"signs": told, "deed": deed, "month": month, "share": chance(trigger.agreement)}
        if trigger.agreement_held_back is None:
            return say("If {signs}, {deed} in {month} (holds in {share} of the futures it is read from).", **values)
        return say("If {signs}, {deed} in {month} (holds in {share} of the futures it is read from; found without "
                   "them, in {unseen}).", **values, unseen=chance(trigger.agreement_held_back))  # fmt: skip
    if trigger.everywhere:
        return say("{month}, in every future: {deed}.", month=month, deed=deed)
    if trigger.explained:
        return say("{month}, wherever it can still be done: {deed}.", month=month, deed=deed)
    return say("{month}, in {share} of the futures where it can be done: {deed}. No rule on what is then known tells "
               "in which.", month=month, deed=deed, share=chance(trigger.taken))  # fmt: skip


def deed_words(reading: Reading, trigger: Trigger) -> str:
    """Say what is done."""
    decision = trigger.decision
    site = reading.name(decision.to_site) if decision.to_site else ""
    if decision.deed == "open":
        return say("open {site}", site=site)
    if decision.deed == "close":
        return say("close {site}", site=site)
    low, high = trigger.units_low, trigger.units_high
    units = units_words(decision.unit_type, str(low) if low == high else f"{low}–{high}")
    if decision.deed == "move":
        return say("move {units} from {origin} to {site}", units=units, origin=reading.name(decision.from_site),
                   site=site)  # fmt: skip
    if decision.deed == "call":
        return say("call the pledge of {units}", units=units)
    return say("tell {units} to go home", units=units)


def units_words(unit_type: str, count: str) -> str:
    """Name units of a type with their number."""
    return say("{count} × {type}", count=count, type=unit_type_name(unit_type))


def sign_words(reading: Reading, sign: Sign, trigger: Trigger) -> str:
    """Say what is looked for, as the part of a sentence that follows "if"."""
    named = sign.observable
    month, share = month_name(trigger.month), f"{100 * sign.threshold:.10g}%"
    if named.kind == "condition":
        values = {"condition": _condition(reading, named.what), "month": month}
        if sign.above:
            return say("in {month} it holds that “{condition}”", **values)
        return say("in {month} it does not hold that “{condition}”", **values)
    if named.kind == "receipts":
        if sign.above:
            return say("more than {share} of the payments due from {month} on come in", share=share, month=month)
        return say("less than {share} of the payments due from {month} on come in", share=share, month=month)
    if named.kind == "receipts_before":
        if sign.above:
            return say("more than {share} of the payments due before {month} came in", share=share, month=month)
        return say("less than {share} of the payments due before {month} came in", share=share, month=month)
    if named.kind == "ceiling":
        values = {"component": component_name(named.what), "month": month, "persons": number(sign.threshold)}
        if sign.above:
            return say("the ceiling in {month} is above {persons} persons ({component})", **values)
        return say("the ceiling in {month} is below {persons} persons ({component})", **values)
    return _violence(reading, sign, trigger)


def _violence(reading: Reading, sign: Sign, trigger: Trigger) -> str:
    values = {
        "place": place_words(reading, sign.observable), "deaths": number(sign.threshold),
        "month": month_name(trigger.month), "months": trigger.months_before,
    }  # fmt: skip
    if sign.observable.kind == "outlook":
        if sign.above:
            return say("more than {deaths} deaths a month are expected in {place} from {month} on", **values)
        return say("fewer than {deaths} deaths a month are expected in {place} from {month} on", **values)
    if trigger.months_before == 1:
        if sign.above:
            return say("deaths in {place} passed {deaths} in the month before {month}", **values)
        return say("deaths in {place} stayed under {deaths} in the month before {month}", **values)
    if not trigger.months_before:
        if sign.above:
            return say("deaths in {place} passed {deaths} a month in the stage before {month}", **values)
        return say("deaths in {place} stayed under {deaths} a month in the stage before {month}", **values)
    if sign.above:
        return say("deaths in {place} passed {deaths} a month over the {months} months before {month}", **values)
    return say("deaths in {place} stayed under {deaths} a month over the {months} months before {month}", **values)


def place_words(reading: Reading, named: Observable) -> str:
    """Name the area, the zone or all areas that a sign speaks of."""
    if named.place == "zone":
        return say("the zone {zone}", zone=spoken_name(named.what))
    return reading.name(named.what) if named.place == "area" else say("all areas together")


def _condition(reading: Reading, key: str) -> str:
    texts = {one.condition_id: one.text for one in reading.mission.mandate.condition}
    return say(texts[key]) if texts.get(key) else key


def number(value: float) -> str:
    """Write a threshold with the figures it has.

    Examples
    --------
    >>> number(12.0), number(0.35), number(2500.0)
    ('12', '0.35', '2,500')
    """
    return f"{value:,.10g}"


def keep_sentence(reading: Reading, keep: Keep) -> str:
    """Say what stays at a site in every future, and until when."""
    site = reading.name(keep.site_id)
    units = listing(units_words(kind, str(count)) for kind, count in keep.units)
    month = month_name(keep.until) if keep.until else ""
    if keep.payment:
        month = say("the payment of {month} (number {number})", month=month, number=keep.payment)
    if not month:
        if not units:
            return say("Keep {site} open to the end, in every future.", site=site)
        if keep.open:
            return say("Keep {site} open to the end, with at least {units}, in every future.", site=site, units=units)
        return say("Keep at least {units} at {site} to the end, in every future.", site=site, units=units)
    if not units:
        return say("Keep {site} open until {month}, in every future.", site=site, month=month)
    if keep.open:
        return say("Keep {site} open until {month}, with at least {units}, in every future.", site=site, month=month,
                   units=units)  # fmt: skip
    return say("Keep at least {units} at {site} until {month}, in every future.", site=site, month=month, units=units)
