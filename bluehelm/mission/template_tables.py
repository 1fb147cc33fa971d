"""The tables of the template: an invented mission of two zones, small enough to be read in one go."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, str] = {
    "areas.csv": """\
area_id,name,zone,latitude_deg,longitude_deg,population_persons,fatalities_per_month,source,status,note
adiri,Adiri town,west,13.45,22.45,120000,1.5,invented,assumed,the largest town
bela,Bela and its camp,west,13.15,22.95,60000,2.8,invented,assumed,a camp near a front line
caro,Caro valley,west,12.75,22.6,25000,0.9,invented,assumed,farms along a herding route
dumat,Dumat town,east,13.6,25.3,90000,1.1,invented,assumed,a market town
enara,Enara hills,east,13.05,25.1,30000,3.4,invented,assumed,fighting between armed groups
foro,Foro wells,east,12.8,25.7,15000,0.6,invented,assumed,wells that herders and farmers share
""",
    "sites.csv": """\
site_id,name,kind,zone,latitude_deg,longitude_deg,open_at_start,may_close,source,status,opens_from,capacity_persons,\
airfield,hospital_level,note
adiri_hq,Mission headquarters Adiri,mission_headquarters,west,13.46,22.47,yes,no,invented,assumed,,900,yes,0,stays open
bela_base,Company base Bela,company_base,west,13.14,22.93,yes,yes,invented,assumed,,400,no,0,beside the camp
dumat_hq,Sector headquarters Dumat,sector_headquarters,east,13.61,25.31,yes,no,invented,assumed,,600,yes,0,stays open
enara_base,Company base Enara,company_base,east,13.03,25.12,yes,yes,invented,assumed,,300,no,0,in the hills
foro_base,Temporary base Foro,temporary_base,east,12.81,25.68,no,yes,invented,assumed,2027-03,,no,0,may be opened
dumat_hospital,State hospital Dumat,partner_hospital,east,13.62,25.33,yes,no,invented,assumed,,,no,2,takes casualties
""",
    "units.csv": """\
unit_id,unit_type,contributor,site_id,persons,source,status,arrives,only_zones,not_tasks,may_move,may_leave,note
inf-1,infantry_company,Country A,adiri_hq,180,invented,assumed,,,,yes,yes,first company
inf-2,infantry_company,Country A,bela_base,180,invented,assumed,,,,yes,yes,second company
inf-3,infantry_company,Country B,dumat_hq,180,invented,assumed,,east,,yes,yes,caveat: it serves in the east only
inf-4,infantry_company,Country B,enara_base,180,invented,assumed,,east,,yes,yes,as above
heli-1,utility_helicopter_unit,Country C,adiri_hq,110,invented,assumed,,,,yes,no,the only aircraft
hosp-1,level_2_hospital,Country D,adiri_hq,57,invented,assumed,,,,no,no,serves the whole mission
fpu-1,formed_police_unit,Country E,adiri_hq,140,invented,assumed,,,,yes,yes,guards the camp by day
fpu-2,formed_police_unit,Country E,dumat_hq,140,invented,assumed,2027-02,,,yes,yes,on its way
med-1,mediation_team,,dumat_hq,8,invented,assumed,,,,yes,yes,civilian staff
mon-1,ceasefire_monitoring_team,Country F,dumat_hq,12,invented,assumed,,,protection_of_civilians,yes,yes,unarmed
""",
    "pledges.csv": """\
pledge_id,unit_type,contributor,persons,readiness_level,available_from,expires_on,source,status,only_zones,not_tasks,\
may_move,note
pledge-1,infantry_company,Country G,180,rapid,2027-01,2027-12-31,invented,assumed,,,yes,ready within weeks
pledge-2,mediation_team,,8,3,2027-02,2027-12-31,invented,assumed,east,,yes,a second team of mediators
""",
    "budget.csv": """\
kind,first_month,last_month,amount_usd,source,status,when,note
opening_cash,2027-01,2027-01,12000000,invented,assumed,,on the day before the first month
receipt,2027-01,2027-12,7500000,invented,assumed,,each month
borrowing_limit,2027-01,2027-12,2000000,invented,assumed,,from other accounts
owed_limit,2027-01,2027-12,10000000,invented,assumed,,may stay owed to contributors
appropriation,2027-01,2027-06,60000000,invented,assumed,,second half of a fiscal year
appropriation,2027-07,2027-12,60000000,invented,assumed,,first half of the next fiscal year
receipt,2027-07,2027-12,200000,invented,assumed,ceasefire_holds,a donor pays while the ceasefire holds
""",
    "routes.csv": """\
from_site,to_place,mode,dry_hours,wet_hours,source,status,note
enara_base,enara,road,0.5,1.5,invented,assumed,a track along the hills
enara_base,foro,road,2.5,inf,invented,assumed,the ford is closed in the rains
""",
    "nodes.csv": """\
node_id,parent_id,first_month,months,probability,source,status,risk_scale,receipts_scale,conditions,note
now,,2027-01,3,1,invented,assumed,1,1,,what all futures share
calm,now,2027-04,3,0.6,invented,assumed,0.8,1,,the ceasefire is on its way
calm_later,calm,2027-07,6,1,invented,assumed,0.6,1,ceasefire_holds,the ceasefire holds
worse,now,2027-04,3,0.4,invented,assumed,1.5,0.85,,violence rises and money falls
worse_later,worse,2027-07,6,1,invented,assumed,1.8,0.85,,it stays so
""",
    "restrictions.csv": """\
kind,what,from_month,source,status,until_month,when,note
no_consent,foro,2027-10,invented,assumed,2027-12,,the host may bar patrols from the wells
grounded,air,2027-05,invented,assumed,2027-05,,a month of repairs
""",
    "risk.csv": """\
area_id,month,fatalities_per_month,source,status,node_id,note
caro,2027-06,2.5,invented,assumed,,herds pass through in June
caro,2027-07,2.5,invented,assumed,,as above
enara,2027-04,5.0,invented,assumed,worse,in one future only
""",
    "events.csv": """\
event_id,date,latitude_deg,longitude_deg,fatalities_best,fatalities_low,fatalities_high,fatalities_civilian,kind,place,\
place_precision,date_precision
e1,2026-03-14,13.05,25.11,6,4,9,3,non_state,Enara hills,2,1
e2,2026-07-02,13.16,22.94,3,3,3,3,one_sided,Bela camp,1,1
e3,2026-11-20,13.02,25.05,11,8,15,0,state_based,Enara hills,2,2
""",
    "hindsight_closures.csv": """\
site_id,deed,done_on,source,status,note
enara_base,closed,2027-11-30,invented,assumed,what the mission did in the end
""",
    "hindsight_violence.csv": """\
area_id,month,fatalities,source,status,note
enara,2027-02,4,invented,assumed,what came
bela,2027-05,2,invented,assumed,what came
""",
}
