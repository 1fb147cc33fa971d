"""What a unit costs: each part by itself, so that an answer unfolds down to its norms.

Formed police units are paid like military contingents; individual police officers, observers and staff officers by
their own rate; civilians by theirs. What a whole mission pays whatever its units do is
`fixed_cost_usd_per_person_month`, and what a site costs is in the norms of its kind: neither is in these prices.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bluehelm.mission.unit_type import UnitType
from bluehelm.norms.norms import Norms
from bluehelm.norms.rules import rule

NOTHING = Decimal(0)


def paid_as(unit_type: UnitType, norms: Norms, on: date) -> str:
    """Say by which rates a unit is paid: contingent, individual or civilian."""
    return str(norms.value(f"paid_as.{unit_type.unit_type}", on))


@rule(unit="USD/month", uses=("personnel_reimbursement_usd_per_person_month",))
def monthly_reimbursement_usd(persons: int, norms: Norms, on: date) -> Decimal:
    """Owed to a contributing country for one month of its persons."""
    return persons * norms.amount("personnel_reimbursement_usd_per_person_month", on)


@rule(unit="USD/month", uses=("equipment_usd_per_person_month",))
def monthly_equipment_usd(persons: int, norms: Norms, on: date) -> Decimal:
    """Owed for contingent-owned equipment and self-sustainment."""
    return persons * norms.amount("equipment_usd_per_person_month", on)


@rule(unit="USD/month", uses=("rations_usd_per_person_month",))
def monthly_rations_usd(persons: int, norms: Norms, on: date) -> Decimal:
    """Food and water of contingents; others pay theirs from their own rate."""
    return persons * norms.amount("rations_usd_per_person_month", on)


@rule(unit="USD/month", uses=("rotation_usd_per_person_month",))
def monthly_rotation_usd(persons: int, norms: Norms, on: date) -> Decimal:
    """Exchange of a contingent's persons while the unit stays; that of individuals is in their subsistence."""
    return persons * norms.amount("rotation_usd_per_person_month", on)


@rule(unit="USD/month", uses=("fuel_usd_per_person_month",))
def monthly_fuel_usd(persons: int, norms: Norms, on: date) -> Decimal:
    """Fuel of vehicles and generators; that of aircraft is in their hire."""
    return persons * norms.amount("fuel_usd_per_person_month", on)


@rule(unit="USD/month", uses=("aircraft_usd_per_month",))
def monthly_aircraft_usd(aircraft: int, norms: Norms, on: date) -> Decimal:
    """Hire and hours of the aircraft of a unit."""
    return aircraft * norms.amount("aircraft_usd_per_month", on) if aircraft else NOTHING


@rule(unit="USD/month", uses=("individual_police_usd_per_person_month",))
def monthly_subsistence_usd(persons: int, norms: Norms, on: date) -> Decimal:
    """Subsistence and travel of police officers, observers and staff officers who come one by one."""
    return persons * norms.amount("individual_police_usd_per_person_month", on)


@rule(unit="USD/month", uses=("civilian_usd_per_person_month",))
def monthly_civilians_usd(persons: int, norms: Norms, on: date) -> Decimal:
    """Salaries and common staff costs of a civilian team."""
    return persons * norms.amount("civilian_usd_per_person_month", on)


@rule(
    unit="USD/month",
    uses=("fuel_litres_per_person_month", "fuel_usd_per_litre", "fuel_usd_per_litre_km"),
)
def monthly_delivered_fuel_usd(persons: int, road_km: Decimal, norms: Norms, on: date) -> Decimal:
    """Fuel delivered so many kilometres by road: for a budget by route, in place of the flat price of fuel.

    The planner does not know routes of supply, so a plan is made with the flat price.
    """
    litres = persons * Decimal(str(norms.value("fuel_litres_per_person_month", on)))
    per_litre = norms.amount("fuel_usd_per_litre", on) + road_km * norms.amount("fuel_usd_per_litre_km", on)
    return litres * per_litre


def monthly_parts_usd(unit_type: UnitType, persons: int, norms: Norms, on: date) -> dict[str, Decimal]:
    """Price one unit in theatre for one month, part by part, in the order of a budget."""
    aircraft = monthly_aircraft_usd(unit_type.aircraft, norms, on)
    group = paid_as(unit_type, norms, on)
    if group == "civilian":
        return {"aircraft": aircraft, "civilians": monthly_civilians_usd(persons, norms, on)}
    fuel = monthly_fuel_usd(persons, norms, on)
    if group == "individual":
        return {"aircraft": aircraft, "fuel": fuel, "subsistence": monthly_subsistence_usd(persons, norms, on)}
    return {
        "aircraft": aircraft,
        "fuel": fuel,
        "reimbursement": monthly_reimbursement_usd(persons, norms, on),
        "equipment": monthly_equipment_usd(persons, norms, on),
        "rations": monthly_rations_usd(persons, norms, on),
        "rotation": monthly_rotation_usd(persons, norms, on),
    }


@rule(unit="USD/month", uses=("paid_as.*",))
def monthly_unit_cost_usd(unit_type: UnitType, persons: int, norms: Norms, on: date) -> Decimal:
    """Cost of one unit in theatre for one month."""
    return sum(monthly_parts_usd(unit_type, persons, norms, on).values(), NOTHING)


@rule(unit="USD", uses=("paid_as.*", "deployment_usd_per_person", "individual_travel_usd_per_person"))
def deployment_cost_usd(unit_type: UnitType, persons: int, norms: Norms, on: date) -> Decimal:
    """Bring a unit from home: persons and, for contingents, their equipment."""
    return persons * norms.amount(_journey(unit_type, "deployment_usd_per_person", norms, on), on)


@rule(unit="USD", uses=("paid_as.*", "repatriation_usd_per_person", "individual_travel_usd_per_person"))
def repatriation_cost_usd(unit_type: UnitType, persons: int, norms: Norms, on: date) -> Decimal:
    """Bring a unit home: persons and, for contingents, their equipment."""
    return persons * norms.amount(_journey(unit_type, "repatriation_usd_per_person", norms, on), on)


def _journey(unit_type: UnitType, contingent_key: str, norms: Norms, on: date) -> str:
    contingent = paid_as(unit_type, norms, on) == "contingent"
    return contingent_key if contingent else "individual_travel_usd_per_person"


@rule(unit="USD", uses=("move_usd_per_person",))
def move_cost_usd(unit_type: UnitType, persons: int, norms: Norms, on: date) -> Decimal:
    """Move a unit from one site of the mission to another."""
    return persons * norms.amount("move_usd_per_person", on)
