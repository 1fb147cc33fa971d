"""What a report tells beside the made-up plan: for the tests of the report only."""

from __future__ import annotations

from bluehelm.reports.extras import (
    GapItem,
    NormUse,
    ReportExtras,
    Sensitivity,
    Theme,
    Yardstick,
    tell,
)


def example_extras() -> ReportExtras:
    """Return everything that the journey would hand in, made up."""
    return ReportExtras(
        yardsticks=(
            Yardstick(name="plan", title="This plan", protected_share=0.44, protected_deaths=291, cost_usd=5.2e8,
                      moves=6, sites_closed=("dune", "river", "market", "acacia"), hindsight_share_within_reach=0.61),
            Yardstick(name="proportional", title="Cut every site in proportion", protected_share=0.37,
                      protected_deaths=245, cost_usd=5.3e8, moves=14, sites_closed=("dune", "gate"),
                      hindsight_share_within_reach=0.52),
            Yardstick(name="least_violence", title="Close the sites with least past violence", protected_share=0.40,
                      protected_deaths=264, cost_usd=5.25e8, moves=9, sites_closed=("dune", "river"),
                      hindsight_share_within_reach=None),
        ),
        sensitivities=(
            Sensitivity(norm_key="protection_q", unit="share", value=0.5, low=0.3, high=0.7, status="assumed",
                        reason="No source gives it.", protected_share_low=0.31, protected_share_base=0.44,
                        protected_share_high=0.55, cost_low=5.19e8, cost_base=5.2e8, cost_high=5.22e8,
                        closures_changed_low=1, closures_changed_high=0,
                        sentence=tell("At {low} the plan keeps {site}.", low="0.3", site="Dune Wells")),
            Sensitivity(norm_key="road_speed_wet_km_per_hour", unit="km/h", value=12, low=6, high=20,
                        status="recalled", protected_share_low=0.42, protected_share_base=0.44,
                        protected_share_high=0.452, cost_low=5.2e8, cost_base=5.2e8, cost_high=5.2e8,
                        closures_changed_low=0, closures_changed_high=0),
        ),
        norms_used=(
            NormUse(key="protection_q", unit="share", value=0.5, status="assumed", source="planning assumption",
                    reason="No source gives it.", low=0.3, high=0.7),
            NormUse(key="road_speed_wet_km_per_hour", unit="km/h", value=12, status="recalled", source="practice"),
            NormUse(key="personnel_reimbursement_usd_per_person_month", unit="USD/person/month", value="1410",
                    status="verified", source="A/RES/68/281"),
        ),
        themes=(
            Theme(title="Protection of civilians", modelled="yes", sentence="Presence within reach of areas at risk."),
            Theme(title="Environment", modelled="no", sentence="Not in this version."),
        ),
        notes=("Figures of this example are made up.",),
        gap_list=(
            GapItem(what="Utility helicopter unit", where="South Town", first_month="2017-05", amount=1,
                    unit="unit", buys="2.1 more percent of expected harm protected"),
        ),
        closure_reasons={"dune": "No area in its reach has seen violence for two years."},
    )  # fmt: skip
