"""A plan's cost in sentences: total, groups, years, variance, what is not verified, and how it reconciles."""

from __future__ import annotations

from decimal import Decimal

from bluehelm.finance.budget import YearOfBudget
from bluehelm.finance.parts import GROUPS
from bluehelm.finance.priced_plan import PricedPlan
from bluehelm.finance.variance import Variance, Yardstick, years_left_out
from bluehelm.reports.finance.cost_names import group_name, part_name
from bluehelm.reports.numbers import decimal, listing, money, percent, together, whole
from bluehelm.reports.section import Line, Summary, Tile
from bluehelm.words import say

NOT_WORTH_TELLING = 0.0005
WORTH_NAMING = Decimal("0.1")


def exactly(usd: Decimal) -> str:
    """Write an amount to the cent.

    Examples
    --------
    >>> exactly(Decimal("1419551190"))
    'USD 1,419,551,190.00'
    """
    return say("USD {amount}", amount=f"{usd:,.2f}".replace("-", "−"))


def summary_of_cost(priced: PricedPlan) -> Summary:
    """Tell what a plan costs on one page."""
    budget, protected = priced.budget, priced.budget.protected
    total = budget.amount()
    tiles = (
        Tile(money(float(total)), say("Cost of the plan"), futures_told(priced)),
        Tile(
            money(float(protected.cost_per_point_usd)) if protected.cost_per_point_usd else "–",
            say("For each percentage point of harm answered"),
            say("{share} of the harm expected is answered", share=percent(protected.share)),
        ),
        Tile(
            percent(float(budget.unverified_usd / total)) if total else "–",
            say("Rests on norms that are not verified"),
            say("Flagged line by line"),
        ),
    )
    lines = [
        Line(say("Cost"), together(say("{total} for the months planned.", total=exactly(total)), futures_told(priced))),
        *(Line(group_name(group), _group(priced, group)) for group in GROUPS),
        Line(say("Fiscal years"), together(*(year_told(priced, year) for year in budget.years))),
        Line(say("Protection"), protection_told(priced)),
        Line(say("Not verified"), unverified_told(priced)),
        Line(say("Reconciled"), reconciled_told(priced)),
        Line(say("Fuel"), fuel_told(priced)),
        Line(say("Rotation"), rotation_told(priced)),
    ]
    against = variance_lines(priced, in_total=True)
    if against:
        lines.append(Line(say("Variance"), together(*against)))
    return Summary(
        say("Cost of {mission}", mission=priced.plan.mission.setting.name),
        say("By the norms in force in each month; amounts in US dollars of the day"),
        tiles,
        tuple(lines),
    )


def futures_told(priced: PricedPlan) -> str:
    """Say whether amounts are expectations, and of how many futures."""
    count = priced.budget.futures
    if count == 1:
        return say("The plan has one future.")
    return say("The mean over {count} futures, each by its chance.", count=count)


def _group(priced: PricedPlan, group: str) -> str:
    amount, total = priced.budget.amount(group=group), priced.budget.amount()
    parts = sorted({row.part for row in priced.budget.rows if row.group == group})
    most = sorted(parts, key=lambda part: -priced.budget.amount(group=group, part=part))[:2]
    return say(
        "{amount}, {share} of the whole; most of it {parts}.",
        amount=money(float(amount)),
        share=percent(float(amount / total)) if total else "–",
        parts=listing(part_name(part) for part in most) or "–",
    )


def year_told(priced: PricedPlan, year: YearOfBudget) -> str:
    """Say what a fiscal year costs, that it is partial if it is, and how futures differ."""
    amount = money(float(priced.budget.amount(year.fiscal_year)))
    if year.partial:
        told = say(
            "{year}: {amount} (partial: {months} of 12 months are planned).",
            year=year.fiscal_year,
            amount=amount,
            months=year.months,
        )
    else:
        told = say("{year}: {amount}.", year=year.fiscal_year, amount=amount)
    if year.least_usd == year.most_usd:
        return told
    span = say(
        "Between futures it runs from {least} to {most}.",
        least=money(float(year.least_usd)),
        most=money(float(year.most_usd)),
    )
    return together(told, span)


def protection_told(priced: PricedPlan) -> str:
    """Say what the money buys."""
    protected = priced.budget.protected
    if protected.cost_per_point_usd is None or protected.cost_per_death_usd is None:
        return say("No harm is expected, or none is answered: no cost can be set beside it.")
    return say(
        "{share} of {deaths} expected deaths are answered: {point} for each percentage point, {death} for each "
        "expected death. This is the average of all that is spent, not the price of one more.",
        share=percent(protected.share),
        deaths=whole(protected.deaths) if protected.deaths >= 10 else decimal(protected.deaths),
        point=money(float(protected.cost_per_point_usd)),
        death=exactly(protected.cost_per_death_usd),
    )


def unverified_told(priced: PricedPlan) -> str:
    """Say how much rests on norms that are recalled or assumed, and on which parts most of it lies."""
    total, unverified = priced.budget.amount(), priced.budget.unverified_usd
    by_part: dict[str, Decimal] = {}
    for row in priced.budget.rows:
        by_part[row.part] = by_part.get(row.part, Decimal(0)) + row.unverified_usd
    most = sorted((part for part, usd in by_part.items() if usd), key=lambda part: -by_part[part])[:3]
    return say(
        "{amount} ({share}) rest on norms that are recalled or assumed, most of it {parts}.",
        amount=money(float(unverified)),
        share=percent(float(unverified / total)) if total else "–",
        parts=listing(part_name(part) for part in most) or "–",
    )


def reconciled_told(priced: PricedPlan) -> str:
    """Say how the lines hold against the plan's own cash, and what makes the budget differ from it."""
    apart = max(abs(node.planned_usd - node.cash_usd) for node in priced.nodes)
    change = sum((node.price_change_usd * Decimal(repr(node.probability)) for node in priced.nodes), Decimal(0))
    return say(
        "At the plan's own prices, those of {month}, {lines} lines agree with its table of cash in every node: the "
        "largest difference is {apart} (allowed: {allowed}). Rates that change later and any what-if add {change}.",
        month=priced.plan.mission.setting.first_month,
        lines=f"{len(priced.lines):,}",
        apart=exactly(apart),
        allowed=exactly(max(node.tolerance_usd for node in priced.nodes)),
        change=exactly(change),
    )


def fuel_told(priced: PricedPlan) -> str:
    """Say how fuel is priced."""
    if priced.order.fuel_by_route:
        return say(
            "Priced by the road to each site (assumed norms). The planner does not price it so: it takes the flat "
            "price, with which the plan was made."
        )
    return say("Priced flat for each person, as the planner does.")


def rotation_told(priced: PricedPlan) -> str:
    """Say what rotation costs, and that it stands elsewhere while it is nothing."""
    amount = priced.budget.amount(part="rotation")
    if amount:
        return say("{amount} by its norm.", amount=exactly(amount))
    return say(
        "USD 0.00 by its norm: rotation is held in the fixed cost, and priced by itself once "
        "rotation_usd_per_person_month is given."
    )


def variance_lines(priced: PricedPlan, in_total: bool = False) -> list[str]:
    """Tell the variance of each year, by group unless only `in_total`; and the years that only one side has."""
    if priced.against is None:
        return []
    told = [variance_told(row, priced.against) for row in priced.variances if not (in_total and row.group)]
    alone = years_left_out(priced.budget, priced.against, priced.variances)
    if alone:
        told.append(
            say(
                "Not compared, because only one of the two has them: {years}.",
                years=listing(alone, most=6),
            )
        )
    return told


def variance_told(row: Variance, against: Yardstick) -> str:
    """Tell one variance in a sentence: how much, of what, and which parts make it."""
    other = {
        "plan": say("in plan '{label}'", label=against.label),
        "own": say("appropriated in the mission's budget"),
    }.get(against.kind) or say("in '{label}'", label=against.label)
    measure = against.measures.get(row.fiscal_year, "")
    if measure:
        other = say("{where} ({measure})", where=other, measure=measure)
    difference = row.difference_usd
    if row.share is not None and abs(row.share) < NOT_WORTH_TELLING:
        told = say(
            "{year}, {group}: {amount}, as {other}.", year=row.fiscal_year, group=group_name(row.group),
            amount=money(float(row.amount_usd)), other=other,
        )  # fmt: skip
    else:
        message = (
            "{year}, {group}: {amount}, {difference} ({share}) more than the {base} {other}."
            if difference > 0
            else "{year}, {group}: {amount}, {difference} ({share}) less than the {base} {other}."
        )
        told = say(
            message,
            year=row.fiscal_year,
            group=group_name(row.group),
            amount=money(float(row.amount_usd)),
            difference=money(abs(float(difference))),
            share="–" if row.share is None else percent(abs(row.share)),
            base=money(float(row.other_usd)),
            other=other,
        )
    why = ""
    drivers = [(part, usd) for part, usd in row.drivers if abs(usd) >= WORTH_NAMING * abs(difference)]
    if against.parts and drivers and difference:
        why = say(
            "Most of it: {parts}.",
            parts=listing(f"{part_name(part)} {_signed_millions(usd)}" for part, usd in drivers),
        )
    span = ""
    if row.months != row.other_months:
        span = say(
            "The plan has {months} of the year's months, the other {others}: they are not the same span.",
            months=row.months,
            others=row.other_months,
        )
    return together(told, why, span)


def _signed_millions(usd: Decimal) -> str:
    sign = "+" if usd > 0 else "−"
    return sign + money(abs(float(usd)))
