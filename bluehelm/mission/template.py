"""A small mission with every file, to be changed into one's own: invented, explained and ready to be planned."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bluehelm.mission.dictionary import data_dictionary
from bluehelm.mission.new_folder import new_folder
from bluehelm.mission.template_tables import TABLES


def write_template(path: Path | str) -> None:
    """Write the template as a new folder.

    Raises
    ------
    MissionFilesError
        If the folder is there already and not empty, or cannot be written.
    """
    with new_folder(path) as folder:
        for file, text in template_files().items():
            (folder / file).write_text(text, encoding="utf-8", newline="\n")


def template_files() -> Mapping[str, str]:
    """Return the text of every file of the template, by name."""
    return {"mission.toml": MISSION, "mandate.toml": MANDATE, **TABLES, "README.md": README + data_dictionary()}


MISSION = """\
# mission.toml: what is planned, for how long, and where the figures come from.
# Everything in this folder is invented. Change it step by step and run
#     bluehelm mission check .
# after each step: it lists every fault with its line and what to do.

name = "Example 2027"                # short name of what is planned
operation = "EXAMPLE"                # acronym of the operation
title = "A small invented mission in two zones, planned over one year"
countries = ["SDN"]                  # host countries: ISO 3166 alpha-3 codes
first_month = "2027-01"              # months are texts: year-month
months = 12                          # number of months planned
wet_months = [6, 7, 8, 9]            # calendar months in which roads are wet; [] where there are none
mission_model = "protection_of_civilians"   # form of operation, a key of the norms

# Civilian staff and services that no unit or site drives. Amounts of money are texts, so that they stay exact.
fixed_cost_usd_per_month = "900000"
fixed_cost_source = "invented"
fixed_cost_status = "assumed"        # verified, recalled or assumed

licence_note = "Invented figures; free to use."

# Every row of every table names one of these keys in its column 'source'.
[sources]
invented = "Invented for this template; replace it with the documents that your figures come from"

# A what-if: values laid over the norms for this mission only. Take the # away to try one.
[amendments]
# protection_q = 0.4
# "lead_months.2" = 4
"""

MANDATE = """\
# mandate.toml: what the resolution asks, in which order, with which ceilings and conditions.

resolution = "S/RES/0000 (2026)"
adopted_on = 2026-12-15              # days are written without quotation marks
valid_until = 2027-12-31
source = "invented"
status = "assumed"
note = "An invented resolution"

# A benchmark that the Council named. Whatever has when = "ceasefire_holds" waits for it.
# In nodes.csv each future says in which nodes it holds; without nodes.csv it holds from holds_from on.
[[condition]]
condition_id = "ceasefire_holds"
text = "The ceasefire has held for six months in both zones"
holds_from = "2027-07"
source = "invented"
status = "assumed"
note = "Example of a benchmark"

# Most persons in theatre, counted on the last day of each month from from_month on.
[[ceiling]]
component = "military"               # military, police or civilian
persons = 1200
from_month = "2027-01"
source = "invented"
status = "assumed"
note = "Example of a first ceiling"

[[ceiling]]
component = "military"
persons = 1050
from_month = "2027-10"
when = "ceasefire_holds"             # holds only if the condition does
source = "invented"
status = "assumed"
note = "Example of a ceiling that hangs on a benchmark"

[[ceiling]]
component = "police"
persons = 330
from_month = "2027-01"
source = "invented"
status = "assumed"
note = "Example of a ceiling"

[[ceiling]]
component = "civilian"
persons = 60
from_month = "2027-01"
source = "invented"
status = "assumed"
note = "Example of a ceiling"

# Most sites open; hospitals of partners are not counted.
[[site_limit]]
at_most = 5
from_month = "2027-01"
source = "invented"
status = "assumed"
note = "Example of a limit"

# Tasks. Priority 1 is solved first; kind is a key of the task kinds in the norms.
[[task]]
task_id = "protect"
title = "Protect civilians under threat of physical violence"
kind = "protection_of_civilians"
priority = 1
starts = "2027-01"
source = "invented"
status = "assumed"
source_paragraph = "1"
modality = "secure"                  # monitor, assist or secure; may be left out
note = "Example of a task answered by presence"

[[task]]
task_id = "mediate"
title = "Mediate between communities in the eastern zone"
kind = "intercommunal_mediation"
priority = 2
starts = "2027-01"
zones = ["east"]                     # left out: all zones
minimum_share = 0.25                 # share that is met before anything else
source = "invented"
status = "assumed"
source_paragraph = "2"
note = "Example of a task answered by effort"

[[task]]
task_id = "monitor_ceasefire"
title = "Monitor the ceasefire once it holds"
kind = "ceasefire_monitoring"
priority = 2
starts = "2027-04"
when = "ceasefire_holds"
weight = 0.5                         # among tasks of the same priority
demand_hours_per_zone_month = 1500.0 # left out: the norm of its kind
source = "invented"
status = "assumed"
source_paragraph = "3"
note = "Example of a task that waits for a condition"

# Protection of these areas does not fall below a share of the harm expected there.
[[floor]]
share = 0.2
areas = ["adiri"]
from_month = "2027-01"
source = "invented"
status = "assumed"
note = "Example of a floor"

# A named actor takes a share of tasks over: it rises in a straight line from from_month to full_month, then stays.
[[handover]]
handover_id = "mediation_to_country_team"
actor = "United Nations country team"
actor_kind = "un_country_team"       # national_police, national_army, un_country_team, regional_organisation ...
tasks = ["mediate"]
zones = ["east"]                     # left out: all zones
from_month = "2027-07"
full_month = "2027-12"
share_start = 0.1                    # share taken over in from_month
share_full = 0.5                     # share from full_month on
share_low = 0.3                      # share_full if the actor grows less than expected
share_high = 0.6                     # and if it grows more
source = "invented"
status = "assumed"
note = "Example of a handover"
"""

README = """\
# A mission folder

This folder holds one peace operation as small files that any editor or spreadsheet opens. Its people, places, units
and figures are invented; only the coordinates lie in a real country, so that distances and maps work.

    bluehelm mission check .
    bluehelm plan . --out ../plan

| file | what it holds |
| --- | --- |
| `mission.toml` | what is planned and for how long, sources, what-if amendments of norms |
| `mandate.toml` | the resolution: conditions, ceilings, limits of sites, tasks, floors, handovers |
| `areas.csv` | people who can be harmed, and how much violence is expected |
| `sites.csv` | places where units can be based, and hospitals of partners |
| `units.csv` | units in place or on their way |
| `pledges.csv` | units promised: each comes only if the plan orders it |
| `budget.csv` | cash, receipts, limits and appropriations |
| `routes.csv` | travel times that someone measured; may be left out |
| `nodes.csv` | the futures planned for; left out, the plan has one future, month by month |
| `restrictions.csv` | sites lost, areas without consent, units grounded; may be left out |
| `risk.csv` | violence expected by month, where it differs from `areas.csv`; may be left out |
| `events.csv` | past events of violence; may be left out, or given as `events.parquet` |
| `hindsight_closures.csv`, `hindsight_violence.csv` | what came later, a yardstick in the report that no plan reads |

How to write the tables:

- UTF-8 text, commas between columns, a first line with the names of columns. Chinese names are understood.
- `yes` and `no`; days as `2027-06-30`; months as `2027-06`; a point before decimals and nothing between thousands.
- A list is split by `;`. A blank cell means: not given.
- `status` says how well a row is known: `verified` (read in its source), `recalled` (an unverified figure from
  practice) or `assumed` (then `note` gives the reason). What is not verified is flagged in every report.
- For a plan with a single future, delete `nodes.csv` and the rows of `risk.csv` that name one of its nodes.
- Delete the `hindsight` files of a mission that lies ahead.

# Data dictionary

"""
