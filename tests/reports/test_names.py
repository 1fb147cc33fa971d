from __future__ import annotations

from bluehelm.reports.extras import NormUse, ReportExtras
from bluehelm.reports.names import counted, with_unit
from bluehelm.reports.numbers import together
from bluehelm.words import speaking


def test_one_is_told_in_the_singular() -> None:
    assert (counted("1", "base"), counted("12", "base")) == ("1 base", "12 bases")
    assert (counted("1", "units"), counted("3", "units")) == ("1 unit", "3 units")
    with speaking("zh"):
        assert (counted("1", "units"), counted("3", "units")) == ("1支部队", "3支部队")


def test_a_share_stands_without_a_unit_and_anything_else_with_one() -> None:
    assert (with_unit(0.6, "share"), with_unit("3900", "USD/month")) == ("0.6", "3,900 USD/month")
    assert (with_unit(1, "month"), with_unit(10, "day")) == ("1 month", "10 days")


def test_a_pay_group_is_told_in_the_language_of_the_reader() -> None:
    assert with_unit("contingent", "pay group") == "paid as a contingent"
    with speaking("zh"):
        assert with_unit("contingent", "pay group") == "按特遣队支付"


def test_sentences_stand_side_by_side_as_the_language_sets_them() -> None:
    assert together("One.", "", "Two.", "Three.") == "One. Two. Three."
    with speaking("zh"):
        assert together("一。", "二。") == "一。二。"


def test_a_norm_is_told_by_its_meaning_with_the_part_that_its_key_adds() -> None:
    norms = (
        NormUse(key="hours.engineer_team", unit="hour", value=1, status="assumed", source="", meaning="Hours a month"),
        NormUse(key="run.base", unit="USD", value=1, status="assumed", source="", meaning="Running one base"),
    )
    extras = ReportExtras(norms_used=norms)
    assert extras.meaning_of("hours.engineer_team") == "Hours a month (Engineer team)"
    assert extras.meaning_of("run.base") == "Running one base"
    assert extras.meaning_of("unheard_of") == ""
