"""Compute the tables of the mission Darfur 2017 from the data beside the project and `darfur_2017.toml`.

    python scripts/compute_darfur_2017.py [SHARED] [--check]

SHARED holds `data/` and `facts/` (default: `../shared` beside the repository). The tables go to
`bluehelm/data/missions/darfur_2017/`; with --check nothing is written and differences are named.

Rules, all of them planning assumptions and said so in the rows:

1. A death is put in the area nearest to its place (UCDP where_prec 1-3). Deaths known only by state or by a wide
   stretch (where_prec 4 and above) are spread over the areas of that state by population, so that no false area arises.
2. Expected deaths per month = Σ w(y)·deaths(y) / (12·Σ w(y)) + prior · population, over the years 2012-2016,
   with w(y) = 0.5 ** (months from the middle of the year to 2017-01 / half-life); half-life and prior are norms.
3. Population = town or camp as listed + an equal part of what remains of the former state's people (camps: none).
4. Fixed cost (in mission.toml) = what the mission spent in the 18 months, less what its blocks, sites and departures
   would have cost by our norms had it shrunk evenly from ceiling to ceiling, per month.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from darfur_2017_inputs import ROWS, deployment_map, read_csv
from darfur_2017_money import budget, fixed_cost_usd_per_month
from darfur_2017_places import sites
from darfur_2017_units import units
from darfur_2017_violence import areas, hindsight_violence

from bluehelm.mission.bulk import ViolenceRow
from bluehelm.mission.records import Area, BudgetLine, Closure, Pledge, Site, Unit
from bluehelm.mission.tables import table_text

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / "bluehelm" / "data" / "missions" / "darfur_2017"


def hindsight_closures(shared: Path) -> list[Closure]:
    """Return what the mission did with its sites, for the sites that are on the map, and Golo."""
    ids = {row.get("fact_name", row["name"]): row["site_id"] for row in ROWS["site"]}
    made = []
    for fact in read_csv(shared / "facts/darfur_2017.csv"):
        if fact["item"] != "closed" or fact["value"] not in ids:
            continue
        made.append(
            Closure(
                site_id=ids[fact["value"]],
                deed="closed",
                done_on=date.fromisoformat(fact["date"]),
                source="closures_2017",
                status=fact["status"],
                note=f"{fact['note']} ({fact['source']})",
            )
        )
    for row in ROWS["opened"]:
        made.append(
            Closure(
                site_id=row["site_id"],
                deed="opened",
                done_on=date.fromisoformat(row["done_on"]),
                source=row["source"],
                status="verified",
                note=row["note"],
            )
        )
    return made


def tables(shared: Path) -> dict[str, str]:
    """Compute every table: file name to text."""
    mapped = deployment_map(shared)
    blocks = units(mapped)
    return {
        "areas.csv": table_text(areas(shared, mapped), Area),
        "sites.csv": table_text(sites(mapped, blocks), Site),
        "units.csv": table_text(blocks, Unit),
        "pledges.csv": table_text([], Pledge),
        "budget.csv": table_text(budget(), BudgetLine),
        "hindsight_closures.csv": table_text(hindsight_closures(shared), Closure),
        "hindsight_violence.csv": table_text(hindsight_violence(shared, mapped), ViolenceRow),
    }


def main(words: list[str]) -> int:
    """Write the tables, or say how the shipped ones differ."""
    given = [word for word in words if word != "--check"]
    shared = Path(given[0]) if given else REPOSITORY.parent / "shared"
    computed = tables(shared)
    if "--check" in words:
        differ = [name for name, text in computed.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
        print("\n".join(f"{name} differs from what the data give." for name in differ) or "All tables are as computed.")
        return 1 if differ else 0
    mapped = deployment_map(shared)
    fixed_usd = fixed_cost_usd_per_month(units(mapped), sites(mapped, units(mapped)))
    print(f"mission.toml should say fixed_cost_usd_per_month = {fixed_usd}")
    for name, text in computed.items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
        print(f"{name}: {text.count(chr(10)) - 1} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
