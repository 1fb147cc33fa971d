"""Money of Darfur 2017: budget lines, and the fixed cost that its spending leaves."""

from __future__ import annotations

from decimal import Decimal

from darfur_2017_inputs import FIRST_DAY, ROWS

from bluehelm.mission.months import Month
from bluehelm.mission.records import BudgetLine, Site, Unit
from bluehelm.norms.norms import load_norms
from bluehelm.norms.unit_price import monthly_unit_cost_usd, repatriation_cost_usd


def budget() -> list[BudgetLine]:
    """Return appropriations, receipts and limits."""
    lines = []
    years = ROWS["appropriation"]
    first, last = Month.parse(years[0]["first_month"]), Month.parse(years[-1]["last_month"])
    month_usd = Decimal(years[0]["year_usd"]) / 12
    for year in years:
        run = {"first_month": Month.parse(year["first_month"]), "last_month": Month.parse(year["last_month"])}
        approved = (year["year_usd"] * Decimal(year["share"])).quantize(Decimal(1))
        lines.append(
            BudgetLine(
                kind="appropriation",
                amount_usd=approved,
                source=year["source"],
                status=year["status"],
                note=year["note"],
                **run,
            )
        )
        lines.append(
            BudgetLine(
                kind="receipt",
                amount_usd=(approved / (run["last_month"] - run["first_month"] + 1)).quantize(Decimal("0.01")),
                source="planner",
                status="assumed",
                note=f"One twelfth of the amount of {year['fiscal_year']} each month; real payments come unevenly.",
                **run,
            )
        )
    limits = {
        "opening_cash": (ROWS["money"]["opening_cash_months"], "Cash in hand"),
        "owed_limit": (ROWS["money"]["owed_limit_months"], "Most that may stay owed to contributors"),
        "borrowing_limit": (0, "What may be borrowed from other missions"),
    }
    for kind, (months, meaning) in limits.items():
        amount = (month_usd * months).quantize(Decimal("0.01"))
        lines.append(
            BudgetLine(
                kind=kind,
                first_month=first,
                last_month=first if kind == "opening_cash" else last,
                amount_usd=amount,
                source="planner",
                status="assumed",
                note=f"{meaning}: {months} months of the 2016/17 appropriation; no figure at hand.",
            )
        )
    return lines


def fixed_cost_usd_per_month(units: list[Unit], sites: list[Site]) -> Decimal:
    """Return the part of the spending that no block and no site drives (rule 4), to the next 100,000."""
    norms = load_norms()
    types = norms.unit_types()
    parts = [(types[u.unit_type], u.persons, norms, FIRST_DAY) for u in units]
    blocks_usd = sum((monthly_unit_cost_usd(*part) for part in parts), Decimal(0))
    home_usd = sum((repatriation_cost_usd(*part) for part in parts), Decimal(0))
    kinds = [site.kind for site in sites if site.open_at_start]
    run_usd = sum((norms.amount(f"site_run_usd_per_month.{kind}", FIRST_DAY) for kind in kinds), Decimal(0))
    # Shares of the uniformed strength on the last days of June 2017, December 2017 and June 2018.
    full, middle, last = Decimal(17094), Decimal(11395 + 2888), Decimal(8735 + 2500)
    mean_share = (full + (full + middle) / 2 + (middle + last) / 2) / 3 / full
    closed_sites = 10  # 11 close and one opens in the second half-year: on average 5 fewer in it, 10 fewer after
    saved_usd = norms.amount("site_run_usd_per_month.company_base", FIRST_DAY) * closed_sites / 2
    closing_usd = norms.amount("site_close_usd.company_base", FIRST_DAY) * closed_sites
    leaving_usd = home_usd * (1 - last / full) + closing_usd
    money = ROWS["money"]
    spent_usd = Decimal(money["spent_2016_17_usd"]) / 2 + money["spent_2017_18_usd"]
    exact = (spent_usd - leaving_usd) / 18 - blocks_usd * mean_share - run_usd + saved_usd
    return Decimal(round(exact, -5))
