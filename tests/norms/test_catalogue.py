from __future__ import annotations

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluehelm.errors import BluehelmError, InvalidRecordError
from bluehelm.norms import load_norms
from bluehelm.norms.catalogue import read_mission_models, read_task_kinds, read_themes, read_unit_types
from bluehelm.norms.norms import VALUES_DIR

KINDS = tuple(load_norms().task_kinds())
# These rows of the facts stand under another name: a block of the plan, not one person or an older standard.
RENAMED = {
    "formed_police_unit_2005_standard": "formed_police_unit",
    "individual_police_officer": "individual_police_team",
    "military_observer_team_site": "military_observer_team",
}


def told_by(read):
    """Return what an error of ours says, or None; any other error passes and fails the test."""
    try:
        read()
    except BluehelmError as fault:
        return str(fault)
    return None


READERS = {
    "unit_types": lambda text: read_unit_types(text, "x.toml", KINDS),
    "task_kinds": lambda text: read_task_kinds(text, "x.toml"),
    "mission_models": lambda text: read_mission_models(text, "x.toml", KINDS),
    "themes": lambda text: read_themes(text, "x.toml"),
}


def test_every_kind_of_task_can_be_answered_by_some_unit_type():
    norms = load_norms()
    for kind in norms.task_kinds().values():
        units = norms.unit_types().values()
        if kind.answered_by == "presence":
            assert any(unit.presence_share == 1 for unit in units)
            assert kind.demand_hours_per_zone_month == 0
        else:
            assert max(unit.effort_share.get(kind.kind, 0) for unit in units) == 1, kind.kind
            assert kind.demand_hours_per_zone_month > 0


def test_presence_is_answered_by_presence_and_never_by_hours():
    norms = load_norms()
    presence = {kind.kind for kind in norms.task_kinds().values() if kind.answered_by == "presence"}
    assert presence == {"protection_of_civilians"}
    assert not any(presence & set(unit.effort_share) for unit in norms.unit_types().values())


def test_formed_police_are_paid_as_contingents_and_those_who_come_one_by_one_are_not():
    norms = load_norms()
    groups = {name: norms.norm(f"paid_as.{name}").entries[0].value for name in norms.unit_types()}
    assert groups["formed_police_unit"] == "contingent"
    assert groups["individual_police_team"] == groups["military_observer_team"] == "individual"
    for unit in norms.unit_types().values():
        assert (groups[unit.unit_type] == "civilian") == (unit.component == "civilian")


def test_care_and_lift_are_where_they_should_be():
    units = load_norms().unit_types()
    assert units["level_1_clinic"].medical_level == 1
    assert units["level_2_hospital"].medical_level == 2
    assert units["level_3_hospital"].medical_level == 3
    assert [name for name, unit in units.items() if unit.casualty_lift] == ["utility_helicopter_unit"]
    assert units["telemedicine_team"].medical_level == 0


def test_only_a_verified_name_stands_as_a_model_of_the_study():
    models = load_norms().mission_models()
    named = [model.title for model in models.values() if model.name_status == "model of the study"]
    assert named == ["Maritime security", "Cybersecurity", "Humanitarian protection"]
    assert all(model.status == "verified" for model in models.values() if model.title in named)
    assert len(models) == 27
    text = (VALUES_DIR / "mission_models.toml").read_text(encoding="utf-8")
    with pytest.raises(InvalidRecordError, match="one of task family was expected"):
        READERS["mission_models"](text.replace('"task family"', '"model of the study"'))


def test_themes_say_what_this_version_does_not_do():
    themes = load_norms().themes()
    assert {theme.document for theme in themes.values()} == {"berlin", "concept_note"}
    assert themes["conduct_and_accountability"].modelled == "no"
    assert themes["environment_and_energy"].modelled == "no"
    assert themes["women_in_peacekeeping"].modelled == "no"
    assert all(theme.sentence.endswith(".") for theme in themes.values())


@pytest.mark.parametrize(
    ("catalogue", "old", "new", "told"),
    [
        ("unit_types", 'component = "military"', 'component = "militry"', "Nearest name: 'military'"),
        ("unit_types", "humanitarian_escort = 1.0", "humanitarian_escrt = 1.0", "Nearest name: 'humanitarian_escort'"),
        ("unit_types", "humanitarian_escort = 1.0", "humanitarian_escort = 1.5", "a number from 0 to 1"),
        ("unit_types", "presence_share = [0.8, 1.0, 1.0]", "presence_share = [0.8, 1.0]", "a number from 0 to 1"),
        ("unit_types", "presence_share = [0.8, 1.0, 1.0]", "presence_share = [1.0, 0.8, 1.0]", "low <= value <= high"),
        ("unit_types", "medical_level = 1", "medical_level = 5", "one of 0, 1, 2, 3, 4 was expected"),
        ("unit_types", "guards = true", "guards = 1", "true or false"),
        ("unit_types", "mobility", "mobilty", "has no 'mobility'"),
        ("task_kinds", '"effort"', '"hours"', "one of presence, effort was expected"),
        ("task_kinds", "title", "titel", "has no 'title'"),
        ("mission_models", '"protection_of_civilians"', '"protection_of_civilian"', "'protection_of_civilians'"),
        ("themes", '"partly"', '"party"', "Nearest name: 'partly'"),
    ],
)
def test_a_slip_in_a_catalogue_is_told_with_its_place(catalogue, old, new, told):
    text = (VALUES_DIR / f"{catalogue}.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(InvalidRecordError) as fault:
        READERS[catalogue](text.replace(old, new, 1))
    assert told in str(fault.value)


@given(st.sampled_from(sorted(READERS)), st.data())
def test_a_catalogue_with_a_part_cut_out_never_breaks_the_reader(catalogue, data):
    text = (VALUES_DIR / f"{catalogue}.toml").read_text(encoding="utf-8")[:4000]
    text = text[: text.rindex("\n[")]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    broken = text[:start] + data.draw(st.text(max_size=3)) + text[end:]
    assert told_by(lambda: READERS[catalogue](broken)) != ""


@pytest.mark.real_data
def test_unit_types_of_the_facts_are_all_here_with_their_strength(shared):
    units = load_norms().unit_types()
    with (shared / "facts" / "unit_types.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            name = RENAMED.get(row["unit_type"], row["unit_type"])
            assert name in units, name
            if name == row["unit_type"]:
                assert units[name].strength_persons == int(row["strength_typical"]), name
                assert units[name].status == row["status"], name
